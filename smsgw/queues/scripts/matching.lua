-- Receipts and what they belong to. The time is the script's last argument.
local now = tonumber(ARGV[#ARGV])
local bucket = math.floor(now / SIX_HOURS)
local ten = math.floor(now / TEN_MINUTES)

local function place_of(key)
  for b = bucket, bucket - BUCKETS + 1, -1 do
    local place = call('HGET', P .. 'map:' .. b, key)
    if place then return place, b end
  end
end

local function message_of(id, since)
  local value = call('HGET', P .. 'leased', id)
  if value then return 'leased', value end
  for b = since, bucket do
    value = call('HGET', P .. 'open:' .. b, id)
    if value then return 'open', value end
  end
end

local function is_applied(key)
  return call('SISMEMBER', P .. 'applied:' .. ten, key) == 1
    or call('SISMEMBER', P .. 'applied:' .. (ten - 1), key) == 1
end

-- Adds to `matches` seven values: inbox id, kind, body, message, part, state, entry.
local function match(matches, inbox_id, key, body)
  local place, since = place_of(key)
  if place then
    local id, part = place:match('^(.*)|(%d+)$')
    local kind, value = message_of(id, since)
    if kind then
      local state, entry = cut(value)
      call('HSET', P .. 'inbox', inbox_id, 'r' .. join(key, body))
      matches[#matches + 1] = { inbox_id, kind, body, id, tonumber(part), state, entry }
      return
    end
  end
  call('HDEL', P .. 'inbox', inbox_id)
  if place or is_applied(key) then
    matches[#matches + 1] = { inbox_id, 'double', body, '', 0, '', '' }
    return
  end
  call('HSET', P .. 'basket:' .. bucket, key, join(inbox_id, body))
  call('EXPIRE', P .. 'basket:' .. bucket, 5 * DAY)
  matches[#matches + 1] = { inbox_id, 'orphan', body, '', 0, '', '' }
end
