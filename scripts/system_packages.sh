#!/usr/bin/env bash
# Makes sure that the programs which pip cannot bring are there, and installs them where it may.
#
#   scripts/system_packages.sh venv     a Python that can make virtual environments ($PYTHON, or python3)
#   scripts/system_packages.sh node     Node.js and npm, which check the custom elements
#   scripts/system_packages.sh test     PostgreSQL's server programs, Chromium, nginx and Caddy, and what the guide's snippets call
#   scripts/system_packages.sh bench    the same PostgreSQL, nginx, wrk
set -euo pipefail

python=${PYTHON:-python3}
# Debian keeps servers where a user's PATH does not look.
PATH=$PATH:/usr/sbin:/sbin

has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

has_postgresql() {
  local directory
  for directory in "$(dirname "$(command -v initdb || true)")" \
                   "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin; do
    [[ -x $directory/initdb && -x $directory/postgres ]] && return
  done
  return 1
}

has_node() { command -v node >/dev/null; }
has_npm() { command -v npm >/dev/null; }
has_chromium() { [[ -x /usr/bin/chromium ]]; }
has_nginx() { command -v nginx >/dev/null; }
has_caddy() { command -v caddy >/dev/null; }
has_curl() { command -v curl >/dev/null; }
has_openssl() { command -v openssl >/dev/null; }
# Playwright's driver is linked with it.
has_libatomic() { ldconfig -p | grep -q 'libatomic\.so\.1'; }
# What is tracked is only asked where there is a checkout.
has_git() { [[ ! -e .git ]] || command -v git >/dev/null; }
has_wrk() { command -v wrk >/dev/null; }

has_japanese() { ! command -v fc-list >/dev/null || [[ -n $(fc-list :lang=ja) ]]; }

need() { "has_$1" || missing+=("$2"); }
# What makes pictures nicer, and what no test rests on: it comes along where something is installed anyway.
like() { "has_$1" || liked+=("$2"); }

look() {
  missing=() liked=()
  case $1 in
    venv)  need venv python3-venv ;;
    node)  need node nodejs; need npm npm ;;
    test)  need postgresql postgresql; need chromium chromium; need curl curl; need openssl openssl
           need libatomic libatomic1; need git git
           need nginx nginx-light; need caddy caddy; like japanese fonts-droid-fallback ;;
    bench) need postgresql postgresql; need nginx nginx-light; need wrk wrk ;;
    *)     echo "usage: $0 venv|node|test|bench" >&2; exit 2 ;;
  esac
  (( ${#missing[@]} == 0 ))
}

may_install() {
  command -v apt-get >/dev/null || return
  if [[ $(id -u) == 0 ]]; then
    as_root=(env)
  else
    as_root=(sudo -n env)
    command -v sudo >/dev/null && sudo -n true 2>/dev/null
  fi
}

ask() {
  echo "Please install: ${missing[*]} (the names are Debian's)" >&2
  exit 1
}

look "${1:-}" && exit
may_install || ask

echo "Installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" ${liked[@]+"${liked[@]}"} >/dev/null

# A package that came and did not help (it was for another Python, say) is told here, not three steps later.
look "$1" || ask
