-- ARGV: admissions (msgpack), now, high-water mark. One answer per admission:
-- {kind, stored answer, {index, id, same, index, id, same ...}}.
local admissions = cmsgpack.unpack(ARGV[1])
local now, mark = tonumber(ARGV[2]), tonumber(ARGV[3])
local ten, day = math.floor(now / TEN_MINUTES), math.floor(now / DAY)
local half = math.floor(now / (3.5 * DAY))
local high = call('GET', P .. 'high') or ''
local backlog = tonumber(call('GET', P .. 'backlog') or '0')

local function seen(name, member)
  return call('SISMEMBER', P .. name .. ten, member) == 1
    or call('SISMEMBER', P .. name .. (ten - 1), member) == 1
end

local function remember(name, member)
  call('SADD', P .. name .. ten, member)
  call('EXPIRE', P .. name .. ten, 3 * TEN_MINUTES)
end

local function stored_answer(key)
  return call('HGET', P .. 'idem:' .. day, key)
    or call('HGET', P .. 'idem:' .. (day - 1), key)
end

local function known_refs(refs)
  if #refs == 0 then return {} end
  local names, known = {}, {}
  for n, ref in ipairs(refs) do names[n] = ref[1] end
  for back = 0, 2 do
    local key = P .. 'refs:' .. (half - back)
    if call('EXISTS', key) == 1 then
      for n, value in ipairs(call('HMGET', key, unpack(names))) do
        if value and not known[n] then known[n] = value end
      end
    end
  end
  local found = {}
  for n = 1, #refs do
    if known[n] then
      local id, content = cut(known[n])
      found[#found + 1] = n - 1
      found[#found + 1] = id
      found[#found + 1] = content == refs[n][3] and 1 or 0
    end
  end
  return found
end

local function keep_refs(refs)
  if #refs == 0 then return end
  local values = {}
  for _, ref in ipairs(refs) do
    values[#values + 1] = ref[1]
    values[#values + 1] = join(ref[2], ref[3])
  end
  call('HSET', P .. 'refs:' .. half, unpack(values))
  call('EXPIRE', P .. 'refs:' .. half, 14 * DAY)
end

local function keep_chunk(tally, chunk)
  local id, lane, messages, body, not_before = unpack(chunk)
  call('HSET', P .. 'chunks', id, body)
  call('HSET', P .. 'chunkleft', id, 2)
  call('HSET', P .. 'chunkcount', id, messages)
  call('RPUSH', P .. 'facts', 'c' .. id)
  if not_before > now then
    call('ZADD', P .. 'due', not_before, 'c' .. lane .. '|' .. id)
    call('HINCRBY', P .. 'depth', 'due', messages)
  else
    call('RPUSH', P .. 'intake:' .. lane, id)
    call('HINCRBY', P .. 'depth', lane, messages)
  end
  backlog = backlog + messages
  count(tally, 'accepted', messages)
  count(tally, 'waiting', messages)
end

local function admit(admission)
  local tally, chunks, high_id, nonce, key, hash, answer, refs = unpack(admission)
  if seen('taken:', high_id) then return { 'accepted' } end
  if nonce ~= '' and seen('nonce:', nonce) then return { 'nonce' } end
  local before = key ~= '' and stored_answer(key)
  if before then
    local old, kept = cut(before)
    if old == hash then return { 'replay', kept } end
    return { 'conflict' }
  end
  local found = known_refs(refs)
  if #found > 0 then return { 'known', '', found } end
  if #chunks > 0 and backlog >= mark then return { 'full' } end
  remember('taken:', high_id)
  if nonce ~= '' then remember('nonce:', nonce) end
  if key ~= '' then
    call('HSET', P .. 'idem:' .. day, key, join(hash, answer))
    call('EXPIRE', P .. 'idem:' .. day, 2 * DAY)
  end
  keep_refs(refs)
  for _, chunk in ipairs(chunks) do keep_chunk(tally, chunk) end
  if high_id > high then high = high_id end
  return { 'accepted' }
end

local answers = {}
for n, admission in ipairs(admissions) do answers[n] = admit(admission) end
call('SET', P .. 'high', high)
call('SET', P .. 'backlog', backlog)
keep_counts()
return answers
