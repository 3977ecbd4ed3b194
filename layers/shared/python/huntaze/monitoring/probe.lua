-- Whether Redis takes something down, as sending needs: one that only reads, or has no room left, lets nothing out.
redis.call('SET', KEYS[1], 1, 'PX', ARGV[1])
return 1
