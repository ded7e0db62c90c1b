-- ARGV: what goes up (msgpack, in columns), facts (each as it is kept), now. Answers
-- {leases, claimed, found, promoted}; a repeat of the last number changes nothing and
-- gets the same.
local epoch, number, names, waves, receipts, inbound, done, orphans, wants, taken =
  unpack(cmsgpack.unpack(ARGV[1]))
local refused = stale(epoch)
if refused then return refused end

-- The same leases again; their entries were not remembered.
local function lease_again(told)
  for n, row in ipairs(told) do
    local channel, ids, uptos, reasons = unpack(row)
    local entries = read('HMGET', P .. 'leased', ids)
    for i, kept in ipairs(entries) do entries[i] = rest_of(kept) end
    leases[n] = { channel, entries, uptos, reasons }
  end
end

-- Kinds and places are remembered; states and entries are read again.
local function find_again(told)
  local again, ids = {}, {}
  for n = 2, #told, 2 do ids[#ids + 1] = told[n]:match('^(.*)|') end
  load_messages(ids)
  for n = 1, #told, 2 do
    local at, id = #again, told[n + 1]:match('^(.*)|')
    again[at + 1], again[at + 2], again[at + 3] = told[n], told[n + 1], id and value[id] or ''
  end
  return again
end

-- Two of three values each: without the message's state and entry.
local function without_values(found)
  local told = {}
  for n = 1, #found, 3 do
    told[#told + 1] = found[n]
    told[#told + 1] = found[n + 1]
  end
  return told
end

local last = call('GET', P .. 'last')
if last then
  last = cmsgpack.unpack(last)
  if last[1] == number then
    lease_again(last[2])
    local claimed = { last[3], last[4], find_again(last[5]) }
    return { leases, claimed, find_again(last[6]), last[7] }
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

-- Receipts that came before the carrier's answer to the submit: inbox ids, what was
-- kept, what was found.
local function claim_from_basket()
  local claimed, keys, seen = { {}, {}, {} }, {}, {}
  if call('EXISTS', P .. 'basket:' .. bucket, P .. 'basket:' .. (bucket - 1)) == 0 then
    return claimed
  end
  for _, key in ipairs(fresh_keys) do
    local kept = not seen[key] and out_of_basket(key, 2)
    seen[key] = true
    if kept then
      keys[#keys + 1] = key
      claimed[1][#keys], claimed[2][#keys] = cut(kept)
    end
  end
  claimed[3] = match(claimed[1], keys, claimed[2])
  return claimed
end

settle_all(names, waves)
many('HDEL', P .. 'inbox', done)
for _, key in ipairs(orphans) do out_of_basket(key, BASKETS) end
local claimed = claim_from_basket()
local found = match(unpack(receipts))
many('HSET', P .. 'inbox', inbound)
if #ARGV > 2 then call('RPUSH', P .. 'facts', unpack(ARGV, 2, #ARGV - 1)) end
local promoted = promote()
for _, want in ipairs(wants) do grant(want) end
for _, one in ipairs(taken) do
  local key = P .. 'taken:' .. one[1]
  call('HINCRBY', key, one[2], one[3])
  call('EXPIRE', key, 3 * DAY)
end
keep_moves()
keep_counts()
keep_money()
call('SET', P .. 'last', cmsgpack.pack({ number, granted, claimed[1], claimed[2],
  without_values(claimed[3]), without_values(found), promoted }))
return { leases, claimed, found, promoted }
