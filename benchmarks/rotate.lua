-- wrk sends the addresses of a file one after another, as a browser does, and prints the histogram of its latencies.
-- Arguments: the file, a line an address, after a tab the ETag to send; the line to start at.

local requests = {}
local at

function init(args)
  for line in io.lines(args[1]) do
    local path, etag = line:match("^([^\t]+)\t?(.*)$")
    local headers = { ["Accept-Encoding"] = "gzip, deflate, br, zstd" }
    if etag ~= "" then headers["If-None-Match"] = etag end
    table.insert(requests, wrk.format("GET", path, headers))
  end
  at = tonumber(args[2])
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.timeout + errors.status
  print("failed " .. failed)
  for i = 1, #latency do
    local microseconds, count = latency(i)
    print("latency " .. microseconds .. " " .. count)
  end
end
