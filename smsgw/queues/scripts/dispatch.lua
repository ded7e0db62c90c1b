-- ARGV: epoch, finished chunks (msgpack), now. A chunk that is not in its intake any
-- more was finished before and is passed over.
if not check_epoch(ARGV[1]) then return redis.error_reply('STALE epoch') end
local now = tonumber(ARGV[3])
for _, done in ipairs(cmsgpack.unpack(ARGV[2])) do
  local id, lane, puts, facts, ended, tally = unpack(done)
  if call('LREM', P .. 'intake:' .. lane, 1, id) == 1 then
    local messages = tonumber(call('HGET', P .. 'chunkcount', id) or '0')
    call('HINCRBY', P .. 'depth', lane, -messages)
    call('DECRBY', P .. 'backlog', messages)
    for _, put in ipairs(puts) do
      local queue, entries, not_before = unpack(put)
      if not_before > now then
        for _, entry in ipairs(entries) do wait_until(not_before, queue, entry) end
      elseif #entries > 0 then
        push(queue, entries, false)
      end
    end
    keep_facts(facts)
    if ended > 0 then
      count(tally, 'waiting', -ended)
      count(tally, 'ended', ended)
    end
    release_chunk(id)
  end
end
keep_counts()
return 'OK'
