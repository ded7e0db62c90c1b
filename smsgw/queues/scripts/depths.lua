-- {depth by lane and due, out queues, leased, open, facts}.
local out = {}
for _, queue in ipairs(call('SMEMBERS', P .. 'queues')) do
  out[#out + 1] = queue
  out[#out + 1] = call('LLEN', P .. 'out:' .. queue)
end
local open = 0
for b = bucket - 2 * BUCKETS, bucket do open = open + call('HLEN', P .. 'open:' .. b) end
return {
  call('HGETALL', P .. 'depth'), out, call('HLEN', P .. 'leased'), open, call('LLEN', P .. 'facts'),
}
