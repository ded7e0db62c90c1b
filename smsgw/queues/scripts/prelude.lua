-- What every script shares. KEYS[1] is the shard's tag, such as {s0}: all keys of a
-- shard are made from it, so they lie in one slot. Names and values: docs/queue.md.
local P = KEYS[1] .. ':'
local call = redis.call
local floor, min, max = math.floor, math.min, math.max
local SIX_HOURS, TEN_MINUTES, DAY = 21600, 600, 86400
local MAPS = 14 -- buckets of six hours: 72 h, the one they began in, the one under way
local BASKETS = 20

local tallies = {}
local function count(tally, what, by)
  local field = tally .. '|' .. what
  tallies[field] = (tallies[field] or 0) + by
end

local depths = {}
local function deepen(name, by) depths[name] = (depths[name] or 0) + by end

local function keep_counts()
  for field, by in pairs(tallies) do
    if by ~= 0 then call('HINCRBY', P .. 'counts', field, by) end
  end
  for field, by in pairs(depths) do
    if by ~= 0 then call('HINCRBY', P .. 'depth', field, by) end
  end
end

-- One command with many values, as many calls as Lua's stack asks for.
local function many(command, key, values)
  for n = 1, #values, 2000 do
    call(command, key, unpack(values, n, min(n + 1999, #values)))
  end
end

-- A string and what follows it, in one value.
local function join(head, rest) return struct.pack('>I2', #head) .. head .. rest end

local function cut(value)
  local size = struct.unpack('>I2', value)
  return value:sub(3, 2 + size), value:sub(3 + size)
end

-- A chunk is kept until it is dispatched and recorded.
local function release_chunk(id)
  if call('HINCRBY', P .. 'chunkleft', id, -1) <= 0 then
    call('HDEL', P .. 'chunks', id)
    call('HDEL', P .. 'chunkleft', id)
    call('HDEL', P .. 'chunkcount', id)
  end
end

local function stale(epoch)
  if tonumber(call('GET', P .. 'epoch') or '0') ~= tonumber(epoch) then
    return redis.error_reply('STALE epoch')
  end
end

local function keep_facts(body)
  if #body > 0 then call('RPUSH', P .. 'facts', 'f' .. body) end
end

local known_queues = {}
local function push(command, queue, entries)
  if #entries == 0 then return end
  if not known_queues[queue] then
    call('SADD', P .. 'queues', queue)
    known_queues[queue] = true
  end
  many(command, P .. 'out:' .. queue, entries)
end

local function wait_until(due, queue, entry)
  call('ZADD', P .. 'due', due, 'm' .. queue .. '\0' .. entry)
  deepen('due', 1)
end
