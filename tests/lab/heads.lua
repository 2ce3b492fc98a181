-- HEADs with keep-alive, straight at the account-servers: what the servers can give, to measure a round against.
--   HEADS_FILE=heads.tsv wrk -t4 -c16 -d10s -s heads.lua http://127.0.0.1:6202
-- HEADS_FILE (made by ./heads): lines of ip:port TAB path. Thread k asks server k, for each of its paths in turn;
-- the URL on the command line only satisfies wrk.

local function each_head(visit)
  for line in io.lines(os.getenv("HEADS_FILE")) do
    visit(line:match("^(%S+)\t(%S+)$"))
  end
end

local servers, threads = {}, 0

function setup(thread)
  if #servers == 0 then
    local seen = {}
    each_head(function(server)
      if not seen[server] then
        seen[server] = true
        servers[#servers + 1] = server
      end
    end)
    table.sort(servers)
  end
  local server = servers[threads % #servers + 1]
  threads = threads + 1
  local ip, port = server:match("^(.*):(%d+)$")
  thread.addr = wrk.lookup(ip, port)[1]
  thread:set("server", server)
end

local requests, last = {}, 0

function init()
  each_head(function(at, path)
    if at == server then
      requests[#requests + 1] = wrk.format("HEAD", path, { Host = server })
    end
  end)
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary)
  local e = summary.errors -- status: answers that are not 2xx or 3xx
  io.write(string.format("requests_per_second %.1f errors %d\n",
    summary.requests / summary.duration * 1e6, e.status + e.connect + e.read + e.write + e.timeout))
end
