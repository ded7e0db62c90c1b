-- ARGV: epoch, now. What an earlier process left: {leases, matches, replies, orphans},
-- of five, seven, two and two values each.
local refused = stale(ARGV[1])
if refused then return refused end
local leases, matches, replies, orphans = {}, {}, {}, {}

local function add(list, ...)
  for n = 1, select('#', ...) do list[#list + 1] = select(n, ...) end
end

for n, one in ipairs(call('HGETALL', P .. 'leased')) do
  if n % 2 == 0 then
    local state, entry = cut(one)
    add(leases, '', 0, '', entry, state)
  end
end
local inbox, receipts, finished = call('HGETALL', P .. 'inbox'), {}, {}
for n = 1, #inbox, 2 do
  local inbox_id, kept = inbox[n], inbox[n + 1]
  if kept:sub(1, 1) == 'i' then
    add(replies, inbox_id, kept:sub(2))
  else
    receipts[#receipts + 1] = { inbox_id, cut(kept:sub(2)) }
  end
end
match(receipts, matches)
for n = 1, #matches, 7 do
  if matches[n + 3] == '' then finished[#finished + 1] = matches[n] end
end
many('HDEL', P .. 'inbox', finished)
for _, key in ipairs(newest('basket:', bucket, BASKETS)) do
  local basket = call('HGETALL', key)
  for n = 1, #basket, 2 do add(orphans, basket[n], rest_of(basket[n + 1])) end
end
return { leases, matches, replies, orphans }
