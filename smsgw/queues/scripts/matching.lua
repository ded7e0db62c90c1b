-- Receipts and what they belong to; the last of ARGV is now.
local now = tonumber(ARGV[#ARGV])
local bucket, ten = floor(now / SIX_HOURS), floor(now / TEN_MINUTES)

-- Numbers of the buckets that hold submitted messages, newest first.
local buckets
local function open_buckets()
  if not buckets then
    buckets = {}
    for n, b in ipairs(call('SMEMBERS', P .. 'opened')) do buckets[n] = tonumber(b) end
    table.sort(buckets, function(a, b) return a > b end)
  end
  return buckets
end

local function place_of(key)
  for b = bucket, bucket - MAPS + 1, -1 do
    local place = call('HGET', P .. 'map:' .. b, key)
    if place then return place, b end
  end
end

-- Where a message is (leased, open) and its state and entry, joined.
local function message_of(id, since)
  local value = call('HGET', P .. 'leased', id)
  if value then return 'leased', value end
  for _, b in ipairs(open_buckets()) do
    if b < since then return end
    value = call('HGET', P .. 'open:' .. b, id)
    if value then return 'open', value, b end
  end
end

local function is_applied(key)
  return call('SISMEMBER', P .. 'applied:' .. ten, key) == 1
    or call('SISMEMBER', P .. 'applied:' .. (ten - 1), key) == 1
end

-- Keeps a receipt in the inbox or the basket. A match is seven values: inbox id,
-- kind, body, message, part, state, entry.
local function match(inbox_id, key, body)
  local place, since = place_of(key)
  if place then
    local id, part = place:match('^(.*)|(%d+)$')
    local kind, value = message_of(id, since)
    if kind then
      local state, entry = cut(value)
      call('HSET', P .. 'inbox', inbox_id, 'r' .. join(key, body))
      return { inbox_id, kind, body, id, tonumber(part), state, entry }
    end
  end
  if is_applied(key) then return { inbox_id, 'double', body, '', 0, '', '' } end
  call('HSET', P .. 'basket:' .. bucket, key, join(inbox_id, body))
  call('EXPIRE', P .. 'basket:' .. bucket, 6 * DAY)
  return { inbox_id, 'orphan', body, '', 0, '', '' }
end
