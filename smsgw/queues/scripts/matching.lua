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

-- Carrier ids' places, 'id|part', and their messages.
local function load_places(keys)
  local places, ids = {}, {}
  look_up(newest('map:', bucket, MAPS), keys, places)
  for key, place in pairs(places) do
    local id = place:match('^(.*)|')
    ids[key] = id
    ids[#ids + 1] = id
  end
  load_messages(ids)
  return places, ids
end

local function is_applied(key)
  return call('SISMEMBER', P .. 'applied:' .. ten, key) == 1
    or call('SISMEMBER', P .. 'applied:' .. (ten - 1), key) == 1
end

-- Keeps receipts in the inbox or the basket; three values each say what was found:
-- kind, place, and the message's state and entry.
local function match(inbox_ids, keys, kept)
  local places, ids = load_places(keys)
  local found, inbox, basket = {}, {}, {}
  for n, key in ipairs(keys) do
    local at, id = #found, ids[key]
    local kind = id and kind_of(id)
    if kind then
      inbox[#inbox + 1] = inbox_ids[n]
      inbox[#inbox + 1] = kept[n]
      found[at + 1], found[at + 2], found[at + 3] = kind, places[key], value[id]
    elseif is_applied(key) then
      found[at + 1], found[at + 2], found[at + 3] = 'double', '', ''
    else
      basket[#basket + 1] = key
      basket[#basket + 1] = join(inbox_ids[n], kept[n])
      found[at + 1], found[at + 2], found[at + 3] = 'orphan', '', ''
    end
  end
  many('HSET', P .. 'inbox', inbox)
  if #basket > 0 then
    many('HSET', P .. 'basket:' .. bucket, basket)
    call('EXPIRE', P .. 'basket:' .. bucket, 6 * DAY)
  end
  return found
end
