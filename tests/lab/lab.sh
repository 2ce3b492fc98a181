# What the lab's scripts share: where it is, and its daemons. Sourced, not run.
set -euo pipefail
# Swift and Keystone run on Debian's python, not on another one that is first on PATH.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
unset PYTHONPATH PYTHONHOME
# Who wants a broker beside the lab's takes another LAB and, ten or more from it, another port; the others go with that one.
RABBIT_PORT=${LAB_RABBIT_PORT:-5673}
EPMD_PORT=$((RABBIT_PORT - 1303))
export no_proxy='*' NO_PROXY='*'
HERE=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
LAB=$(realpath -m "${LAB:-${TMPDIR:-/tmp}/consometer-lab}")
export LAB
# The first line of our /etc/swift/swift.conf: how we know it from an operator's.
MARK="# Made by Consometer's test lab."

fail() { echo "lab: $*" >&2; exit 1; }
skip() { echo "lab: $*" >&2; exit 77; }

[ "$(uname)" = Linux ] || skip "needs Linux"
[ "$(id -u)" = 0 ] || skip "needs root: Swift reads its swift.conf from /etc/swift only"

# One up, down or populate at a time. Daemons must not inherit the lock (9>&- in spawn).
lock() { mkdir -p "$LAB"; exec 9>"$LAB/lock"; flock 9; }

# Every daemon carries CONSOMETER_LAB="LAB NAME" in its environment, and so do its children. That is
# how they are found again: unlike the number in a pid file, it can't become another program's.
pids() { # [NAME]: of one daemon, or of all
  local match=(-F "CONSOMETER_LAB=$LAB ")
  [ $# = 0 ] || match=(-Fx "CONSOMETER_LAB=$LAB $1")
  { grep -lsz "${match[@]}" /proc/[0-9]*/environ || true; } | cut -d/ -f3
}

signal() { # SIGNAL [NAME]
  local found; mapfile -t found < <(pids "${@:2}")
  [ ${#found[@]} = 0 ] || kill -s "$1" "${found[@]}" 2>/dev/null || true
}

# Killed, not asked: a frozen server would not hear it, and all that lasts here is in SQLite, which bears it.
end() { # [NAME]
  while [ -n "$(pids "$@")" ]; do signal KILL "$@"; sleep .05; done
}

address() { # NAME: host, port, and what to GET there
  case $1 in
    account-*)   echo "127.0.0.${1#*-} 6202 /healthcheck" ;;
    container-*) echo "127.0.0.${1#*-} 6201 /healthcheck" ;;
    object-*)    echo "127.0.0.${1#*-} 6200 /healthcheck" ;;
    proxy)       echo 127.0.0.1 8080 /healthcheck ;;
    logged-proxy) echo 127.0.0.1 8081 /healthcheck ;;
    keystone)    echo 127.0.0.1 5000 /v3 ;;
    memcached)   echo 127.0.0.1 11311 ;; # not 11211: a host may have a memcached of its own
    rabbit)      echo 127.0.0.1 $RABBIT_PORT ;; # nor 5672, nor 4369
    epmd)        echo 127.0.0.1 $EPMD_PORT ;;
    carbon)      echo 127.0.0.1 2013 ;;  # nor 2003
  esac
}

listens() { # NAME
  local host port; read -r host port _ < <(address "$1")
  (exec 3<>"/dev/tcp/$host/$port") 2>/dev/null
}

answers() { # NAME
  local host port path; read -r host port path < <(address "$1")
  if [ -n "$path" ]; then curl -sf -m 5 -o /dev/null "http://$host:$port$path"; else listens "$1"; fi
}

# No descriptor of ours goes along: a test runner that captures our output waits until all who hold it are gone.
spawn() { # NAME COMMAND...
  local name=$1; shift
  [ -z "$(pids "$name")" ] || return 0
  # What was killed a moment ago has no environment any more, and its sockets still.
  local give_up=$((SECONDS + 10))
  while listens "$name"; do
    ((SECONDS < give_up)) || fail "something that is not the lab's listens where $name should: $(address "$name")"
    sleep .1
  done
  CONSOMETER_LAB="$LAB $name" setsid "$@" </dev/null >"$LAB/log/$name.log" 2>&1 9>&- &
  # Not before it wears its mark: await takes a daemon without one for dead.
  while kill -0 $! 2>/dev/null && [ -z "$(pids "$name")" ]; do sleep .01; done
}

# Looked at thrice: a process that is becoming another program (exec) has no environment for a moment.
gone() { # NAME
  local look
  for look in 1 2 3; do
    [ -z "$(pids "$1")" ] || return 1
    sleep .1
  done
}

await() { # NAME...: until each answers; one that died, or takes too long, fails loudly
  local name give_up=$((SECONDS + 90))
  for name; do
    until answers "$name"; do
      if gone "$name" || ((SECONDS > give_up)); then
        echo "lab: $name did not start. $LAB/log/$name.log ends:" >&2
        tail -n 20 "$LAB/log/$name.log" >&2
        return 1
      fi
      sleep .1
    done
  done
}

spawn_storage() { # NAME, as in account-1
  spawn "$1" "swift-${1%-*}-server" "$LAB/etc/$1.conf" --verbose # verbose: its log goes to stderr too
}
