-- ARGV: epoch, finished chunks (msgpack), now. A chunk that is not in its intake any
-- more was finished before and is passed over.
local refused = stale(ARGV[1])
if refused then return refused end
local now = tonumber(ARGV[3])

local function finish(id, lane, puts, facts, ended, tally, refund)
  deepen(lane, -messages_of(id))
  for _, put in ipairs(puts) do
    local queue, entries, not_before = unpack(put)
    if not_before > now then
      for _, entry in ipairs(entries) do wait_until(not_before, queue, entry) end
    else
      push('RPUSH', queue, entries)
    end
  end
  keep_facts(facts)
  if ended > 0 then
    count(tally, 'waiting', -ended)
    count(tally, 'ended', ended)
  end
  if refund > 0 then pay(account_of(tally), refund, -refund, 0) end
  release_chunk(id)
end

for _, done in ipairs(cmsgpack.unpack(ARGV[2])) do
  if call('LREM', P .. 'intake:' .. done[2], 1, done[1]) == 1 then finish(unpack(done)) end
end
keep_counts()
keep_money()
return 'OK'
