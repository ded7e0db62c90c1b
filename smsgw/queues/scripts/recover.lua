-- ARGV: epoch. What an earlier process left: {leases, matches, replies, orphans}.
if not check_epoch(ARGV[1]) then return redis.error_reply('STALE epoch') end
local leases, matches, replies, orphans = {}, {}, {}, {}
local left = call('HGETALL', P .. 'leased')
for n = 2, #left, 2 do
  local state, entry = cut(left[n])
  leases[#leases + 1] = { '', 0, '', entry, state }
end
local inbox = call('HGETALL', P .. 'inbox')
for n = 1, #inbox, 2 do
  local kept = inbox[n + 1]
  if kept:sub(1, 1) == 'i' then
    replies[#replies + 1] = { inbox[n], kept:sub(2) }
  else
    local key, body = cut(kept:sub(2))
    match(matches, inbox[n], key, body)
  end
end
for b = bucket, bucket - 1, -1 do
  local basket = call('HGETALL', P .. 'basket:' .. b)
  for n = 1, #basket, 2 do
    local _, body = cut(basket[n + 1])
    orphans[#orphans + 1] = { basket[n], body }
  end
end
return { leases, matches, replies, orphans }
