-- ARGV: admissions (msgpack), high-water mark, now. One answer per admission:
-- {kind, stored answer, {index, id, same, index, id, same ...}}.
local admissions = cmsgpack.unpack(ARGV[1])
local mark, now = tonumber(ARGV[2]), tonumber(ARGV[3])
local ten, day = floor(now / TEN_MINUTES), floor(now / DAY)
local half = floor(now / (3.5 * DAY))
local high = call('GET', P .. 'high') or ''
local before = high
local backlog = 0
for _, messages in ipairs(call('HVALS', P .. 'depth')) do backlog = backlog + messages end
local lifetimes = {}

local function seen(name, member)
  return call('SISMEMBER', P .. name .. ten, member) == 1
    or call('SISMEMBER', P .. name .. (ten - 1), member) == 1
end

local function remember(name, member)
  local key = P .. name .. ten
  call('SADD', key, member)
  lifetimes[key] = 3 * TEN_MINUTES
end

local function stored_answer(key)
  return call('HGET', P .. 'idem:' .. day, key) or call('HGET', P .. 'idem:' .. (day - 1), key)
end

local function look_up(refs, key, known)
  for n = 1, #refs, 2000 do
    local names = {}
    for i = n, min(n + 1999, #refs) do names[#names + 1] = refs[i][1] end
    for i, value in ipairs(call('HMGET', key, unpack(names))) do
      if value then known[n + i - 1] = known[n + i - 1] or value end
    end
  end
end

local function known_refs(refs)
  if #refs == 0 then return {} end
  local known, found = {}, {}
  for back = 0, 2 do
    local key = P .. 'refs:' .. (half - back)
    if call('EXISTS', key) == 1 then look_up(refs, key, known) end
  end
  for n, ref in ipairs(refs) do
    if known[n] then
      local id, content = cut(known[n])
      found[#found + 1] = n - 1
      found[#found + 1] = id
      found[#found + 1] = content == ref[3] and 1 or 0
    end
  end
  return found
end

local function keep_refs(refs)
  if #refs == 0 then return end
  local key, values = P .. 'refs:' .. half, {}
  for _, ref in ipairs(refs) do
    values[#values + 1] = ref[1]
    values[#values + 1] = join(ref[2], ref[3])
  end
  many('HSET', key, values)
  lifetimes[key] = 14 * DAY
end

local function keep_chunk(tally, chunk)
  local id, lane, messages, body, not_before = unpack(chunk)
  call('HSET', P .. 'chunks', id, body)
  call('HSET', P .. 'chunkleft', id, 2)
  call('HSET', P .. 'chunkcount', id, messages)
  call('RPUSH', P .. 'facts', 'c' .. id)
  if not_before > now then
    call('ZADD', P .. 'due', not_before, 'c' .. lane .. '|' .. id)
    deepen('due', messages)
  else
    call('RPUSH', P .. 'intake:' .. lane, id)
    deepen(lane, messages)
  end
  backlog = backlog + messages
  count(tally, 'accepted', messages)
  count(tally, 'waiting', messages)
end

local function refusal(chunks, nonce, key, hash, refs)
  if nonce ~= '' and seen('nonce:', nonce) then return { 'nonce' } end
  local answered = key ~= '' and stored_answer(key)
  if answered then
    local old, answer = cut(answered)
    return old == hash and { 'replay', answer } or { 'conflict' }
  end
  local found = known_refs(refs)
  if #found > 0 then return { 'known', '', found } end
  if #chunks > 0 and backlog >= mark then return { 'full' } end
end

-- A repeated call is known by its admissions' high ids and accepted again.
local function admit(admission)
  local tally, chunks, high_id, nonce, key, hash, answer, refs = unpack(admission)
  if seen('taken:', high_id) then return { 'accepted' } end
  local refused = refusal(chunks, nonce, key, hash, refs)
  if refused then return refused end
  remember('taken:', high_id)
  if nonce ~= '' then remember('nonce:', nonce) end
  if key ~= '' then
    call('HSET', P .. 'idem:' .. day, key, join(hash, answer))
    lifetimes[P .. 'idem:' .. day] = 3 * DAY
  end
  keep_refs(refs)
  for _, chunk in ipairs(chunks) do keep_chunk(tally, chunk) end
  if high_id > high then high = high_id end
  return { 'accepted' }
end

local answers = {}
for n, admission in ipairs(admissions) do answers[n] = admit(admission) end
if high ~= before then call('SET', P .. 'high', high) end
for key, seconds in pairs(lifetimes) do call('EXPIRE', key, seconds) end
keep_counts()
return answers
