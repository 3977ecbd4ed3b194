-- Nothing was claimed under this attempt, so nothing was sent: its token is free at once.
return redis.call('ZREM', KEYS[1], ARGV[1])
