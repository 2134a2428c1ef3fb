-- Hands out requests that were written beforehand: six digits of length, then the raw bytes.
-- Arguments: the file, the seconds, and "cycle" where it may start again from the beginning.

local ffi = require("ffi")
ffi.cdef [[
  struct askfirst_time { long seconds; long microseconds; };
  int gettimeofday(struct askfirst_time *now, void *zone);
]]

local moment = ffi.new("struct askfirst_time")
local file, seconds, cycles, deadline
local looked_at = false

handed_out, ran_out = 0, 0

local function now()
  ffi.C.gettimeofday(moment, nil)
  return tonumber(moment.seconds) + tonumber(moment.microseconds) / 1000000
end

local function frame()
  local length = file:read(6)
  if not length then
    if not cycles then return nil end
    file:seek("set")
    length = file:read(6)
  end
  return file:read(tonumber(length))
end

function init(arguments)
  file = assert(io.open(arguments[1], "rb"))
  file:setvbuf("full", 1048576)
  seconds = tonumber(arguments[2])
  cycles = arguments[3] == "cycle"
end

function request()
  if not looked_at then -- wrk asks once before it starts, to see what it will get
    looked_at = true
    local first = frame()
    file:seek("set")
    return first
  end
  local at = now()
  deadline = deadline or at + seconds
  -- The first letter of a request that never ends: the connection asks nothing more, and every
  -- request that was asked before is answered and counted.
  if at >= deadline then return "P" end
  local whole = frame()
  if not whole then
    ran_out = 1
    return "P"
  end
  handed_out = handed_out + 1
  return whole
end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function done(summary, latency)
  local asked, empty = 0, 0
  for _, thread in ipairs(threads) do
    asked = asked + thread:get("handed_out")
    empty = empty + thread:get("ran_out")
  end
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '\n{"asked":%d,"answered":%d,"failed":%d,"ran_out":%d,"p50_us":%d,"p99_us":%d}\n',
    asked, summary.requests, failed, empty, latency:percentile(50), latency:percentile(99)))
end
