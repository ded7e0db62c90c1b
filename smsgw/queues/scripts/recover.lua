-- ARGV: epoch, now. What an earlier process left: {leases, matches, replies, orphans}.
local refused = stale(ARGV[1])
if refused then return refused end
local leases, matches, replies, orphans = {}, {}, {}, {}
local left = call('HGETALL', P .. 'leased')
for n = 2, #left, 2 do
  local state, entry = cut(left[n])
  leases[#leases + 1] = { '', 0, '', entry, state }
end
local inbox = call('HGETALL', P .. 'inbox')
for n = 1, #inbox, 2 do
  local inbox_id, kept = inbox[n], inbox[n + 1]
  if kept:sub(1, 1) == 'i' then
    replies[#replies + 1] = { inbox_id, kept:sub(2) }
  else
    local found = match(inbox_id, cut(kept:sub(2)))
    if found[4] == '' then call('HDEL', P .. 'inbox', inbox_id) end
    matches[#matches + 1] = found
  end
end
for b = bucket, bucket - BASKETS + 1, -1 do
  local basket = call('HGETALL', P .. 'basket:' .. b)
  for n = 1, #basket, 2 do
    local _, body = cut(basket[n + 1])
    orphans[#orphans + 1] = { basket[n], body }
  end
end
return { leases, matches, replies, orphans }
