-- ARGV: ids (msgpack), now. Per id: stopped (its tombstone is in before any lease) or
-- too_late.
local answers, ids = {}, cmsgpack.unpack(ARGV[1])
load_messages(ids)
for n, id in ipairs(ids) do
  if where[id] then
    answers[n] = 'too_late'
  else
    call('HSETNX', P .. 'cancel', id, ARGV[2])
    answers[n] = 'stopped'
  end
end
return answers
