-- ARGV: position. Facts before it are recorded; chunks that are dispatched too go.
local base = tonumber(call('GET', P .. 'facts_base') or '0')
local gone = math.min(tonumber(ARGV[1]) - base, call('LLEN', P .. 'facts'))
if gone <= 0 then return 0 end
for _, item in ipairs(call('LRANGE', P .. 'facts', 0, gone - 1)) do
  if item:sub(1, 1) == 'c' then release_chunk(item:sub(2)) end
end
call('LTRIM', P .. 'facts', gone, -1)
call('SET', P .. 'facts_base', base + gone)
return gone
