-- ARGV: epoch, now. What an earlier process left: {states and entries of leases,
-- {inbox ids, what was kept, what was found}, replies, orphans}.
local refused = stale(ARGV[1])
if refused then return refused end
local inbox_ids, keys, kept, replies, orphans = {}, {}, {}, {}, {}

local inbox = call('HGETALL', P .. 'inbox')
for n = 1, #inbox, 2 do
  local inbox_id, one = inbox[n], inbox[n + 1]
  if one:sub(1, 1) == 'i' then
    replies[#replies + 1] = inbox_id
    replies[#replies + 1] = one:sub(2)
  else
    inbox_ids[#inbox_ids + 1] = inbox_id
    keys[#keys + 1] = cut(one:sub(2))
    kept[#kept + 1] = one
  end
end
local found, finished = match(inbox_ids, keys, kept), {}
for n, inbox_id in ipairs(inbox_ids) do
  if found[n * 3 - 1] == '' then finished[#finished + 1] = inbox_id end
end
many('HDEL', P .. 'inbox', finished)
for _, key in ipairs(newest('basket:', bucket, BASKETS)) do
  local basket = call('HGETALL', key)
  for n = 1, #basket, 2 do
    orphans[#orphans + 1] = basket[n]
    orphans[#orphans + 1] = rest_of(basket[n + 1])
  end
end
return { call('HVALS', P .. 'leased'), { inbox_ids, kept, found }, replies, orphans }
