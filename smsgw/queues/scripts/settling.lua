-- What each kind of settle does to messages and to carrier ids. Settles come in waves;
-- in one wave a message has at most one, so that all of a kind are done together.
local cancelling = call('HLEN', P .. 'cancel') > 0
local tally_names, paying
local LEASED = P .. 'leased'
local fresh_keys, applied = {}, {}

-- Where messages are: the first of these keys that has each, and what it has.
local function find(ids, keys)
  local at, values, names, places = {}, {}, ids, nil
  for _, key in ipairs(keys) do
    if #names == 0 then break end
    local missing, left = {}, {}
    for n, found in ipairs(read('HMGET', key, names)) do
      local place = places and places[n] or n
      if found then
        at[place], values[place] = key, found
      else
        missing[#missing + 1], left[#left + 1] = names[n], place
      end
    end
    names, places = missing, left
  end
  return at, values
end

local function open_keys()
  local keys = {}
  for n, b in ipairs(open_buckets()) do keys[n] = P .. 'open:' .. b end
  return keys
end

-- All places, that of most messages that end first.
local function all_keys()
  local keys = open_keys()
  table.insert(keys, min(2, #keys + 1), LEASED)
  return keys
end

local function take_away(ids, at)
  local gone = setmetatable({}, lists)
  for n, id in ipairs(ids) do
    if at[n] then
      local some = gone[at[n]]
      some[#some + 1] = id
    end
  end
  for key, some in pairs(gone) do many('HDEL', key, some) end
end

-- States with their size before them, each before the entry that was kept with another.
local function with_states(ids, states, at, values)
  local kept = setmetatable({}, lists)
  for n, id in ipairs(ids) do
    if at[n] then
      local fields = kept[at[n]]
      local size = #fields
      fields[size + 1], fields[size + 2] = id, states[n] .. rest_of(values[n])
    end
  end
  return kept
end

local function move(at, tallies_of, target)
  for n, tally in ipairs(tallies_of) do
    if at[n] then
      local name = tally_names[tally]
      count(name, at[n] == LEASED and 'leased' or 'open', -1)
      count(name, target, 1)
    end
  end
end

-- Carrier ids up to ends[n] are the n-th message's and of those before.
local function map(ids, at, ends, keys, parts)
  local values, before, last = {}, 0, #fresh_keys
  for n, id in ipairs(ids) do
    if at[n] then
      for k = before + 1, ends[n] do
        local size = #values
        values[size + 1], values[size + 2] = keys[k], id .. '|' .. parts[k]
        last = last + 1
        fresh_keys[last] = keys[k]
      end
    end
    before = ends[n]
  end
  if #values > 0 then
    many('HSET', P .. 'map:' .. bucket, values)
    call('EXPIRE', P .. 'map:' .. bucket, 5 * DAY)
  end
end

-- A carrier id is only unmapped where it names the message that is done with it.
local function unmap(ids, at, ends, keys)
  local names, owners, before = {}, {}, 0
  for n, id in ipairs(ids) do
    if at[n] then
      for k = before + 1, ends[n] do
        local size = #names + 1
        names[size], owners[size] = keys[k], id
        applied[#applied + 1] = keys[k]
      end
    end
    before = ends[n]
  end
  for _, key in ipairs(newest('map:', bucket, MAPS)) do
    if #names == 0 then return end
    local gone, others, theirs = {}, {}, {}
    for n, place in ipairs(read('HMGET', key, names)) do
      local id = owners[n]
      if place and place:match('^(.*)|') == id then
        gone[#gone + 1] = names[n]
      else
        others[#others + 1], theirs[#theirs + 1] = names[n], id
      end
    end
    many('HDEL', key, gone)
    names, owners = others, theirs
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

local settling = {}

function settling.progress(ids, tallies_of, ends, keys, parts, states)
  local at, values = find(ids, { LEASED })
  for key, fields in pairs(with_states(ids, states, at, values)) do many('HSET', key, fields) end
  map(ids, at, ends, keys, parts)
end

function settling.open(ids, tallies_of, ends, keys, parts, states)
  local at, values = find(ids, { LEASED })
  for _, fields in pairs(with_states(ids, states, at, values)) do
    begin_bucket()
    many('HSET', P .. 'open:' .. bucket, fields)
  end
  take_away(ids, at)
  move(at, tallies_of, 'open')
  map(ids, at, ends, keys, parts)
end

function settling.update(ids, tallies_of, ends, keys, parts, states)
  local at, values = find(ids, open_keys())
  for key, fields in pairs(with_states(ids, states, at, values)) do many('HSET', key, fields) end
end

-- What ended costs what was spent; the rest of its price goes back.
local function settle_money(at, values, tallies_of, spent)
  if not next(paying) then return end
  for n in pairs(at) do
    local account = paying[tallies_of[n]]
    local price = account and price_in(values[n]) or 0
    if price > 0 then
      local costs = min(spent[n] or 0, price)
      pay(account, price - costs, -price, costs)
    end
  end
end

-- Tombstones of those that were found.
local function tombs(at)
  local keys = {}
  for n in pairs(at) do keys[n] = P .. 'cancel' end
  return keys
end

settling['end'] = function(ids, tallies_of, ends, keys, parts, states, spent)
  local at, values = find(ids, all_keys())
  take_away(ids, at)
  move(at, tallies_of, 'ended')
  settle_money(at, values, tallies_of, spent)
  unmap(ids, at, ends, keys)
  if cancelling then take_away(ids, tombs(at)) end
end

function settling.again(ids, tallies_of, ends, keys, parts, states, agains)
  local at, values = find(ids, all_keys())
  take_away(ids, at)
  move(at, tallies_of, 'waiting')
  unmap(ids, at, ends, keys)
  for n = 1, #ids do
    local queue, entry, not_before, front = unpack(agains, n * 4 - 3, n * 4)
    if at[n] then entry = with_price(entry, price_in(values[n])) end
    if at[n] and not_before > now then
      wait_until(not_before, queue, entry)
    elseif at[n] then
      push(front and 'LPUSH' or 'RPUSH', queue, { entry })
    end
  end
end

local function settle_all(names, waves)
  tally_names, paying = names, payers(names)
  for _, groups in ipairs(waves) do
    for _, group in ipairs(groups) do settling[group[1]](unpack(group, 2)) end
  end
  if #applied > 0 then
    many('SADD', P .. 'applied:' .. ten, applied)
    call('EXPIRE', P .. 'applied:' .. ten, 3 * TEN_MINUTES)
  end
end
