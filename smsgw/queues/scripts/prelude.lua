#!lua flags=allow-oom
-- What every script shares. KEYS[1] is the shard's tag, such as {s0}: all keys of a
-- shard are made from it, so they lie in one slot. Names and values: docs/queue.md.
local P = KEYS[1] .. ':'
local call = redis.call
local SIX_HOURS, TEN_MINUTES, DAY = 21600, 600, 86400
local BUCKETS = 13 -- of six hours: 72 h and the one under way

local tallies = {}
local function count(tally, what, by)
  local field = tally .. '|' .. what
  tallies[field] = (tallies[field] or 0) + by
end

local function keep_counts()
  for field, by in pairs(tallies) do
    if by ~= 0 then call('HINCRBY', P .. 'counts', field, by) end
  end
end

-- A string and what follows it, in one value.
local function join(head, rest)
  return struct.pack('>I2', #head) .. head .. rest
end

local function cut(value)
  local size = struct.unpack('>I2', value)
  return value:sub(3, 2 + size), value:sub(3 + size)
end

-- The array that an entry starts with: id, expires_at, tally, segments.
local function header(entry)
  local _, head = cmsgpack.unpack_one(entry, 0)
  return head
end

-- A chunk is kept until it is dispatched and recorded.
local function release_chunk(id)
  if call('HINCRBY', P .. 'chunkleft', id, -1) <= 0 then
    call('HDEL', P .. 'chunks', id)
    call('HDEL', P .. 'chunkleft', id)
    call('HDEL', P .. 'chunkcount', id)
  end
end

local function check_epoch(epoch)
  return tonumber(call('GET', P .. 'epoch') or '0') == tonumber(epoch)
end

local function keep_facts(body)
  if #body > 0 then call('RPUSH', P .. 'facts', 'f' .. body) end
end

local function push(queue, entries, front)
  call('SADD', P .. 'queues', queue)
  call(front and 'LPUSH' or 'RPUSH', P .. 'out:' .. queue, unpack(entries))
end

local function wait_until(due, queue, entry)
  call('ZADD', P .. 'due', due, 'm' .. join(queue, entry))
  call('HINCRBY', P .. 'depth', 'due', 1)
end
