-- A new epoch for ARGV[1], the node; every older one is refused from now on.
call('SET', P .. 'node', ARGV[1])
call('DEL', P .. 'last')
return call('INCR', P .. 'epoch')
