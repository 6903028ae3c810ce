"""The steps of the shared cache, in Lua: each touches the keys of one hash tag, all or nothing.

An entry is a hash of ``h`` (its head, JSON), ``a`` (the answer), ``v`` (the vector, float16,
where its question may be similar) and ``e`` (when it ends, Unix milliseconds).
"""

from __future__ import annotations

from extproc.state.scripts import Script

PUT = Script("""
-- KEYS: the entry. ARGV: head, answer, vector or '', end in ms, life in ms.
-- What takes memory comes first: a server that is full refuses a script's first write alone.
redis.call('HSET', KEYS[1], 'h', ARGV[1], 'a', ARGV[2], 'e', ARGV[4], 'v', ARGV[3])
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], 'v') end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
""")

READ = Script("return redis.call('HMGET', KEYS[1], 'h', 'a')")
HEAD = Script("return redis.call('HGET', KEYS[1], 'h')")
VECTOR = Script("return redis.call('HMGET', KEYS[1], 'v', 'e')")
DROP = Script("return redis.call('UNLINK', KEYS[1])")

BOUND = Script("""
-- KEYS: a group's entries by when they were used last. ARGV: entry, now in ms, life in ms, limit.
-- Returns the entries that have to make room. What nobody has used for a whole life is dead.
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2] - ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local excess = redis.call('ZCARD', KEYS[1]) - ARGV[4]
if excess <= 0 then return {} end
local gone = redis.call('ZRANGE', KEYS[1], 0, excess - 1)
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, excess - 1)
return gone
""")

USED = Script("return redis.call('ZADD', KEYS[1], 'XX', ARGV[2], ARGV[1])")
UNBIND = Script("return redis.call('ZREM', KEYS[1], ARGV[1])")

ANNOUNCE = Script("""
-- KEYS: the count of changes, their stream.
-- ARGV: partition, key, vector ('' when it is gone), end in ms, life of both in ms, length.
local n = redis.call('INCR', KEYS[1])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[6], string.format('%.0f-0', n),
  'p', ARGV[1], 'k', ARGV[2], 'v', ARGV[3], 'e', ARGV[4])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return n
""")

FOLLOW = Script("""
-- KEYS: the history's name, the count of changes, their stream.
-- ARGV: number of the last change seen, how many to give, a new name, life of the name in ms.
-- Returns {name, count, {number, {field, value, ...}}, ...}.
local name = redis.call('GET', KEYS[1])
if not name then
  name = ARGV[3]
  redis.call('SET', KEYS[1], name, 'PX', ARGV[4])
elseif redis.call('PTTL', KEYS[1]) < ARGV[4] / 2 then
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
end
local count = tonumber(redis.call('GET', KEYS[2])) or 0
local reply = {name, count}
for _, change in ipairs(redis.call('XRANGE', KEYS[3], string.format('(%s-0', ARGV[1]), '+',
                                   'COUNT', ARGV[2])) do
  reply[#reply + 1] = {tonumber(string.match(change[1], '^%d+')), change[2]}
end
return reply
""")
