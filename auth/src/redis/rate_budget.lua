-- One question to the budget of a bucket: takes note of what a client reports, and grants what it
-- asks for, all or nothing. It decides as MemoryRateBudget does.
--
-- KEYS: the window (hash), what each client holds (hash), when each reported (sorted set).
-- ARGV: holder, held, wanted; then the times life, settling, precision in ms and the straggling in
--       s; then, if an answer told of a window, its limit, remaining, reset in s and left in ms.
-- Gives permits granted, permits available, ms to wait (-1 if unknown), clients.
local window, holds, reports = KEYS[1], KEYS[2], KEYS[3]
local holder, held, wanted = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local life, settling = tonumber(ARGV[4]), tonumber(ARGV[5])
local precision, straggling = tonumber(ARGV[6]), tonumber(ARGV[7])
local told
if ARGV[8] then
  told = {
    limit = tonumber(ARGV[8]),
    remaining = tonumber(ARGV[9]),
    reset = tonumber(ARGV[10]),
    left = tonumber(ARGV[11]),
  }
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

-- Clients that died give back what they held.
local gone = redis.call('ZRANGEBYSCORE', reports, '-inf', now - life, 'LIMIT', 0, 1000)
for _, name in ipairs(gone) do
  redis.call('HDEL', holds, name)
  redis.call('ZREM', reports, name)
end
redis.call('ZADD', reports, now, holder)
redis.call('HSET', holds, holder, held)

local known = redis.call('HMGET', window, 'settled', 'limit', 'remaining', 'reset', 'ends')
local settled = tonumber(known[1])
local limit, remaining = tonumber(known[2]), tonumber(known[3])
local reset, ends = tonumber(known[4]), tonumber(known[5])
if not settled then
  -- Others may hold permits that are not reported yet.
  settled = (told or held > 0) and now + settling or 0
end

-- `ends` is 0 once the window is over, when a full one is assumed.
if told then
  local behind = reset and reset - told.reset
  local is_before = behind
    and ((behind > 0 and behind <= straggling)
      or (behind == 0 and ends == 0 and told.left <= precision))
  if behind and behind > 0 and ends > 0 and behind < math.floor(told.left / 1000) then
    -- Two windows that run at once: Okta counts two paths apart that are published as one bucket.
    remaining = math.min(remaining, told.remaining)
  elseif behind == 0 and ends > 0 then
    remaining = math.min(remaining, told.remaining)
    ends = math.min(ends, now + told.left)
  elseif not is_before then
    limit, remaining, reset, ends = told.limit, told.remaining, told.reset, now + told.left
  end
end
if ends and ends > 0 and ends <= now then
  remaining, ends = limit, 0
end

local sum, holders = 0, 0
for _, count in ipairs(redis.call('HVALS', holds)) do
  sum = sum + tonumber(count)
  holders = holders + 1
end

local granted, available, wait = 0, 0, -1
if settled > now then
  wait = settled - now
elseif not limit then
  -- One call finds out what there is.
  if sum == 0 then
    granted = math.min(wanted, 1)
  end
else
  available = math.max(remaining - sum, 0)
  if wanted <= available then
    granted, available = wanted, 0
  elseif remaining == 0 and ends > 0 then
    wait = ends - now
  end
end
if granted > 0 then
  redis.call('HINCRBY', holds, holder, granted)
end

redis.call('HSET', window, 'settled', settled)
if limit then
  redis.call('HSET', window, 'limit', limit, 'remaining', remaining, 'reset', reset, 'ends', ends)
end
for _, key in ipairs(KEYS) do
  redis.call('PEXPIRE', key, 600000)
end
return { granted, available, wait, holders }
