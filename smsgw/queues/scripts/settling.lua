-- What each kind of settle does to messages and to carrier ids.
local cancelling = call('HLEN', P .. 'cancel') > 0
local was, dirty, buried = {}, {}, {}
local mapped, owner, fresh_keys, unmapped, dropped_keys, applied = {}, {}, {}, {}, {}, {}

-- The columns of the settles, one row per message; those of carrier ids up to ends[n]
-- are the n-th row's and of the rows before. A state comes with its size before it.
local kinds, ids, tally_names, states, ends, keys, parts, agains

local function map(id, first, final)
  for n = first, final do
    local key = keys[n]
    mapped[key] = id .. '|' .. parts[n]
    owner[key] = id
    fresh_keys[#fresh_keys + 1] = key
  end
end

local function unmap(id, first, final)
  for n = first, final do
    local key = keys[n]
    applied[#applied + 1] = key
    if owner[key] == id then
      mapped[key], owner[key] = nil, nil
      dropped_keys[#dropped_keys + 1] = key
    else
      unmapped[#unmapped + 1] = { key, id }
    end
  end
end

local function change(id, state)
  value[id] = state .. rest_of(value[id])
  dirty[id] = true
end

local function leave(id, tally, target, first, final)
  local from = kind_of(id)
  if not from then return false end
  where[id] = false
  count(tally, from, -1)
  count(tally, target, 1)
  unmap(id, first, final)
  return true
end

local settling = {}

function settling.progress(id, tally, state, first, final)
  if where[id] ~= 'leased' then return end
  change(id, state)
  map(id, first, final)
end

function settling.open(id, tally, state, first, final)
  if where[id] ~= 'leased' then return end
  change(id, state)
  where[id] = bucket
  count(tally, 'leased', -1)
  count(tally, 'open', 1)
  map(id, first, final)
end

function settling.update(id, tally, state)
  if kind_of(id) == 'open' then change(id, state) end
end

settling['end'] = function(id, tally, state, first, final)
  if leave(id, tally, 'ended', first, final) and cancelling then buried[#buried + 1] = id end
end

local agained = 0

function settling.again(id, tally, state, first, final)
  local queue, entry, not_before, front = unpack(agains, agained + 1, agained + 4)
  agained = agained + 4
  if not leave(id, tally, 'waiting', first, final) then return end
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
    values[#values + 1] = place
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

local function settle_all(columns)
  kinds, ids, tally_names, states, ends, keys, parts, agains = unpack(columns)
  if #ids == 0 then return end
  load_messages(ids)
  for _, id in ipairs(ids) do was[id] = where[id] end
  local before = 0
  for n, id in ipairs(ids) do
    settling[kinds[n]](id, tally_names[n], states[n], before + 1, ends[n])
    before = ends[n]
  end
  keep_messages()
  forget_places()
  keep_places()
  many('HDEL', P .. 'cancel', buried)
end
