-- Counts an event of KEYS[1] by the generic cell rate algorithm, and returns for how many microseconds it must wait: 0 when it
-- may happen. ARGV: microseconds between events, how many of them a key may get ahead of time, and 1 to count or 0 to look.
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local due = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + interval
local wait = due - now - burst
if wait > 0 then
  return wait
end
if ARGV[3] == '1' then
  -- All digits: a Lua number becomes a string of 14.
  redis.call('SET', KEYS[1], string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000))
end
return 0
