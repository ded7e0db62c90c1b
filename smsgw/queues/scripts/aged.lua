-- ARGV: epoch, count, before. {id, state, entry} of submitted messages in buckets that
-- ended before a time; they stay until they are settled.
local refused = stale(ARGV[1])
if refused then return refused end
local wanted, found = tonumber(ARGV[2]), {}
local old = open_buckets()
for n = #old, 1, -1 do
  local key = P .. 'open:' .. old[n]
  if old[n] >= bucket or #found >= wanted then break end
  local some = call('HRANDFIELD', key, wanted - #found, 'WITHVALUES')
  for i = 1, #some, 2 do found[#found + 1] = { some[i], cut(some[i + 1]) } end
  if #some == 0 then call('SREM', P .. 'opened', old[n]) end
end
return found
