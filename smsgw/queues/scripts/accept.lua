-- ARGV: admissions (msgpack), high-water mark, now. One answer per admission:
-- {kind, stored answer, {index, id, same, index, id, same ...}, index of a limit}.
local admissions = cmsgpack.unpack(ARGV[1])
local mark, now = tonumber(ARGV[2]), tonumber(ARGV[3])
local ten, day = floor(now / TEN_MINUTES), floor(now / DAY)
local half = floor(now / (3.5 * DAY))
local high = call('GET', P .. 'high') or ''
local before = high
local backlog = 0
for _, messages in ipairs(call('HVALS', P .. 'depth')) do backlog = backlog + messages end

-- What was there: members of `seen` (t high id, n nonce), answers by key, references.
local seen, answers, known = {}, {}, {}

local function load_seen(members)
  for back = 0, 1 do
    for n, is in ipairs(read('SMISMEMBER', P .. 'seen:' .. (ten - back), members)) do
      if is == 1 then seen[members[n]] = true end
    end
  end
end

local function load()
  local members, keys, names = {}, {}, {}
  for _, admission in ipairs(admissions) do
    members[#members + 1] = 't' .. admission[3]
    if admission[4] ~= '' then members[#members + 1] = 'n' .. admission[4] end
    if admission[5] ~= '' then keys[#keys + 1] = admission[5] end
    for _, ref in ipairs(admission[8]) do names[#names + 1] = ref[1] end
  end
  load_seen(members)
  look_up(newest('idem:', day, 2), keys, answers)
  look_up(newest('refs:', half, 3), names, known)
end

-- What is available in wallets and used of limits, read when it is first asked for.
local available = setmetatable({}, { __index = function(all, wallet)
  local units = tonumber(call('HGET', MONEY, wallet .. '|available') or '0')
  rawset(all, wallet, units)
  return units
end })

local used = setmetatable({}, { __index = function(all, name)
  local messages = tonumber(call('GET', P .. 'quota:' .. name) or '0')
  rawset(all, name, messages)
  return messages
end })

-- What is to be there: values for each command and key.
local put = setmetatable({}, lists)

local function put_pair(name, field, value)
  local values = put[name]
  values[#values + 1] = field
  values[#values + 1] = value
end

local function put_one(name, value) table.insert(put[name], value) end

local function keep_chunk(tally, chunk)
  local id, lane, messages, body, not_before = unpack(chunk)
  put_pair('chunks', id, body)
  put_pair('chunkuse', id, messages * 4 + 2)
  put_one('facts', 'c' .. id)
  if not_before > now then
    call('ZADD', P .. 'due', not_before, 'c' .. lane .. '|' .. id)
    deepen('due', messages)
  else
    put_one('intake:' .. lane, id)
    deepen(lane, messages)
  end
  backlog = backlog + messages
  count(tally, 'accepted', messages)
  count(tally, 'waiting', messages)
end

local function known_refs(refs)
  local found = {}
  for n, ref in ipairs(refs) do
    local value = known[ref[1]]
    if value then
      local id, content = cut(value)
      found[#found + 1] = n - 1
      found[#found + 1] = id
      found[#found + 1] = content == ref[3] and 1 or 0
    end
  end
  return found
end

local function exceeds(limits, messages)
  for n, limit in ipairs(limits) do
    if used[limit[1]] + messages > limit[2] then return n - 1 end
  end
end

local function messages_in(chunks)
  local messages = 0
  for _, chunk in ipairs(chunks) do messages = messages + chunk[3] end
  return messages
end

-- Too little money, or too many messages.
local function unaffordable(admission)
  local wallet, charge, least, limits = unpack(admission, 9)
  if not wallet then return end
  if wallet ~= '' and charge > 0 and available[wallet] - charge < least then return { 'funds' } end
  local messages = messages_in(admission[2])
  local limit = messages > 0 and exceeds(limits, messages)
  if limit then return { 'quota', '', {}, limit } end
end

local function refusal(chunks, nonce, key, hash, refs)
  if nonce ~= '' and seen['n' .. nonce] then return { 'nonce' } end
  local answered = key ~= '' and answers[key]
  if answered then
    local old, answer = cut(answered)
    return old == hash and { 'replay', answer } or { 'conflict' }
  end
  local found = known_refs(refs)
  if #found > 0 then return { 'known', '', found } end
  if #chunks > 0 and backlog >= mark then return { 'full' } end
end

local function remember(member)
  seen[member] = true
  put_one('seen:' .. ten, member)
end

local lifetimes = {}
local function charge(admission)
  local wallet, units, _, limits = unpack(admission, 9)
  if not wallet then return end
  if wallet ~= '' and units > 0 then
    available[wallet] = available[wallet] - units
    pay(wallet, -units, units, 0)
  end
  local messages = messages_in(admission[2])
  for _, limit in ipairs(limits) do
    used[limit[1]] = used[limit[1]] + messages
    lifetimes[limit[1]] = max(1, floor(limit[3]))
  end
end

-- A repeated call is known by its admissions' high ids and accepted again.
local function admit(admission)
  local tally, chunks, high_id, nonce, key, hash, answer, refs = unpack(admission)
  if seen['t' .. high_id] then return { 'accepted' } end
  local refused = refusal(chunks, nonce, key, hash, refs) or unaffordable(admission)
  if refused then return refused end
  remember('t' .. high_id)
  if nonce ~= '' then remember('n' .. nonce) end
  if key ~= '' then
    answers[key] = join(hash, answer)
    put_pair('idem:' .. day, key, answers[key])
  end
  for _, ref in ipairs(refs) do
    known[ref[1]] = join(ref[2], ref[3])
    put_pair('refs:' .. half, ref[1], known[ref[1]])
  end
  for _, chunk in ipairs(chunks) do keep_chunk(tally, chunk) end
  charge(admission)
  if high_id > high then high = high_id end
  return { 'accepted' }
end

local COMMANDS = { chunks = 'HSET', chunkuse = 'HSET', facts = 'RPUSH', seen = 'SADD',
  idem = 'HSET', refs = 'HSET', intake = 'RPUSH' }
local LIFETIMES = { seen = 3 * TEN_MINUTES, idem = 3 * DAY, refs = 14 * DAY }

local function store()
  for name, values in pairs(put) do
    local kind = name:match('^[^:]*')
    many(COMMANDS[kind], P .. name, values)
    if LIFETIMES[kind] then call('EXPIRE', P .. name, LIFETIMES[kind]) end
  end
  if high ~= before then call('SET', P .. 'high', high) end
  for name, seconds in pairs(lifetimes) do
    call('SET', P .. 'quota:' .. name, used[name], 'EX', seconds)
  end
  keep_counts()
  keep_money()
end

load()
local verdicts = {}
for n, admission in ipairs(admissions) do verdicts[n] = admit(admission) end
store()
return verdicts
