-- What every script shares. KEYS[1] is the shard's tag, such as {s0}: all keys of a
-- shard are made from it, so they lie in one slot. Names and values: docs/queue.md.
-- A script loads what it needs with few commands, decides, and stores with few.
-- Lua would look for garbage many times in one great step; its heap is small otherwise.
collectgarbage('setpause', 1000)
local P = KEYS[1] .. ':'
local call = redis.call
local floor, min, max = math.floor, math.min, math.max
local SIX_HOURS, TEN_MINUTES, DAY = 21600, 600, 86400
local MAPS = 14 -- buckets of six hours: 72 h, the one they began in, the one under way
local BASKETS = 20
local AT_ONCE = 2000 -- values that Lua's stack takes

local tallies = {}
local function count(tally, what, by)
  local found = tallies[tally]
  if not found then
    found = {}
    tallies[tally] = found
  end
  found[what] = (found[what] or 0) + by
end

local depths = {}
local function deepen(name, by) depths[name] = (depths[name] or 0) + by end

local function keep_counts()
  for tally, found in pairs(tallies) do
    for what, by in pairs(found) do
      if by ~= 0 then call('HINCRBY', P .. 'counts', tally .. '|' .. what, by) end
    end
  end
  for name, by in pairs(depths) do
    if by ~= 0 then call('HINCRBY', P .. 'depth', name, by) end
  end
end

-- One command with many values.
local function many(command, key, values)
  for n = 1, #values, AT_ONCE do
    call(command, key, unpack(values, n, min(n + AT_ONCE - 1, #values)))
  end
end

-- One value, or false, for each of many names.
local function read(command, key, names)
  if #names <= AT_ONCE then return #names > 0 and call(command, key, unpack(names)) or {} end
  local found = {}
  for n = 1, #names, AT_ONCE do
    local some = call(command, key, unpack(names, n, min(n + AT_ONCE - 1, #names)))
    for i = 1, #some do found[n + i - 1] = some[i] end
  end
  return found
end

-- Looks names up in hashes, the first key first; `found` gets those that are there.
local function look_up(keys, names, found)
  for _, key in ipairs(keys) do
    if #names == 0 then return end
    local missing, values = {}, read('HMGET', key, names)
    for n, name in ipairs(names) do
      if values[n] then
        found[name] = values[n]
      else
        missing[#missing + 1] = name
      end
    end
    names = missing
  end
end

-- Keys of `back` time buckets, the newest first.
local function newest(name, number, back)
  local keys = {}
  for n = 0, back - 1 do keys[n + 1] = P .. name .. (number - n) end
  return keys
end

-- A list of values by key, made when it is first asked for.
local lists = { __index = function(all, key)
  local list = {}
  rawset(all, key, list)
  return list
end }

-- A string and what follows it, in one value.
local function join(head, rest) return struct.pack('>I2', #head) .. head .. rest end

local function cut(value)
  local size = struct.unpack('>I2', value)
  return value:sub(3, 2 + size), value:sub(3 + size)
end

local function rest_of(value) return value:sub(3 + struct.unpack('>I2', value)) end

-- A chunk is kept until it is dispatched and recorded: its messages * 4 + uses left.
local function messages_of(chunk) return floor((call('HGET', P .. 'chunkuse', chunk) or 0) / 4) end

local function release_chunk(id)
  if call('HINCRBY', P .. 'chunkuse', id, -1) % 4 == 0 then
    call('HDEL', P .. 'chunks', id)
    call('HDEL', P .. 'chunkuse', id)
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
