-- ARGV: what goes up (msgpack), now. Answers {leases, matches, promoted}; a repeat of
-- the last number changes nothing and gets the same.
local epoch, number, settles, receipts, inbound, done, orphans, facts, wants =
  unpack(cmsgpack.unpack(ARGV[1]))
local refused = stale(epoch)
if refused then return refused end

local matches = {}

-- The same leases again: id, channel, upto, reason of each are remembered.
local function lease_again(told)
  local ids = {}
  for n = 1, #told, 4 do ids[#ids + 1] = told[n] end
  load_messages(ids)
  for n = 1, #told, 4 do
    local entry = rest_of(value[told[n]])
    for _, one in ipairs({ told[n + 1], told[n + 2], told[n + 3], entry, '' }) do
      leases[#leases + 1] = one
    end
  end
end

-- The same matches: inbox id, kind, id, part, and the body where the inbox has none.
local function match_again(told)
  for n = 1, #told, 5 do
    local inbox_id, kind, id, part, body = unpack(told, n, n + 4)
    local state, entry = '', ''
    if id ~= '' then
      load_messages({ id })
      state, entry = cut(value[id])
      body = rest_of(call('HGET', P .. 'inbox', inbox_id):sub(2))
    end
    for _, one in ipairs({ inbox_id, kind, body, id, part, state, entry }) do
      matches[#matches + 1] = one
    end
  end
end

local last = call('GET', P .. 'last')
if last then
  last = cmsgpack.unpack(last)
  if last[1] == number then
    lease_again(last[2])
    match_again(last[3])
    return { leases, matches, last[4] }
  end
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
  local claimed, seen = {}, {}
  if call('EXISTS', P .. 'basket:' .. bucket, P .. 'basket:' .. (bucket - 1)) == 0 then
    return claimed
  end
  for _, key in ipairs(fresh_keys) do
    local kept = not seen[key] and out_of_basket(key, 2)
    seen[key] = true
    if kept then
      local inbox_id, body = cut(kept)
      claimed[#claimed + 1] = { inbox_id, key, body }
    end
  end
  return claimed
end

-- For a repeat: what cannot be read from the stores again.
local function remember(promoted)
  local told = {}
  for n = 1, #matches, 7 do
    local id, at = matches[n + 3], #told
    told[at + 1], told[at + 2], told[at + 3] = matches[n], matches[n + 1], id
    told[at + 4], told[at + 5] = matches[n + 4], id == '' and matches[n + 2] or ''
  end
  call('SET', P .. 'last', cmsgpack.pack({ number, granted, told, promoted }))
end

settle_all(settles)
many('HDEL', P .. 'inbox', done)
for _, key in ipairs(orphans) do out_of_basket(key, BASKETS) end
match(claim_from_basket(), matches)
match(receipts, matches)
for _, reply in ipairs(inbound) do call('HSET', P .. 'inbox', reply[1], 'i' .. reply[2]) end
for _, body in ipairs(facts) do keep_facts(body) end
local promoted = promote()
for _, want in ipairs(wants) do grant(want) end
keep_counts()
remember(promoted)
return { leases, matches, promoted }
