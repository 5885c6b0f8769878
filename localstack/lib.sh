# Functions shared by the scripts of this folder. Source this file, do not run it.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tenfold
instances=$cache/localstack

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# Prints the path of the first Python 3.12 or newer that runs (a pyenv shim may only print how to choose a version).
# Tries 3.13 first, the version that LocalStack is built for.
find_python() {
  local candidate
  for candidate in python3.13 python3 python3.12 python3.14 "$HOME"/.pyenv/versions/{3.13,3.12,*}*/bin/python3; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  die "LocalStack needs Python 3.12 or newer with the venv module. Neither python3 nor python3.12 to python3.14 on the" \
    "PATH, nor a version under ~/.pyenv/versions, qualifies. Install one, or use compose.yml with Docker."
}

hash_of() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-12; }

# Takes an exclusive lock on an open file descriptor; closing it releases the lock. macOS has no flock command.
lock() {
  if command -v flock >/dev/null; then flock "$1"; else
    perl -e 'use Fcntl ":flock"; open(my $f, ">&=", shift) or exit 1; flock($f, LOCK_EX) or exit 1' "$1"
  fi
}

# Creates the virtual environment if it does not exist, and sets `venv`. The environment depends only on
# requirements.lock. `up` puts the extension on the Python path when LocalStack starts, so it is never stale.
ensure_venv() {
  venv=$cache/localstack-venv-$(hash_of <"$here/requirements.lock")
  usable && return
  local python
  python=$(find_python) || exit 1
  mkdir -p "$cache"
  exec 8>"$venv.lock"
  lock 8 || die "could not lock $venv.lock"
  if ! usable; then
    say "creating the Python environment $venv (once; up to a minute, 570 MB)"
    rm -rf "$venv"
    install_venv "$python" >"$venv.log" 2>&1 || { tail -n 20 "$venv.log" >&2; die "could not create $venv, see $venv.log"; }
  fi
  exec 8>&-
}

# Succeeds if the environment is complete and the Python that created it still exists.
usable() { [ -e "$venv/complete" ] && "$venv/bin/python" -c '' 2>/dev/null; }

# Installs uv from the same lock with its hash checked. If uv has no build for this machine, pip installs everything.
install_venv() {
  export PIP_DISABLE_PIP_VERSION_CHECK=1 UV_PYTHON_DOWNLOADS=never
  "$1" -m venv "$venv" || return 1
  awk '/^[a-z]/ { wanted = /^uv==/ } wanted' "$here/requirements.lock" >"$venv/uv.lock"
  { "$venv/bin/python" -m pip install --require-hashes -r "$venv/uv.lock" \
      && "$venv/bin/uv" pip install --compile-bytecode --python "$venv/bin/python" --require-hashes -r "$here/requirements.lock"
  } || "$venv/bin/python" -m pip install --require-hashes -r "$here/requirements.lock" || return 1
  touch "$venv/complete"
}

# Prints the process ID of the LocalStack that `up` started on port $1, if it still runs. The command line is checked
# because the system may have reused the process ID in the file.
running() {
  local pid
  pid=$(cat "$instances/$1/pid" 2>/dev/null) || return 1
  case $(ps -ww -o command= -p "$pid" 2>/dev/null || tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") in
    *"-m tenfold_localstack --port $1"*) printf '%s\n' "$pid" ;;
    *) return 1 ;;
  esac
}
