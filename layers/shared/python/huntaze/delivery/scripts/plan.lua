-- When a new permit of an account should fire: microseconds from now. Only a plan: take.lua has the say, so a plan that
-- was lost or is wrong costs a wake-up and never a token.
-- Permits of campaigns flow: one every `spacing`, each behind the last. Permits of people may come as a burst, and are
-- spaced only beyond it. What was refused joins the end of the flow. No permit is made at or beyond the horizon, so such
-- a slot is told and left free: kept, each asking would push the end farther away, and nothing would be woken any more.
local tokens, plan = KEYS[1], KEYS[2]
local kind, capacity, spacing = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local not_before, horizon = tonumber(ARGV[4]), tonumber(ARGV[5])

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local ahead = tonumber(redis.call('HGET', plan, kind) or '0')
local slot
if kind == 'flow' then
    slot = math.max(now + not_before, ahead)
else
    ahead = math.max(now, ahead) + spacing
    slot = math.max(now, ahead - capacity * spacing)
end
local out = redis.call('ZCOUNT', tokens, '(' .. string.format('%.0f', now), '+inf')
if out >= capacity then
    local back = redis.call('ZREVRANGE', tokens, capacity - 1, capacity - 1, 'WITHSCORES')[2]
    slot = math.max(slot, tonumber(back))
end
if slot - now >= horizon then
    return slot - now
end
if kind == 'flow' then
    ahead = slot + spacing
end
redis.call('HSET', plan, kind, string.format('%.0f', ahead))
redis.call('PEXPIREAT', plan, string.format('%.0f', math.ceil(math.max(ahead, slot) / 1000) + 60000))
return math.max(slot - now, 0)
