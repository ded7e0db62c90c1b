-- What each kind of settle does to messages and to carrier ids.
local cancelling = call('HLEN', P .. 'cancel') > 0
local was, dirty, buried = {}, {}, {}
local mapped, fresh_keys, unmapped, dropped_keys, applied = {}, {}, {}, {}, {}

local function map(id, carrier_ids)
  for _, named in ipairs(carrier_ids) do
    local key = named[1]
    mapped[key] = { id, named[2] }
    fresh_keys[#fresh_keys + 1] = key
  end
end

local function unmap(id, carrier_ids)
  for _, named in ipairs(carrier_ids) do
    local key = named[1]
    applied[#applied + 1] = key
    if mapped[key] and mapped[key][1] == id then
      mapped[key] = nil
      dropped_keys[#dropped_keys + 1] = key
    else
      unmapped[#unmapped + 1] = { key, id }
    end
  end
end

local function change(id, state)
  value[id] = join(state, rest_of(value[id]))
  dirty[id] = true
end

local function leave(id, tally, target, carrier_ids)
  local from = kind_of(id)
  if not from then return false end
  where[id] = false
  count(tally, from, -1)
  count(tally, target, 1)
  unmap(id, carrier_ids)
  return true
end

local settling = {}

function settling.progress(id, tally, state, carrier_ids)
  if where[id] ~= 'leased' then return end
  change(id, state)
  map(id, carrier_ids)
end

function settling.open(id, tally, state, carrier_ids)
  if where[id] ~= 'leased' then return end
  change(id, state)
  where[id] = bucket
  count(tally, 'leased', -1)
  count(tally, 'open', 1)
  map(id, carrier_ids)
end

function settling.update(id, tally, state)
  if kind_of(id) == 'open' then change(id, state) end
end

settling['end'] = function(id, tally, state, carrier_ids)
  if leave(id, tally, 'ended', carrier_ids) and cancelling then buried[#buried + 1] = id end
end

function settling.again(id, tally, state, carrier_ids, queue, entry, not_before, front)
  if not leave(id, tally, 'waiting', carrier_ids) then return end
  if not_before > now then
    wait_until(not_before, queue, entry)
  else
    push(front and 'LPUSH' or 'RPUSH', queue, { entry })
  end
end

local function begin_bucket()
  local known = open_buckets()
  for _, b in ipairs(known) do
    if b == bucket then return end
  end
  call('SADD', P .. 'opened', bucket)
  table.insert(known, bucket)
  table.sort(known, function(a, b) return a > b end)
end

local function key_of(place) return P .. (place == 'leased' and place or 'open:' .. place) end

local function keep_messages()
  local gone, kept = setmetatable({}, lists), setmetatable({}, lists)
  for id, before in pairs(was) do
    local place = where[id]
    if before and before ~= place then table.insert(gone[before], id) end
    if place and dirty[id] then
      local values = kept[place]
      values[#values + 1] = id
      values[#values + 1] = value[id]
    end
  end
  for place, ids in pairs(gone) do many('HDEL', key_of(place), ids) end
  for place, values in pairs(kept) do
    if place == bucket then begin_bucket() end
    many('HSET', key_of(place), values)
  end
end

-- A carrier id is only unmapped where it names the message that is done with it.
local function forget_places()
  local wanted = unmapped
  many('HDEL', P .. 'map:' .. bucket, dropped_keys)
  for _, key in ipairs(newest('map:', bucket, MAPS)) do
    if #wanted == 0 then return end
    local names, gone, rest = {}, {}, {}
    for n, one in ipairs(wanted) do names[n] = one[1] end
    local places = read('HMGET', key, names)
    for n, one in ipairs(wanted) do
      if places[n] and places[n]:match('^(.*)|') == one[2] then
        gone[#gone + 1] = one[1]
      else
        rest[#rest + 1] = one
      end
    end
    many('HDEL', key, gone)
    wanted = rest
  end
end

local function keep_places()
  local values = {}
  for key, place in pairs(mapped) do
    values[#values + 1] = key
    values[#values + 1] = place[1] .. '|' .. place[2]
  end
  if #values > 0 then
    many('HSET', P .. 'map:' .. bucket, values)
    call('EXPIRE', P .. 'map:' .. bucket, 5 * DAY)
  end
  if #applied > 0 then
    many('SADD', P .. 'applied:' .. ten, applied)
    call('EXPIRE', P .. 'applied:' .. ten, 3 * TEN_MINUTES)
  end
end

local function settle_all(settles)
  if #settles == 0 then return end
  local ids = {}
  for n, settle in ipairs(settles) do ids[n] = settle[2] end
  load_messages(ids)
  for _, id in ipairs(ids) do was[id] = where[id] end
  for _, settle in ipairs(settles) do
    local kind, id, tally, state, carrier_ids, queue, entry, not_before, front = unpack(settle)
    settling[kind](id, tally, state, carrier_ids, queue, entry, not_before, front)
  end
  keep_messages()
  forget_places()
  keep_places()
  many('HDEL', P .. 'cancel', buried)
end
