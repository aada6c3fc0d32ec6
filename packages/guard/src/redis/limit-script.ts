// The limit algorithms as a script that runs inside Redis or Valkey: one call decides any number of requests, each
// with several limits, and nothing happens in between. It has the two functions that must run there, waiting and
// taking; what a state means is read here by the functions of src/limits. Its arithmetic is theirs, step by step:
// whole microseconds in doubles, which Lua has as JavaScript does. A property test holds the two together.
//
// KEYS      every subject once
// ARGV[1]   the requests, a byte of seven bits per number: how many charges (plus 64: look only), then per charge the
//           key's number and the limit's number. Bytes, because they are read all at once.
// ARGV[2]   how many limits follow; then their numbers (limitNumbers)
// returns   per charge the state before it: of a token bucket how long until it is full, which is a short number
//           (writing long ones took a sixth of the whole time); of the others the time and all their numbers
//
// A key holds all limits of one subject in one string of doubles: when the key expires, then per limit its id, how
// many numbers follow, when it will have rested, and the rest of its state. Limits that have rested are left out.
// The expiry is known, so that most writes can leave it as it is: setting it anew doubles the price of a write. A key
// is kept twice as long as it takes to rest, and some seconds: an address that asks once is soon forgotten, one that
// keeps asking is renewed now and then.
//
// What costs here is keys and commands, not arithmetic: a key per limit took twice the time for three limits of one
// subject, and the same for three of different ones. Measured and rejected as well: numbers as arguments of their
// own, cmsgpack for the states, working out the whole answer here, the token bucket behind functions like the others.
// One hash for all keys would be faster still, but it expires as a whole, and freeing a large one stops the server.
import { createHash } from 'node:crypto'
import type { Limit } from '../limits/limit.ts'
import { type RedisScript, redisScript } from './redis-script.ts'

const known = new WeakMap<Limit, readonly number[]>()

/** A limit as the script reads it: id, kind, and the numbers of its kind. */
export function limitNumbers(limit: Limit): readonly number[] {
  let numbers = known.get(limit)
  if (numbers === undefined) {
    numbers = [idOf(limit), ...factsOf(limit)]
    known.set(limit, numbers)
  }
  return numbers
}

/** 48 bits of a digest: among a thousand limits two are the same once in half a billion policies. */
function idOf(limit: Limit): number {
  return createHash('sha256').update(limit.countKey).digest().readUIntBE(0, 6)
}

function factsOf(limit: Limit): readonly number[] {
  switch (limit.algorithm) {
    case 'token-bucket':
      return [1, limit.costMicros, limit.capacityMicros, 0, 0]
    case 'sliding-window':
      return [2, limit.cost, limit.quota, limit.windowMicros, limit.slotMicros]
    case 'fixed-window':
      return [3, limit.cost, limit.quota, limit.windowMicros, 0]
  }
}

/**
 * Charges per call: what seven bits can name, and what bounds how long the server is busy with one call (measured:
 * 0.1 ms). Smaller calls also let client and server work at the same time.
 */
export const mostCharges = 60

/** Added to a request's number of charges when it only looks. */
export const lookingMark = 64

/** The script that reads the server's clock. */
export const limitScript = compileScript({
  clock: "local time = redis.call('TIME')\nlocal now = time[1] * 1000000 + time[2]",
  clockOfRequest: '',
  keptMs: 5_000,
})

/**
 * The script with the time injected, one more argument per request at the end. For tests that replay what happens on
 * any day; expiry stays with the server's own clock.
 */
export const limitScriptWithInjectedTime = compileScript({
  clock: 'local now',
  clockOfRequest: 'argument = argument + 1\n  now = tonumber(ARGV[argument])',
  keptMs: 60_000,
})

