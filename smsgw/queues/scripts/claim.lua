-- A new epoch for ARGV[1], the node; every older one is refused from now on. A shard with
-- entries of another format (their header, smsgw.ports.Put) is not taken until it is empty.
local FORMAT = '2'

local function holds_entries()
  if call('HLEN', P .. 'leased') + call('ZCARD', P .. 'due') > 0 then return true end
  for _, queue in ipairs(call('SMEMBERS', P .. 'queues')) do
    if call('LLEN', P .. 'out:' .. queue) > 0 then return true end
  end
  for _, b in ipairs(call('SMEMBERS', P .. 'opened')) do
    if call('HLEN', P .. 'open:' .. b) > 0 then return true end
  end
  return false
end

local format = call('GET', P .. 'format') or '1'
if format ~= FORMAT then
  if holds_entries() then
    return redis.error_reply('FORMAT ' .. format .. ' of the entries is not ' .. FORMAT)
  end
  call('SET', P .. 'format', FORMAT)
end
call('SET', P .. 'node', ARGV[1])
call('DEL', P .. 'last')
return call('INCR', P .. 'epoch')
