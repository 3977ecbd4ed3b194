-- The platform has answered: the token of this attempt comes back one window from now. An account that this server does
-- not know stays unknown, for whoever tells of it reads this answer in the database.
local tokens, known = KEYS[1], KEYS[2]
local attempt, window = ARGV[1], tonumber(ARGV[2])

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if redis.call('EXISTS', known) == 0 then
    return 0
end
redis.call('ZADD', tokens, string.format('%.0f', now + window), attempt)
if redis.call('PTTL', tokens) < window / 1000 then
    redis.call('PEXPIRE', tokens, string.format('%.0f', math.ceil(window / 1000)))
end
return 1
