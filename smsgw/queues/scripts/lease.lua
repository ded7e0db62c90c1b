-- ARGV: who, milliseconds, wishes (msgpack: names each, one of which is wanted). Answers
-- how many have something on lease now, then per wish {name, epoch}: one that is who's
-- already, else the first that is free; {} when others have them all. A lease that has run
-- out is still the same one if nobody else had it since.
local who, length = ARGV[1], tonumber(ARGV[2])
local time = call('TIME')
local now = time[1] * 1000 + floor(time[2] / 1000)
local HOME = P .. 'leases'
local leases, holders = {}, {}

local kept = call('HGETALL', HOME)
for n = 1, #kept, 2 do
  local upto, epoch, holder = kept[n + 1]:match('^(%d+)|(%d+)|(.*)$')
  leases[kept[n]] = { tonumber(upto), tonumber(epoch), holder }
end

local function take(name)
  local lease = leases[name] or { 0, 0, '' }
  if lease[3] ~= who then lease[2], lease[3] = lease[2] + 1, who end
  lease[1] = now + length
  leases[name] = lease
  call('HSET', HOME, name, string.format('%.0f|%.0f|%s', unpack(lease)))
  return { name, lease[2] }
end

local function granted(names)
  local free
  for _, name in ipairs(names) do
    local lease = leases[name]
    if lease and lease[3] == who then return take(name) end
    if not free and (not lease or lease[1] <= now) then free = name end
  end
  return free and take(free) or {}
end

local answers = { 0 }
for _, names in ipairs(cmsgpack.unpack(ARGV[3])) do answers[#answers + 1] = granted(names) end
for _, lease in pairs(leases) do
  if lease[1] > now and not holders[lease[3]] then
    holders[lease[3]] = true
    answers[1] = answers[1] + 1
  end
end
return answers
