# Shared by the scripts of this folder; sourced, never run.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tenfold
instances=$cache/localstack

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

# The first Python of at least 3.12 that really runs (a pyenv shim may only print how to choose a version);
# 3.13 first, since LocalStack is made for it.
find_python() {
  local candidate
  for candidate in python3.13 python3 python3.12 python3.14 "$HOME"/.pyenv/versions/{3.13,3.12,*}*/bin/python3; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return
    fi
  done
  die "LocalStack needs a Python of at least 3.12 with the venv module. None of python3, python3.12 and newer on" \
    "the PATH, nor one under ~/.pyenv/versions, is that. Install one, or use compose.yml with Docker."
}

hash_of() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-12; }

# An exclusive lock on an open file descriptor, held until it is closed. macOS has no flock command.
lock() {
  if command -v flock >/dev/null; then flock "$1"; else
    perl -e 'use Fcntl ":flock"; open(my $f, ">&=", shift) or exit 1; flock($f, LOCK_EX) or exit 1' "$1"
  fi
}

# Makes the virtual environment unless it is there, and sets `venv`. It depends on the lock alone: the
# extension is put on the path when LocalStack starts, so it is never stale.
make_venv() {
  venv=$cache/localstack-venv-$(hash_of <"$here/requirements.lock")
  usable && return
  local python
  python=$(find_python) || exit 1
  mkdir -p "$cache"
  exec 8>"$venv.lock"
  lock 8 || die "could not lock $venv.lock"
  if ! usable; then
    say "making the Python environment $venv (once: half a minute or so, 500 MB)"
    rm -rf "$venv"
    install_venv "$python" >"$venv.log" 2>&1 || { tail -n 20 "$venv.log" >&2; die "could not make $venv, see $venv.log"; }
  fi
  exec 8>&-
}

# It is complete, and the Python it was made with is still there.
usable() { [ -e "$venv/complete" ] && "$venv/bin/python" -c '' 2>/dev/null; }

# uv comes from the same lock, its hash checked; where it has no build for this machine pip does all of it.
install_venv() {
  export PIP_DISABLE_PIP_VERSION_CHECK=1 UV_PYTHON_DOWNLOADS=never
  "$1" -m venv "$venv" || return 1
  awk '/^[a-z]/ { wanted = /^uv==/ } wanted' "$here/requirements.lock" >"$venv/uv.lock"
  { "$venv/bin/python" -m pip install --require-hashes -r "$venv/uv.lock" \
      && "$venv/bin/uv" pip install --compile-bytecode --python "$venv/bin/python" --require-hashes -r "$here/requirements.lock"
  } || "$venv/bin/python" -m pip install --require-hashes -r "$here/requirements.lock" || return 1
  touch "$venv/complete"
}

# The pid of the LocalStack that `up` started on port $1, if it still runs: the file alone would also
# name whatever process the system has given that number to since.
running() {
  local pid
  pid=$(cat "$instances/$1/pid" 2>/dev/null) || return 1
  case $(ps -ww -o command= -p "$pid" 2>/dev/null || tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline") in
    *"-m tenfold_localstack --port $1"*) printf '%s\n' "$pid" ;;
    *) return 1 ;;
  esac
}
