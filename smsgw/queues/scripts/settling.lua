-- What each kind of settle does; maps carrier ids and takes them out again.
local mapped, fresh_keys, applied = {}, {}, {}
local cancelling = call('HLEN', P .. 'cancel') > 0

local function map(id, carrier_ids)
  for _, named in ipairs(carrier_ids) do
    mapped[named[1]] = id .. '|' .. named[2]
    fresh_keys[#fresh_keys + 1] = named[1]
  end
end

local function unmap(carrier_ids)
  for _, named in ipairs(carrier_ids) do
    local key = named[1]
    local pending = mapped[key]
    mapped[key] = nil
    applied[#applied + 1] = key
    for b = bucket, bucket - MAPS + 1, -1 do
      if call('HDEL', P .. 'map:' .. b, key) == 1 or pending then break end
    end
  end
end

local function keep_map()
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

local function take_out(id)
  if call('HDEL', P .. 'leased', id) == 1 then return 'leased' end
  for _, b in ipairs(open_buckets()) do
    if call('HDEL', P .. 'open:' .. b, id) == 1 then return 'open' end
  end
end

local function begin_bucket()
  local known = open_buckets()
  for _, b in ipairs(known) do
    if b == bucket then return end
  end
  call('SADD', P .. 'opened', bucket)
  known[#known + 1] = bucket
  table.sort(known, function(a, b) return a > b end)
end

local settling = {}

function settling.progress(id, tally, state, carrier_ids)
  local value = call('HGET', P .. 'leased', id)
  if not value then return end
  local _, entry = cut(value)
  call('HSET', P .. 'leased', id, join(state, entry))
  map(id, carrier_ids)
end

function settling.open(id, tally, state, carrier_ids)
  local value = call('HGET', P .. 'leased', id)
  if not value then return end
  local _, entry = cut(value)
  begin_bucket()
  call('HDEL', P .. 'leased', id)
  call('HSET', P .. 'open:' .. bucket, id, join(state, entry))
  count(tally, 'leased', -1)
  count(tally, 'open', 1)
  map(id, carrier_ids)
end

function settling.update(id, tally, state)
  for _, b in ipairs(open_buckets()) do
    local value = call('HGET', P .. 'open:' .. b, id)
    if value then
      local _, entry = cut(value)
      call('HSET', P .. 'open:' .. b, id, join(state, entry))
      return
    end
  end
end

settling['end'] = function(id, tally, state, carrier_ids)
  local from = take_out(id)
  if not from then return end
  count(tally, from, -1)
  count(tally, 'ended', 1)
  unmap(carrier_ids)
  if cancelling then call('HDEL', P .. 'cancel', id) end
end

function settling.again(id, tally, state, carrier_ids, queue, entry, not_before, front)
  local from = take_out(id)
  if not from then return end
  count(tally, from, -1)
  count(tally, 'waiting', 1)
  unmap(carrier_ids)
  if not_before > now then
    wait_until(not_before, queue, entry)
  else
    push(front and 'LPUSH' or 'RPUSH', queue, { entry })
  end
end
