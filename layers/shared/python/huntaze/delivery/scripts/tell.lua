-- Tell a server that does not know an account which tokens are out, as the database has it: pairs of an attempt and the
-- microseconds until its token comes back. Who comes second changes nothing: the first may have been asked since.
local tokens, known = KEYS[1], KEYS[2]
local kept = tonumber(ARGV[1]) -- microseconds: as long as any token can be out

if redis.call('EXISTS', known) == 1 then
    return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('DEL', tokens)
for index = 2, #ARGV, 2 do
    local away = tonumber(ARGV[index + 1])
    kept = math.max(kept, away)
    redis.call('ZADD', tokens, string.format('%.0f', now + away), ARGV[index])
end
local milliseconds = string.format('%.0f', math.ceil(kept / 1000))
redis.call('PEXPIRE', tokens, milliseconds)
redis.call('SET', known, string.format('%.0f', now), 'PX', milliseconds)
return 1
