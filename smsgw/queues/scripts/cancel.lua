-- ARGV: ids (msgpack), now. Per id: stopped (its tombstone is in before any lease) or
-- too_late.
local answers = {}
for n, id in ipairs(cmsgpack.unpack(ARGV[1])) do
  if message_of(id, 0) then
    answers[n] = 'too_late'
  else
    call('HSETNX', P .. 'cancel', id, ARGV[2])
    answers[n] = 'stopped'
  end
end
return answers
