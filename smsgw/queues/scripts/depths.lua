-- {depth by lane and due, out queues, leased, open, facts}.
local out, open = {}, 0
for _, queue in ipairs(call('SMEMBERS', P .. 'queues')) do
  out[#out + 1] = queue
  out[#out + 1] = call('LLEN', P .. 'out:' .. queue)
end
for _, b in ipairs(open_buckets()) do open = open + call('HLEN', P .. 'open:' .. b) end
return {
  call('HGETALL', P .. 'depth'), out, call('HLEN', P .. 'leased'), open, call('LLEN', P .. 'facts'),
}
