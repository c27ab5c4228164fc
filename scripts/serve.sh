# Builds and starts the server for ./run. Sourced, not run.

server_process=""

port_taken() { # port
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

newer_than() { # file, folders...: something in the folders is newer than the file
  local file=$1
  shift
  [ ! -e "$file" ] || [ -n "$(find "$@" \( -name node_modules -o -name dist -o -name bin -o -name obj \) -prune -o -type f -newer "$file" -print -quit)" ]
}

step() { # what, log, command...
  local what=$1 output=$2 begun=$SECONDS
  shift 2
  printf '%s ... ' "$what"
  if "$@" >"$output" 2>&1; then
    echo "$((SECONDS - begun)) s"
  else
    echo "failed. The end of $output:"
    tail -n 40 "$output"
    exit 1
  fi
}

build_dashboard() {
  mkdir -p artifacts/logs
  if newer_than src/Dashboard/node_modules/.package-lock.json src/Dashboard/package-lock.json; then
    step "Installing the dashboard's packages" artifacts/logs/npm.log npm --prefix src/Dashboard ci --no-audit --no-fund
  fi
  if newer_than src/Dashboard/dist/index.html src/Dashboard; then
    step "Building the dashboard" artifacts/logs/dashboard.log npm --prefix src/Dashboard run build
  fi
}

publish() {
  dotnet publish src/Silo/Silo.csproj -c Release -o artifacts/server -nodeReuse:false &&
    dotnet publish src/Client/Client.csproj -c Release -o artifacts/cli -nodeReuse:false
}

build_server() {
  mkdir -p artifacts/logs
  if newer_than artifacts/server/.built src Directory.Build.props Directory.Packages.props; then
    step "Building the server and the command line" artifacts/logs/publish.log publish
    touch artifacts/server/.built
  fi
  rm -rf artifacts/server/wwwroot
  if [ "$dashboard" = yes ]; then cp -r src/Dashboard/dist artifacts/server/wwwroot; fi
}

http_status() { # port, path: the status of a GET, nothing when nobody answers
  local line=""
  { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 0
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
  read -r -t 5 line <&3 || true
  exec 3<&- 3>&-
  echo "$line" | cut -d ' ' -f 2
}

stop_server() {
  trap '' INT TERM
  if [ -n "$server_process" ] && kill -0 "$server_process" 2>/dev/null; then
    echo
    echo "Stopping ..."
    kill -TERM "$server_process" 2>/dev/null || true
  fi
  local code=0
  wait "$server_process" 2>/dev/null || code=$?
  exit "$code"
}

serve_and_wait() { # data folder, port, demo
  mkdir -p "$1"
  log=$1/server.log
  # A second start must not cut the log of the server that owns the folder.
  if [ -e "$1/journal.lock" ] && command -v flock >/dev/null && ! flock -n "$1/journal.lock" true; then
    echo "Another ChainCrm server uses $1. Stop it, or choose another folder with --data."
    exit 3
  fi
  local arguments=(--data "$1" --port "$2" --set log.format=simple)
  if [ -n "$3" ]; then arguments+=(--demo "$3"); else arguments+=(--empty); fi
  dotnet artifacts/server/ChainCrm.Silo.dll "${arguments[@]}" >"$log" &
  server_process=$!
  trap stop_server INT TERM
  printf 'Starting ... '
  local begun=$SECONDS
  until [ "$(http_status "$2" /health/ready)" = 200 ]; do
    if ! kill -0 "$server_process" 2>/dev/null; then
      local code=0
      wait "$server_process" || code=$?
      echo "the server ended (exit code $code). The end of $log:"
      tail -n 20 "$log"
      exit "$code"
    fi
    if [ $((SECONDS - begun)) -gt 120 ]; then
      echo "not ready after two minutes. The end of $log:"
      tail -n 20 "$log"
      stop_server
    fi
    sleep 0.2
  done
  echo "$((SECONDS - begun)) s"
}

wait_for_end() {
  local code=0
  wait "$server_process" || code=$?
  echo "The server ended with exit code $code. Its log: $log"
  exit "$code"
}
