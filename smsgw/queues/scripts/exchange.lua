-- ARGV: what goes up (msgpack), now. Answers {leases, matches, promoted}; a lease is
-- {channel, upto, reason, entry, state}. A repeat of the last number changes nothing.
local epoch, number, settles, receipts, inbound, done, orphans, facts, wants =
  unpack(cmsgpack.unpack(ARGV[1]))
local refused = stale(epoch)
if refused then return refused end

local matches = {}

-- The same answer again, read from where the first one put things.
local function answer_again(last)
  for n, one in ipairs(last[2]) do
    local value = call('HGET', P .. 'leased', one[1])
    if value then
      local _, entry = cut(value)
      leases[n] = { one[2], one[3], one[4], entry, '' }
    end
  end
  for n, one in ipairs(last[3]) do
    local inbox_id, kind, id, part, body = unpack(one)
    if id == '' then
      matches[n] = { inbox_id, kind, body, '', 0, '', '' }
    else
      local _, value = message_of(id, 0)
      local state, entry = cut(value)
      local _, kept = cut(call('HGET', P .. 'inbox', inbox_id):sub(2))
      matches[n] = { inbox_id, kind, kept, id, part, state, entry }
    end
  end
  return { leases, matches, last[4] }
end

local last = call('GET', P .. 'last')
if last then
  last = cmsgpack.unpack(last)
  if last[1] == number then return answer_again(last) end
end

local function out_of_basket(key, back)
  for b = bucket, bucket - back + 1, -1 do
    local kept = call('HGET', P .. 'basket:' .. b, key)
    if kept then
      call('HDEL', P .. 'basket:' .. b, key)
      return kept
    end
  end
end

-- Receipts that came before the carrier's answer to the submit.
local function claim_from_basket()
  if call('EXISTS', P .. 'basket:' .. bucket, P .. 'basket:' .. (bucket - 1)) == 0 then return end
  for _, key in ipairs(fresh_keys) do
    local kept = out_of_basket(key, 2)
    if kept then
      local inbox_id, body = cut(kept)
      matches[#matches + 1] = match(inbox_id, key, body)
    end
  end
end

-- For a repeat: what cannot be read from the stores again.
local function remember(promoted)
  local told = {}
  for n, one in ipairs(matches) do
    told[n] = { one[1], one[2], one[4], one[5], one[4] == '' and one[3] or '' }
  end
  call('SET', P .. 'last', cmsgpack.pack({ number, granted, told, promoted }))
end

for _, settle in ipairs(settles) do
  local kind, id, tally, state, carrier_ids, queue, entry, not_before, front = unpack(settle)
  settling[kind](id, tally, state, carrier_ids, queue, entry, not_before, front)
end
keep_map()
many('HDEL', P .. 'inbox', done)
for _, key in ipairs(orphans) do out_of_basket(key, BASKETS) end
claim_from_basket()
for _, receipt in ipairs(receipts) do
  matches[#matches + 1] = match(receipt[1], receipt[2], receipt[3])
end
for _, reply in ipairs(inbound) do call('HSET', P .. 'inbox', reply[1], 'i' .. reply[2]) end
for _, body in ipairs(facts) do keep_facts(body) end
local promoted = promote()
for _, want in ipairs(wants) do grant(want) end
keep_counts()
remember(promoted)
return { leases, matches, promoted }
