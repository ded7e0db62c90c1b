-- ARGV: before, count. The messages begun before a time: key, then its
-- bodies and notes in order.
local found = {}
for n, key in ipairs(call('ZRANGEBYSCORE', P .. 'partial', '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])) do
  local flat, bodies = call('HGETALL', P .. 'parts:' .. key), {}
  for at = 1, #flat, 2 do bodies[#bodies + 1] = { tonumber(flat[at]), flat[at + 1] } end
  table.sort(bodies, function(a, b) return a[1] < b[1] end)
  found[n] = { key }
  for at, body in ipairs(bodies) do found[n][at + 1] = { cut(body[2]) } end
end
return found
