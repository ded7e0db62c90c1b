-- ARGV: what goes up (msgpack), now. Answers {leases, matches, promoted}; a lease is
-- {channel, upto, reason, entry, state}. A repeat of the last number changes nothing.
local up = cmsgpack.unpack(ARGV[1])
local epoch, number, settles, receipts, inbound, done, orphans, facts, wants = unpack(up)
if not check_epoch(epoch) then return redis.error_reply('STALE epoch') end

local matches, leases = {}, {}

local function again_same(last)
  for _, lease in ipairs(last[2]) do
    local value = call('HGET', P .. 'leased', lease[1])
    if value then
      local state, entry = cut(value)
      leases[#leases + 1] = { lease[2], lease[3], lease[4], entry, '' }
    end
  end
  for _, inbox_id in ipairs(last[3]) do
    local kept = call('HGET', P .. 'inbox', inbox_id)
    if kept then
      local key, body = cut(kept:sub(2))
      match(matches, inbox_id, key, body)
    end
  end
  for _, lost in ipairs(last[4]) do
    matches[#matches + 1] = { lost[1], 'orphan', lost[2], '', 0, '', '' }
  end
  return { leases, matches, last[5] }
end

local last = call('GET', P .. 'last')
if last then
  last = cmsgpack.unpack(last)
  if last[1] == number then return again_same(last) end
end

local has_basket = call('EXISTS', P .. 'basket:' .. bucket, P .. 'basket:' .. (bucket - 1)) > 0

local function out_of_basket(key)
  for b = bucket, bucket - 1, -1 do
    local kept = call('HGET', P .. 'basket:' .. b, key)
    if kept then
      call('HDEL', P .. 'basket:' .. b, key)
      return kept
    end
  end
end

local function map(id, carrier_ids)
  for _, named in ipairs(carrier_ids) do
    call('HSET', P .. 'map:' .. bucket, named[1], id .. '|' .. named[2])
    local kept = has_basket and out_of_basket(named[1])
    if kept then
      local inbox_id, body = cut(kept)
      match(matches, inbox_id, named[1], body)
    end
  end
end

local function unmap(carrier_ids)
  for _, named in ipairs(carrier_ids) do
    for b = bucket, bucket - BUCKETS, -1 do
      if call('HDEL', P .. 'map:' .. b, named[1]) == 1 then break end
    end
    call('SADD', P .. 'applied:' .. ten, named[1])
  end
  if #carrier_ids > 0 then call('EXPIRE', P .. 'applied:' .. ten, 3 * TEN_MINUTES) end
end

local function take_out(id)
  if call('HDEL', P .. 'leased', id) == 1 then return 'leased' end
  for b = bucket, bucket - BUCKETS - 1, -1 do
    if call('HDEL', P .. 'open:' .. b, id) == 1 then return 'open' end
  end
end

local steps = {}

function steps.progress(id, tally, state, carrier_ids)
  local value = call('HGET', P .. 'leased', id)
  if not value then return end
  local _, entry = cut(value)
  call('HSET', P .. 'leased', id, join(state, entry))
  map(id, carrier_ids)
end

function steps.open(id, tally, state, carrier_ids)
  local value = call('HGET', P .. 'leased', id)
  if not value then return end
  local _, entry = cut(value)
  call('HDEL', P .. 'leased', id)
  call('HSET', P .. 'open:' .. bucket, id, join(state, entry))
  count(tally, 'leased', -1)
  count(tally, 'open', 1)
  map(id, carrier_ids)
end

function steps.update(id, tally, state, carrier_ids)
  for b = bucket, bucket - BUCKETS, -1 do
    local value = call('HGET', P .. 'open:' .. b, id)
    if value then
      local _, entry = cut(value)
      call('HSET', P .. 'open:' .. b, id, join(state, entry))
      return
    end
  end
end

steps['end'] = function(id, tally, state, carrier_ids)
  local from = take_out(id)
  if not from then return end
  count(tally, from, -1)
  count(tally, 'ended', 1)
  unmap(carrier_ids)
  call('HDEL', P .. 'cancel', id)
end

function steps.again(id, tally, state, carrier_ids, queue, entry, not_before, front)
  local from = take_out(id)
  if not from then return end
  count(tally, from, -1)
  count(tally, 'waiting', 1)
  unmap(carrier_ids)
  if not_before > now then
    wait_until(not_before, queue, entry)
  else
    push(queue, { entry }, front)
  end
end

local function promote()
  local due = call('ZRANGEBYSCORE', P .. 'due', '-inf', now, 'LIMIT', 0, 500)
  for _, member in ipairs(due) do
    local messages = 1
    if member:sub(1, 1) == 'c' then
      local lane, id = member:match('^c([^|]*)|(.*)$')
      messages = tonumber(call('HGET', P .. 'chunkcount', id) or '0')
      call('RPUSH', P .. 'intake:' .. lane, id)
      call('HINCRBY', P .. 'depth', lane, messages)
    else
      local queue, entry = cut(member:sub(2))
      push(queue, { entry }, false)
    end
    call('HINCRBY', P .. 'depth', 'due', -messages)
    call('ZREM', P .. 'due', member)
  end
  return #due
end

local cancelling = call('HLEN', P .. 'cancel') > 0
local granted = {}

-- One entry to a channel; the segments it uses up.
local function lease(channel, room, entry, fields)
  local id, expires, tally, segments = unpack(header(entry))
  local reason, upto = '', math.min(segments, room)
  if expires <= now then
    reason, upto = 'expired', 0
  elseif cancelling and call('HEXISTS', P .. 'cancel', id) == 1 then
    reason, upto = 'canceled', 0
  end
  local state = cmsgpack.pack({ channel, 1, upto, 0, false, {} })
  fields[#fields + 1] = id
  fields[#fields + 1] = join(state, entry)
  count(tally, 'waiting', -1)
  count(tally, 'leased', 1)
  leases[#leases + 1] = { channel, upto, reason, entry, '' }
  granted[#granted + 1] = { id, channel, upto, reason }
  return upto
end

local function grant(want)
  local channel, room, messages, queues, reserve, reserved = unpack(want)
  for n, queue in ipairs(queues) do
    local floor = n > reserved and reserve or 0
    while room > floor and messages > 0 do
      local most = math.min(room - floor, messages, 200)
      local entries = call('LPOP', P .. 'out:' .. queue, most)
      if not entries then break end
      local fields, back = {}, {}
      for _, entry in ipairs(entries) do
        if room > floor then
          room = room - lease(channel, room - floor, entry, fields)
          messages = messages - 1
        else
          table.insert(back, 1, entry)
        end
      end
      if #fields > 0 then call('HSET', P .. 'leased', unpack(fields)) end
      if #back > 0 then push(queue, back, true) end
    end
  end
end

for _, settle in ipairs(settles) do
  local kind, id, tally, state, carrier_ids, queue, entry, not_before, front = unpack(settle)
  steps[kind](id, tally, state, carrier_ids, queue, entry, not_before, front)
end
if #settles > 0 then call('EXPIRE', P .. 'map:' .. bucket, 5 * DAY) end
if #done > 0 then call('HDEL', P .. 'inbox', unpack(done)) end
for _, key in ipairs(orphans) do out_of_basket(key) end
for _, receipt in ipairs(receipts) do match(matches, receipt[1], receipt[2], receipt[3]) end
for _, reply in ipairs(inbound) do call('HSET', P .. 'inbox', reply[1], 'i' .. reply[2]) end
for _, body in ipairs(facts) do keep_facts(body) end
local promoted = promote()
for _, want in ipairs(wants) do grant(want) end
keep_counts()

local kept, lost = {}, {}
for _, one in ipairs(matches) do
  if one[2] == 'orphan' then
    lost[#lost + 1] = { one[1], one[3] }
  else
    kept[#kept + 1] = one[1]
  end
end
call('SET', P .. 'last', cmsgpack.pack({ number, granted, kept, lost, promoted }))
return { leases, matches, promoted }
