-- ARGV: account, ledger id, amount. What is available then; an id that is not above the
-- last one applied changes nothing.
local account, id = ARGV[1], tonumber(ARGV[2])
if id > tonumber(call('HGET', MONEY, account .. '|ledger') or '0') then
  call('HSET', MONEY, account .. '|ledger', ARGV[2])
  call('HINCRBY', MONEY, account .. '|granted', ARGV[3])
  call('HINCRBY', MONEY, account .. '|available', ARGV[3])
end
return tonumber(call('HGET', MONEY, account .. '|available') or '0')
