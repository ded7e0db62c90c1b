-- What fell due goes where it belongs, and channels with room get messages.
local DUE, DROPPED, AT_ONCE = 500, 500, 200

local function promote()
  local due = call('ZRANGEBYSCORE', P .. 'due', '-inf', now, 'LIMIT', 0, DUE)
  local queues = {}
  for _, member in ipairs(due) do
    local messages = 1
    if member:sub(1, 1) == 'c' then
      local lane, id = member:match('^c([^|]*)|(.*)$')
      messages = tonumber(call('HGET', P .. 'chunkcount', id) or '0')
      call('RPUSH', P .. 'intake:' .. lane, id)
      deepen(lane, messages)
    else
      local at = member:find('\0', 1, true)
      local queue = member:sub(2, at - 1)
      queues[queue] = queues[queue] or {}
      table.insert(queues[queue], member:sub(at + 1))
    end
    deepen('due', -messages)
  end
  for queue, entries in pairs(queues) do push('RPUSH', queue, entries) end
  if #due > 0 then call('ZREMRANGEBYRANK', P .. 'due', 0, #due - 1) end
  return #due
end

local leases, granted, dropped = {}, {}, 0

-- One entry to a channel; the segments it uses up, 0 for one that must end instead.
local function lease(channel, room, entry, fields)
  local _, header = cmsgpack.unpack_one(entry, 0)
  local id, expires, tally, segments = unpack(header)
  local reason, upto = '', min(segments, room)
  if expires <= now then
    reason, upto = 'expired', 0
  elseif cancelling and call('HEXISTS', P .. 'cancel', id) == 1 then
    reason, upto = 'canceled', 0
  end
  if reason ~= '' then dropped = dropped + 1 end
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
  local function may_take(kept) return room > kept and messages > 0 and dropped < DROPPED end
  for n, queue in ipairs(queues) do
    local kept = n > reserved and reserve or 0
    while may_take(kept) do
      local most = min(room - kept, messages, AT_ONCE)
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
      if #fields > 0 then call('HSET', P .. 'leased', unpack(fields)) end
      if #back > 0 then push('LPUSH', queue, back) end
    end
  end
end
