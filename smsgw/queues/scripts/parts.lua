-- ARGV: pieces (msgpack: key, part, parts, body, note each), now. Per piece: its
-- message's bodies and notes in order when all are there, else nothing. A part that comes again with
-- another body begins a new message; the older one is left for its time to run out.
local answers = {}
for n, piece in ipairs(cmsgpack.unpack(ARGV[1])) do
  local key, part, parts, body, note = unpack(piece)
  local home = P .. 'parts:' .. key
  local known = call('HGET', home, part)
  if known and cut(known) ~= body then
    local aside = key .. '~' .. ARGV[2]
    call('RENAME', home, P .. 'parts:' .. aside)
    call('ZADD', P .. 'partial', call('ZSCORE', P .. 'partial', key), aside)
    call('ZREM', P .. 'partial', key)
    known = nil
  end
  call('HSET', home, part, join(body, note))
  if not known then call('ZADD', P .. 'partial', 'NX', ARGV[2], key) end
  answers[n] = {}
  if call('HLEN', home) == parts then
    for place = 1, parts do answers[n][place] = { cut(call('HGET', home, place)) } end
  end
end
return answers
