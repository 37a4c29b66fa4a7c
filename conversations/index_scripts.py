"""What the chat index does in one step inside Redis (Lua). A row is a JSON list; its places are numbered from 1.

1 conversation · 2 inbox · 3 last message at (microseconds, as text) · 4 revision · 5 lead · 6 the lead's revision
7 unread · 8 name · 9 last message
"""

# KEYS rows, used, state · ARGV name of an inbox's list without its number, rows at most, time to live, used at ("" for
# the time of each row's last message), row …
# A row that is older than the one known changes nothing: whoever reads slowly overwrites nobody.
PUT = """
local rows, used, state, lists = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local function is_older(new, known)
    if new[4] ~= known[4] then return new[4] < known[4] end
    return new[5] == known[5] and new[6] < known[6]
end
for n = 5, #ARGV do
    local new = cjson.decode(ARGV[n])
    local id, found = new[1], redis.call('HGET', rows, new[1])
    local known = found and cjson.decode(found)
    if not (known and is_older(new, known)) then
        redis.call('HSET', rows, id, ARGV[n])
        if known and known[2] ~= new[2] then redis.call('ZREM', lists .. known[2], id) end
        if new[3] ~= '0' then redis.call('ZADD', lists .. new[2], new[3], id) end
        redis.call('EXPIRE', lists .. new[2], ARGV[3])
    end
    redis.call('ZADD', used, 'GT', ARGV[4] == '' and new[3] or ARGV[4], id)
end
local floor = tonumber(redis.call('HGET', state, 'floor') or '0')
local surplus = redis.call('HLEN', rows) - tonumber(ARGV[2])
if surplus > 0 then
    local gone = redis.call('ZPOPMIN', used, surplus)
    for n = 1, #gone, 2 do
        local found = redis.call('HGET', rows, gone[n])
        if found then
            local row = cjson.decode(found)
            redis.call('HDEL', rows, gone[n])
            redis.call('ZREM', lists .. row[2], gone[n])
            if tonumber(row[3]) > floor then
                floor = tonumber(row[3])
                redis.call('HSET', state, 'floor', row[3])
            end
        end
    end
end
for _, key in ipairs({rows, used, state}) do redis.call('EXPIRE', key, ARGV[3]) end
"""

# KEYS rows, state, an inbox's list · ARGV how many. Nothing while the index is not whole.
LATEST = """
local state = redis.call('HMGET', KEYS[2], 'built', 'floor')
if not state[1] then return false end
local ids = redis.call('ZREVRANGE', KEYS[3], 0, tonumber(ARGV[1]) - 1)
return {state[2] or '0', #ids > 0 and redis.call('HMGET', KEYS[1], unpack(ids)) or {}}
"""

# KEYS rows, used · ARGV name of an inbox's list without its number, conversation …
FORGET = """
for n = 2, #ARGV do
    local found = redis.call('HGET', KEYS[1], ARGV[n])
    if found then redis.call('ZREM', ARGV[1] .. cjson.decode(found)[2], ARGV[n]) end
    redis.call('HDEL', KEYS[1], ARGV[n])
    redis.call('ZREM', KEYS[2], ARGV[n])
end
"""
