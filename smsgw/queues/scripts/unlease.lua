-- ARGV: who, names (msgpack). Gives back what is who's; epochs go on from where they are.
for _, name in ipairs(cmsgpack.unpack(ARGV[2])) do
  local epoch, holder = (call('HGET', P .. 'leases', name) or ''):match('^%d+|(%d+)|(.*)$')
  if holder == ARGV[1] then call('HSET', P .. 'leases', name, '0|' .. epoch .. '|') end
end
return 0