function compileScript(parts: { clock: string; clockOfRequest: string; keptMs: number }): RedisScript {
  return redisScript(`
${parts.clock}
local call, ceil, max = redis.call, math.ceil, math.max
local pack, unpackState, rep = struct.pack, struct.unpack, string.rep

-- Where a limit stands in a subject's state: s[at] its id, s[at + 1] how many numbers follow, s[at + 2] when it will
-- have rested. It stays there for the whole call.
local function find(s, id)
  local at, size = 2, #s
  while at < size do
    if s[at] == id then return at end
    at = at + 2 + s[at + 1]
  end
end

-- Sliding window: rested at, newest slot begun at, then per slot its last charge and count. Waiting also tells
-- whether the state was moved back with the clock.
local function slidingWait(s, at, l)
  local newest = at + s[at + 1]
  local setBack = s[newest] - now
  if setBack > 0 then
    s[at + 2] = s[at + 2] - setBack
    s[at + 3] = s[at + 3] - setBack
    for slot = at + 4, newest, 2 do s[slot] = s[slot] - setBack end
  end
  local gone = now - l.window
  local over = l.cost - l.quota
  for slot = at + 4, newest, 2 do
    if s[slot] > gone then over = over + s[slot + 1] end
  end
  if over <= 0 then return 0, setBack > 0 end
  local last = gone
  for slot = at + 4, newest, 2 do
    if over > 0 and s[slot] > gone then
      last = s[slot]
      over = over - s[slot + 1]
    end
  end
  return last - gone, setBack > 0
end

local function slidingTake(s, at, l)
  local slots, begun = {}, now
  if at then
    local gone = now - l.window
    for slot = at + 4, at + s[at + 1], 2 do
      if s[slot] > gone then
        slots[#slots + 1] = s[slot]
        slots[#slots + 1] = s[slot + 1]
      end
    end
  end
  if #slots > 0 and (now - s[at + 3] <= l.slot or #slots == 32) then
    begun = s[at + 3]
    slots[#slots - 1] = now
    slots[#slots] = slots[#slots] + l.cost
  else
    slots[#slots + 1] = now
    slots[#slots + 1] = l.cost
  end
  if at and s[at + 1] ~= #slots + 2 then
    -- Of another length: left where it is as nothing, so that others stay where they are, and put at the end.
    s[at], s[at + 2] = 0, 0
    s.hasHoles = true
    at = nil
  end
  at = at or #s + 1
  s[at], s[at + 1], s[at + 2], s[at + 3] = l.id, #slots + 2, now + l.window, begun
  for i = 1, #slots do s[at + 3 + i] = slots[i] end
  return at
end

-- Fixed window: ends at, charged in it.
local function fixedWait(s, at, l)
  local left = s[at + 2] - now
  local setBack = left > l.window
  if setBack then
    left = l.window
    s[at + 2] = now + left
  end
  if left <= 0 or s[at + 3] + l.cost <= l.quota then return 0, setBack end
  return left, setBack
end

local function fixedTake(s, at, l)
  if at and s[at + 2] > now then
    s[at + 3] = s[at + 3] + l.cost
    return at
  end
  at = at or #s + 1
  s[at], s[at + 1], s[at + 2], s[at + 3] = l.id, 2, now + l.window, l.cost
  return at
end

-- By the limit's number. A token bucket has no functions here: it is decided where it is met.
local ids, costs, capacities, others = {}, {}, {}, {}
local argument = 2
for i = 1, tonumber(ARGV[2]) do
  local kind, cost, quota = tonumber(ARGV[argument + 2]), tonumber(ARGV[argument + 3]), tonumber(ARGV[argument + 4])
  local id, window, slot = tonumber(ARGV[argument + 1]), tonumber(ARGV[argument + 5]), tonumber(ARGV[argument + 6])
  argument = argument + 6
  ids[i] = id
  if kind == 1 then
    costs[i] = cost
    capacities[i] = quota
  else
    local wait, take = fixedWait, fixedTake
    if kind == 2 then wait, take = slidingWait, slidingTake end
    others[i] = { id = id, cost = cost, quota = quota, window = window, slot = slot, wait = wait, take = take }
  end
end

local names = KEYS
local packed = call('MGET', unpack(names))
-- By key: its state, and if that changed, when what was charged will have rested.
local states, changed = {}, {}

local formats = {}
local function formatOf(size)
  local format = formats[size]
  if not format then
    format = '<' .. rep('d', size)
    formats[size] = format
  end
  return format
end

local function open(key)
  local value = packed[key]
  local s = { 0 }
  if value then
    s = { unpackState(formatOf(#value / 8), value) }
    -- The last result is where reading stopped.
    s[#s] = nil
  end
  states[key] = s
  return s
end

local codes = { string.byte(ARGV[1], 1, -1) }
local last = #codes
local at = 1
local answer = {}
local answers = 0
-- Of the charges of one request.
local keysOf, limitsOf, placesOf, debtsOf = {}, {}, {}, {}
while at <= last do
  ${parts.clockOfRequest}
  local charges = codes[at]
  local taking = charges < ${lookingMark}
  if not taking then charges = charges - ${lookingMark} end
  for i = 1, charges do
    local key, l = codes[at + 1], codes[at + 2]
    at = at + 2
    keysOf[i] = key
    limitsOf[i] = l
    local s = states[key] or open(key)
    local place = find(s, ids[l])
    placesOf[i] = place
    local capacity = capacities[l]
    if capacity then
      -- Token bucket: full at, last charge.
      local debt = 0
      if place then
        local setBack = s[place + 3] - now
        if setBack > 0 then
          s[place + 2] = s[place + 2] - setBack
          s[place + 3] = now
          changed[key] = changed[key] or 0
        end
        debt = s[place + 2] - now
        if debt < 0 then debt = 0 end
      end
      answers = answers + 1
      answer[answers] = debt
      debt = debt + costs[l]
      if debt > capacity then taking = false end
      debtsOf[i] = debt
    else
      answers = answers + 1
      answer[answers] = now
      local length = 0
      if place then
        local wait, setBack = others[l].wait(s, place, others[l])
        if setBack then changed[key] = changed[key] or 0 end
        if wait > 0 then taking = false end
        length = s[place + 1]
      end
      answers = answers + 1
      answer[answers] = length
      for field = 1, length do answer[answers + field] = s[place + 1 + field] end
      answers = answers + length
    end
  end
  at = at + 1
  if taking then
    for i = 1, charges do
      local key, l, place = keysOf[i], limitsOf[i], placesOf[i]
      local s, other = states[key], others[l]
      if other then
        place = other.take(s, place, other)
      else
        if not place then
          place = #s + 1
          s[place] = ids[l]
          s[place + 1] = 2
        end
        s[place + 2] = now + debtsOf[i]
        s[place + 3] = now
      end
      local rests = s[place + 2]
      if rests > (changed[key] or 0) then changed[key] = rests end
    end
  end
end

local function withoutRested(s)
  local kept = { s[1] }
  local place, size = 2, #s
  while place < size do
    local next = place + 2 + s[place + 1]
    if s[place + 2] > now then
      for i = place, next - 1 do kept[#kept + 1] = s[i] end
    end
    place = next
  end
  return kept
end

for key, rests in pairs(changed) do
  local s = states[key]
  -- A server may count expiry by a clock that is some milliseconds off from TIME.
  local renewing = s[1] < rests + 100000
  if renewing or s.hasHoles then s = withoutRested(s) end
  if renewing then
    local keptMs = ceil(max(0, rests - now) / 500) + ${parts.keptMs}
    s[1] = now + keptMs * 1000
    call('SET', names[key], pack(formatOf(#s), unpack(s)), 'PX', keptMs)
  else
    call('SET', names[key], pack(formatOf(#s), unpack(s)), 'KEEPTTL')
  end
end
return answer
`)
}
