-- One token of an account for an attempt: {1, tokens left}, or {0, microseconds until it is worth asking again}, or
-- {-1} where this server does not know the account: it was emptied, or is another one, and must be told first.
-- A token comes back `window` after the platform's answer (settle.lua). Until then it is out for lease + window, so an
-- attempt whose worker died costs one token once. Asked again, an attempt gets the answer that it had.
local tokens, known = KEYS[1], KEYS[2]
local attempt = ARGV[1]
local capacity, window, lease, gap = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local open_at = redis.call('GET', known) -- when the gap after the last attempt ends
if not open_at then
    return {-1}
end
redis.call('ZREMRANGEBYSCORE', tokens, '-inf', string.format('%.0f', now))
local out = redis.call('ZCARD', tokens)
if redis.call('ZSCORE', tokens, attempt) then
    return {1, math.max(capacity - out, 0)}
end

local wait = math.max(tonumber(open_at) - now, 0)
if out >= capacity then
    local back = redis.call('ZRANGE', tokens, out - capacity, out - capacity, 'WITHSCORES')[2]
    wait = math.max(wait, tonumber(back) - now)
end
if wait > 0 then
    return {0, wait}
end
redis.call('ZADD', tokens, string.format('%.0f', now + lease + window), attempt)
local kept = string.format('%.0f', math.ceil((math.max(lease + window, gap) + window) / 1000))
redis.call('SET', known, string.format('%.0f', now + gap), 'PX', kept)
redis.call('PEXPIRE', tokens, kept)
return {1, capacity - out - 1}
