-- Money of accounts, in units of 0.0001 yuan: granted = available + reserved + spent.
local MONEY = P .. 'money'

local purses = setmetatable({}, { __index = function(all, account)
  local purse = { available = 0, reserved = 0, spent = 0 }
  rawset(all, account, purse)
  return purse
end })

local function pay(account, available, reserved, spent)
  local purse = purses[account]
  purse.available = purse.available + available
  purse.reserved = purse.reserved + reserved
  purse.spent = purse.spent + spent
end

local function keep_money()
  for account, purse in pairs(purses) do
    for what, by in pairs(purse) do
      if by ~= 0 then
        call('HINCRBY', MONEY, account .. '|' .. what, string.format('%.0f', by))
      end
    end
  end
end

local function account_of(tally) return tally:match('^(.*)|') or '' end

-- By the tally's place, its account if that has a wallet: no other message costs anything.
local function payers(names)
  local fields, found = {}, {}
  for n, name in ipairs(names) do fields[n] = account_of(name) .. '|available' end
  for n, available in ipairs(read('HMGET', MONEY, fields)) do
    if available then found[n] = account_of(names[n]) end
  end
  return found
end

-- The price in an entry that is kept after its state.
local function price_in(kept)
  return (struct.unpack('>I4', kept, 11 + struct.unpack('>I2', kept)))
end

local function with_price(entry, price)
  return entry:sub(1, 8) .. struct.pack('>I4', price) .. entry:sub(13)
end
