# Finds the tools that ./run and ./test need; installs on Debian what it may. Sourced, not run.

install_debian() { # packages
  command -v apt-get >/dev/null || return 1
  [ "$(id -u)" -eq 0 ] || { echo "Please install: $*  (sudo apt-get install $*)"; return 1; }
  echo "Installing $* ..."
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"; } >/dev/null 2>&1
}

need_dotnet() {
  command -v dotnet >/dev/null && dotnet --list-sdks | grep -E '^1[0-9]\.' >/dev/null
}

need_node() {
  command -v node >/dev/null && command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]
}

need_browser() {
  if ! command -v chromium >/dev/null; then install_debian chromium || return 1; fi
  # Without fontconfig's tool nobody can tell; the package brings both.
  # (grep reads to the end here: with -q it would break the pipe, which pipefail takes for "no such font".)
  if ! command -v fc-list >/dev/null || ! fc-list | grep -i 'cjk' >/dev/null; then install_debian fonts-noto-cjk || return 1; fi
}

need_postgres() {
  # Debian puts the server's programmes here; the tests start a server of their own from there.
  compgen -G "/usr/lib/postgresql/*/bin/postgres" >/dev/null && return 0
  # The package would also make a cluster and start it, which nobody here needs: its first half brings the setting that says not to.
  install_debian postgresql-common || return 1
  local conf=/etc/postgresql-common/createcluster.conf former code=1
  former=$(mktemp) && cp -p "$conf" "$former" || return 1
  sed -i 's/^#\?create_main_cluster *=.*/create_main_cluster = false/' "$conf"
  if grep -q '^create_main_cluster = false' "$conf"; then
    install_debian postgresql
    code=$?
  fi
  cp -p "$former" "$conf"
  rm -f "$former"
  return "$code"
}
