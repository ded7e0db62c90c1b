-- ARGV: epoch, before, count. Submitted messages of buckets that ended before a time.
if not check_epoch(ARGV[1]) then return redis.error_reply('STALE epoch') end
local newest = math.floor(tonumber(ARGV[2]) / SIX_HOURS) - 1
local found, wanted = {}, tonumber(ARGV[3])
for b = newest - 2 * BUCKETS, newest do
  if #found < wanted and call('EXISTS', P .. 'open:' .. b) == 1 then
    local some = call('HRANDFIELD', P .. 'open:' .. b, wanted - #found, 'WITHVALUES')
    for n = 1, #some, 2 do
      local state, entry = cut(some[n + 1])
      found[#found + 1] = { some[n], state, entry }
    end
  end
end
return found
