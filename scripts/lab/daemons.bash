# Sourced by the labs and their checks: daemons that are started, remembered, and ended for certain.
# Requires $folder, where the lab keeps all its files.

# find_folder NAME GIVEN: sets $folder to the given one, to that of the running lab, or to nothing.
# Only root writes to /run, so nobody else can redirect a lab's folder.
find_folder() {
  pointer=/run/glocal-$1
  folder=$2
  if [ -z "$folder" ] && [ -f "$pointer" ]; then folder=$(<"$pointer"); fi
}

# make_folder: creates one with an unpredictable name, unless one was given; nobody else can write to it.
make_folder() {
  if [ -z "$folder" ]; then
    folder=$(mktemp -d "${TMPDIR:-/tmp}/$lab.XXXXXXXX")
  elif ! mkdir -m 700 "$folder" 2>/dev/null; then
    if [ -L "$folder" ] || [ ! -O "$folder" ] || [ -n "$(ls -A "$folder")" ]; then
      echo "$lab: $folder is there already and is not an empty folder of yours: name another" >&2
      return 64
    fi
    chmod 700 "$folder"
  fi
  : >"$folder/.glocal-lab"
  echo "$folder" >"$pointer"
}

# remove_folder: removes only what make_folder created.
remove_folder() {
  if [ -n "$folder" ] && [ -f "$folder/.glocal-lab" ] && [ ! -L "$folder" ]; then
    rm -rf --one-file-system "$folder"
  fi
  if [ -f "$pointer" ] && [ "$(<"$pointer")" = "$folder" ]; then rm -f "$pointer"; fi
}

# A process ID may be reused by the time it is read: compare its start time as well.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# start_daemon NAME COMMAND…: in its own session, with output in $folder/log/NAME.
start_daemon() {
  local name=$1 pid
  shift
  mkdir -p "$folder/log" "$folder/daemons"
  setsid "$@" >"$folder/log/$name" 2>&1 </dev/null &
  pid=$!
  # The shell need not report its end.
  disown "$pid"
  echo "$pid $(start_time "$pid")" >"$folder/daemons/$name"
}

# The process ID of a daemon that is still running, or nothing.
daemon_pid() {
  local pid started
  [ -f "$folder/daemons/$1" ] || return 1
  read -r pid started <"$folder/daemons/$1"
  [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ] && echo "$pid"
}

# stop_daemon NAME [SIGNAL]: waits a moment for its end before killing it.
stop_daemon() {
  local pid
  if pid=$(daemon_pid "$1"); then
    kill -s "${2:-TERM}" "$pid" 2>/dev/null || true
    for _ in $(seq 30); do
      daemon_pid "$1" >/dev/null || break
      sleep 0.1
    done
    ! daemon_pid "$1" >/dev/null || kill -s KILL "$pid" 2>/dev/null || true
  fi
  rm -f "$folder/daemons/$1"
}

# wait_until SECONDS WHAT COMMAND…
wait_until() {
  local seconds=$1 what=$2
  shift 2
  for _ in $(seq $((seconds * 5))); do
    if "$@" >/dev/null 2>&1; then return 0; fi
    sleep 0.2
  done
  echo "$lab: waited $seconds s in vain: $what; see $folder/log" >&2
  return 1
}

# require_tools PACKAGE=TOOL…: the tools that this lab needs.
require_tools() {
  local pair missing=()
  if [ "$(id -u)" -ne 0 ]; then
    echo "$lab: needs root, for namespaces and daemons" >&2
    exit 77
  fi
  for pair in "$@"; do
    PATH=$PATH:/usr/sbin command -v "${pair#*=}" >/dev/null || missing+=("${pair%%=*}")
  done
  if [ "${#missing[@]}" -ne 0 ]; then
    echo "$lab: needs the packages ${missing[*]}: scripts/install-dependencies --labs" >&2
    exit 77
  fi
}
