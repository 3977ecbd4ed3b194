-- How an account stands, for people who watch: {tokens left, or -1 where this server does not know the account, and the
-- microseconds until a permit of a person that was made now would fire, as plan.lua has it}. Nothing is written.
local tokens, known, plan = KEYS[1], KEYS[2], KEYS[3]
local capacity, spacing = tonumber(ARGV[1]), tonumber(ARGV[2])

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local ahead = math.max(now, tonumber(redis.call('HGET', plan, 'burst') or '0')) + spacing
local slot = math.max(now, ahead - capacity * spacing)
local out = redis.call('ZCOUNT', tokens, '(' .. string.format('%.0f', now), '+inf')
if out >= capacity then
    slot = math.max(slot, tonumber(redis.call('ZREVRANGE', tokens, capacity - 1, capacity - 1, 'WITHSCORES')[2]))
end
local left = -1
local open_at = redis.call('GET', known) -- when the gap after the last attempt ends
if open_at then
    left = math.max(capacity - out, 0)
    slot = math.max(slot, tonumber(open_at))
end
return {left, math.max(slot - now, 0)}
