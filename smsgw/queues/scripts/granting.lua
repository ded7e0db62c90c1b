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

-- Leases are four values each: channel, upto, reason, entry.
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
  return ''
end

-- One entry to a channel; the segments it uses up, 0 for one that must end instead.
local function lease(channel, room, entry, fields)
  local _, header = cmsgpack.unpack_one(entry, 0)
  local id, tally = header[1], header[3]
  local reason = reason_against(id, header[2])
  local upto = reason == '' and min(header[4], room) or 0
  if reason ~= '' then dropped = dropped + 1 end
  fields[#fields + 1] = id
  fields[#fields + 1] = new_state(channel, upto) .. entry
  count(tally, 'waiting', -1)
  count(tally, 'leased', 1)
  local n, g = #leases, #granted
  leases[n + 1], leases[n + 2], leases[n + 3], leases[n + 4] = channel, upto, reason, entry
  granted[g + 1], granted[g + 2], granted[g + 3], granted[g + 4] = id, channel, upto, reason
  return upto
end

local function grant(want)
  local channel, room, messages, queues, reserve, reserved = unpack(want)
  local function may_take(kept) return room > kept and messages > 0 and dropped < DROPPED end
  for n, queue in ipairs(queues) do
    local kept = n > reserved and reserve or 0
    while may_take(kept) do
      local most = min(room - kept, messages, TAKEN)
      local entries = call('LPOP', P .. 'out:' .. queue, most)
      if not entries then break end
      local fields, back = {}, {}
      for _, entry in ipairs(entries) do
        if may_take(kept) then
          local used = lease(channel, room - kept, entry, fields)
          room = room - used
          if used > 0 then messages = messages - 1 end
        else
          table.insert(back, 1, entry)
        end
      end
      many('HSET', P .. 'leased', fields)
      push('LPUSH', queue, back)
    end
  end
end
