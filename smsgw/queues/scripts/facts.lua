-- ARGV: position, count. {true start, {kind, body}, ...}; a chunk is read through.
local base = tonumber(call('GET', P .. 'facts_base') or '0')
local from = math.max(tonumber(ARGV[1]), base)
local items = call('LRANGE', P .. 'facts', from - base, from - base + tonumber(ARGV[2]) - 1)
local found = { from }
for _, item in ipairs(items) do
  local rest = item:sub(2)
  if item:sub(1, 1) == 'c' then
    found[#found + 1] = { 'chunk', call('HGET', P .. 'chunks', rest) or '' }
  else
    found[#found + 1] = { 'facts', rest }
  end
end
return found
