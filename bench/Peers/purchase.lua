-- The same effect on Redis: KEYS[1] customer, KEYS[2] idempotency key; ARGV: store, price of a line, time in milliseconds.
local known = redis.call('GET', KEYS[2])
if known then return known end
local c = redis.call('HMGET', KEYS[1], 'balance', 'tier', 'home', 'spend')
local balance, tier, home = tonumber(c[1] or '0'), tonumber(c[2] or '0'), c[3]
local price, now = tonumber(ARGV[2]), tonumber(ARGV[3])
if not home then home = ARGV[1] redis.call('HSET', KEYS[1], 'home', home) end
local amount = 0
local lines = {}
for i = 1, 3 do
  amount = amount + price - 100
  lines[i] = '{"line":' .. i .. ',"product":"SKU-10000' .. i .. '","category":"load","quantity":1,"priceMinor":' .. price .. ',"discountMinor":100}'
end
local multiplier = tier == 3 and 150 or tier == 2 and 125 or tier == 1 and 110 or 100
local earned = math.floor(amount * multiplier / 10000)
local bonus = 0
if home ~= ARGV[1] then bonus = math.min(math.floor(earned * 20 / 100), 500) end
-- Rolling twelve months: spend a day in a hash, its sum kept beside it and corrected when a day leaves the window.
local today = math.floor(now / 86400000)
local days = KEYS[1] .. ':days'
local spend = tonumber(c[4] or '0') + amount
if redis.call('HINCRBY', days, today, amount) == amount then
  for _, day in ipairs(redis.call('HKEYS', days)) do
    if tonumber(day) <= today - 365 then spend = spend - tonumber(redis.call('HGET', days, day)) redis.call('HDEL', days, day) end
  end
end
local reached = spend >= 3000000 and 3 or spend >= 1000000 and 2 or spend >= 200000 and 1 or 0
if reached > tier then tier = reached end
balance = balance + earned + bonus
redis.call('HSET', KEYS[1], 'balance', balance, 'tier', tier, 'spend', spend, 'last', ARGV[1])
redis.call('ZADD', KEYS[1] .. ':lots', now + 31536000000, KEYS[2] .. ':' .. (earned + bonus))
redis.call('RPUSH', KEYS[1] .. ':ledger', cjson.encode({ receipt = KEYS[2], store = ARGV[1], amount = amount, earned = earned, bonus = bonus, balance = balance, at = now }) .. '[' .. table.concat(lines, ',') .. ']')
local reply = balance .. ' ' .. tier .. ' ' .. earned .. ' ' .. bonus
redis.call('SET', KEYS[2], reply)
return reply
