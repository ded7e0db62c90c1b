-- ARGV: a day (yyyymmdd). Drops the counters of accounts' days before it of whose
-- messages none is under way; how many. All that was accepted then must have ended.
local key, found, gone, dropped = P .. 'counts', {}, {}, 0
local flat = call('HGETALL', key)
for n = 1, #flat, 2 do
  local tally, day, what = flat[n]:match('^(.*|(%d+))|(%a+)$')
  if tally and day < ARGV[1] then
    found[tally] = found[tally] or {}
    found[tally][what] = tonumber(flat[n + 1])
  end
end
for tally, of in pairs(found) do
  if (of.accepted or 0) == (of.ended or 0) then
    dropped = dropped + 1
    for what in pairs(of) do gone[#gone + 1] = tally .. '|' .. what end
  end
end
many('HDEL', key, gone)
return dropped
