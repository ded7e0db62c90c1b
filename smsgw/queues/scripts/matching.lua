-- Messages that are leased or submitted, and the receipts that belong to them; the
-- last of ARGV is now.
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

-- By id: 'leased', the number of an open bucket or false; state and entry, joined.
local where, value = {}, {}

local function load_from(place, key, ids)
  local missing, values = {}, read('HMGET', key, ids)
  for n, id in ipairs(ids) do
    if values[n] then
      where[id], value[id] = place, values[n]
    else
      missing[#missing + 1] = id
    end
  end
  return missing
end

local function load_messages(ids)
  local missing = {}
  for _, id in ipairs(ids) do
    if where[id] == nil then
      where[id] = false
      missing[#missing + 1] = id
    end
  end
  missing = load_from('leased', P .. 'leased', missing)
  for _, b in ipairs(open_buckets()) do
    if #missing == 0 then return end
    missing = load_from(b, P .. 'open:' .. b, missing)
  end
end

local function kind_of(id)
  local place = where[id]
  return place and (place == 'leased' and place or 'open')
end

local function load_places(receipts)
  local keys, ids, places = {}, {}, {}
  for n, receipt in ipairs(receipts) do keys[n] = receipt[2] end
  look_up(newest('map:', bucket, MAPS), keys, places)
  for key, place in pairs(places) do
    local id, part = place:match('^(.*)|(%d+)$')
    ids[#ids + 1] = id
    places[key] = { id, tonumber(part) }
  end
  load_messages(ids)
  return places
end

local function is_applied(key)
  return call('SISMEMBER', P .. 'applied:' .. ten, key) == 1
    or call('SISMEMBER', P .. 'applied:' .. (ten - 1), key) == 1
end

-- Keeps receipts {inbox id, key, body} in the inbox or the basket and adds a match for
-- each, seven values: inbox id, kind, body, message, part, state, entry.
local function match(receipts, matches)
  local places, inbox, basket = load_places(receipts), {}, {}
  local function tell(...)
    local at = #matches
    for n = 1, 7 do matches[at + n] = select(n, ...) end
  end
  for _, receipt in ipairs(receipts) do
    local inbox_id, key, body = receipt[1], receipt[2], receipt[3]
    local place = places[key]
    local kind = place and kind_of(place[1])
    if kind then
      inbox[#inbox + 1] = inbox_id
      inbox[#inbox + 1] = 'r' .. join(key, body)
      tell(inbox_id, kind, body, place[1], place[2], cut(value[place[1]]))
    elseif is_applied(key) then
      tell(inbox_id, 'double', body, '', 0, '', '')
    else
      basket[#basket + 1] = key
      basket[#basket + 1] = join(inbox_id, body)
      tell(inbox_id, 'orphan', body, '', 0, '', '')
    end
  end
  many('HSET', P .. 'inbox', inbox)
  if #basket > 0 then
    many('HSET', P .. 'basket:' .. bucket, basket)
    call('EXPIRE', P .. 'basket:' .. bucket, 6 * DAY)
  end
end
