"""The atomic steps, in Lua. Time is the server's; one call, all or nothing.

Budgets are hashes ``spent``, ``reserved`` in nano-dollars. Windows are hashes
from slot number to ``amount:last``, `last` in milliseconds.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Script:
    source: str
    sha: str = field(init=False)

    def __post_init__(self) -> None:
        # EVALSHA's name for a script, not a matter of security.
        sha = hashlib.sha1(self.source.encode(), usedforsecurity=False).hexdigest()
        object.__setattr__(self, "sha", sha)


_WINDOW = """
local SLOTS = 60
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function put(key, per, amount)
  local slot = string.format('%.0f', math.floor(now * SLOTS / per))
  local held = redis.call('HGET', key, slot)
  local sum = amount + (held and tonumber(string.match(held, '^%d+')) or 0)
  redis.call('HSET', key, slot, string.format('%.0f:%.0f', sum, now))
  redis.call('PEXPIRE', key, per)
  return slot
end
"""

TAKE = Script(
    _WINDOW
    + """
-- KEYS: one each demand. ARGV: amount, limit, window in ms, for each.
-- Returns {1, slot, slot, ...} or {0, index, wait in ms}.
local function wait(key, amount, limit, per)
  local flat = redis.call('HGETALL', key)
  local live, excess = {}, amount - limit
  for i = 1, #flat, 2 do
    local held, last = string.match(flat[i + 1], '^(%d+):(%d+)$')
    if tonumber(last) <= now - per then
      redis.call('HDEL', key, flat[i])
    else
      excess = excess + held
      live[#live + 1] = {tonumber(held), tonumber(last)}
    end
  end
  if excess <= 0 then return 0 end
  table.sort(live, function(a, b) return a[2] < b[2] end)
  for _, slot in ipairs(live) do
    excess = excess - slot[1]
    if excess <= 0 then return slot[2] + per - now end
  end
  return per
end

for i, key in ipairs(KEYS) do
  local a = (i - 1) * 3
  local ms = wait(key, tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3]))
  if ms > 0 then return {0, i - 1, ms} end
end
local reply = {1}
for i, key in ipairs(KEYS) do
  local a = (i - 1) * 3
  reply[i + 1] = put(key, tonumber(ARGV[a + 3]), tonumber(ARGV[a + 1]))
end
return reply
"""
)

ADJUST = Script(
    _WINDOW
    + """
-- KEYS: the window. ARGV: slot, window in ms, delta.
local delta = tonumber(ARGV[3])
if delta > 0 then
  put(KEYS[1], tonumber(ARGV[2]), delta)
  return 1
end
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held then
  local amount, last = string.match(held, '^(%d+):(%d+)$')
  local left = math.max(0, amount + delta)
  redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f:%s', left, last))
end
return 1
"""
)

RESERVE = Script(
    """
-- KEYS: the budget. ARGV: amount, limit, expiry in ms. Returns 1 or 0.
local held = redis.call('HMGET', KEYS[1], 'spent', 'reserved')
local used = (tonumber(held[1]) or 0) + (tonumber(held[2]) or 0)
if used + tonumber(ARGV[1]) > tonumber(ARGV[2]) then return 0 end
redis.call('HINCRBY', KEYS[1], 'reserved', ARGV[1])
redis.call('PEXPIREAT', KEYS[1], ARGV[3])
return 1
"""
)

SETTLE = Script(
    """
-- KEYS: the budget. ARGV: reserved, actual, expiry in ms.
-- After a flush the reservation is unknown; what was spent is not.
local reserved = tonumber(redis.call('HGET', KEYS[1], 'reserved')) or 0
local left = math.max(0, reserved - tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'reserved', string.format('%.0f', left))
redis.call('HINCRBY', KEYS[1], 'spent', ARGV[2])
redis.call('PEXPIREAT', KEYS[1], ARGV[3])
return 1
"""
)

SPEND = Script(
    """
local held = redis.call('HMGET', KEYS[1], 'spent', 'reserved')
return {tonumber(held[1]) or 0, tonumber(held[2]) or 0}
"""
)
