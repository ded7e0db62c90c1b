-- ARGV: ids (msgpack), now. Per id: stopped (its tombstone is in before any lease) or
-- too_late.
local answers = {}
for n, id in ipairs(cmsgpack.unpack(ARGV[1])) do
  if message_of(id, bucket - BUCKETS) then
    answers[n] = 'too_late'
  else
    call('HSET', P .. 'cancel', id, ARGV[2])
    answers[n] = 'stopped'
  end
end
return answers
