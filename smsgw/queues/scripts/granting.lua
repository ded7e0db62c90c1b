-- What fell due goes where it belongs, and channels with room get messages.
local DUE, DROPPED, TAKEN = 500, 500, 200

local function promote()
  local due = call('ZRANGEBYSCORE', P .. 'due', '-inf', now, 'LIMIT', 0, DUE)
  local queues = setmetatable({}, lists)
  for _, member in ipairs(due) do
    local messages = 1
    if member:sub(1, 1) == 'c' then
      local lane, id = member:match('^c([^|]*)|(.*)$')
      messages = messages_of(id)
      call('RPUSH', P .. 'intake:' .. lane, id)
      deepen(lane, messages)
    else
      local at = member:find('\0', 1, true)
      table.insert(queues[member:sub(2, at - 1)], member:sub(at + 1))
    end
    deepen('due', -messages)
  end
  for queue, entries in pairs(queues) do push('RPUSH', queue, entries) end
  if #due > 0 then call('ZREMRANGEBYRANK', P .. 'due', 0, #due - 1) end
  return #due
end

-- What each want got: channel, entries, segments that may be used, and where one must
-- end instead its place and the reason. Remembered are ids, not entries.
local leases, granted, dropped = {}, {}, 0

local begun = setmetatable({}, lists)
local function new_state(channel, upto)
  local known = begun[channel]
  if not known[upto] then
    known[upto] = join(cmsgpack.pack({ channel, 1, upto, 0, false, {} }), '')
  end
  return known[upto]
end

local function reason_against(id, expires)
  if expires <= now then return 'expired' end
  if cancelling and call('HEXISTS', P .. 'cancel', id) == 1 then return 'canceled' end
end

local moved = {}
local function keep_moves()
  for tally, number in pairs(moved) do
    count(tally, 'waiting', -number)
    count(tally, 'leased', number)
  end
end

local function grant(want)
  local channel, room, messages, queues, reserve, reserved = unpack(want)
  local ids, all, uptos, reasons, total = {}, {}, {}, {}, 0
  local kept
  local function may_take() return room > kept and messages > 0 and dropped < DROPPED end

  -- One entry; its id, and what is kept of it.
  local function lease(entry)
    local _, expires, segments, _, id, tally = struct.unpack('>I2I4I2I4I2c0I2c0', entry)
    local reason = reason_against(id, expires)
    local upto = reason and 0 or min(segments, room - kept)
    total = total + 1
    ids[total], all[total], uptos[total] = id, entry, upto
    moved[tally] = (moved[tally] or 0) + 1
    if reason then
      dropped = dropped + 1
      reasons[#reasons + 1] = total
      reasons[#reasons + 1] = reason
    else
      room, messages = room - upto, messages - 1
    end
    return id, new_state(channel, upto) .. entry
  end

  for n, queue in ipairs(queues) do
    kept = n > reserved and reserve or 0
    while may_take() do
      local entries = call('LPOP', P .. 'out:' .. queue, min(room - kept, messages, TAKEN))
      if not entries then break end
      local fields, back = {}, {}
      for i, entry in ipairs(entries) do
        if may_take() then
          fields[i * 2 - 1], fields[i * 2] = lease(entry)
        else
          table.insert(back, 1, entry)
        end
      end
      many('HSET', P .. 'leased', fields)
      push('LPUSH', queue, back)
    end
  end
  if total > 0 then
    leases[#leases + 1] = { channel, all, uptos, reasons }
    granted[#granted + 1] = { channel, ids, uptos, reasons }
  end
end
