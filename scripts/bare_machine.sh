#!/usr/bin/env bash
# Proves the README on a machine that has nothing: makes a minimal Debian in a folder and runs in it
# what a reader types first, `make demo` and `make test`. Needs root and debootstrap.
#
#   scripts/bare_machine.sh FOLDER     FOLDER must not exist; it is left for a look, and may be removed
#
# DEBIAN_MIRROR and DEBIAN_SUITE say where from and which. SHOW names folders of this machine that the
# other sees, too: a local index of packages, for instance. ARGS go to `make test`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

root=${1:?usage: $0 FOLDER}
[[ ! -e $root ]] || { echo "$root is there already" >&2; exit 2; }

debootstrap --variant=minbase --include=ca-certificates,python3,make \
  "${DEBIAN_SUITE:-bookworm}" "$root" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}"
mkdir "$root/askfirst"
tar --create --exclude=.git --exclude=.venv --exclude=node_modules --exclude=__pycache__ . |
  tar --extract --directory "$root/askfirst"

# The network is the machine's own.
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/npmrc; do
  [[ ! -e $file ]] || cp --dereference "$file" "$root$file"
done
cp --recursive --dereference /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
cp --recursive --dereference /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
shown=(/proc /sys /dev ${SHOW:-})
for folder in "${shown[@]}"; do
  mkdir --parents "$root$folder"
  mount --rbind "$folder" "$root$folder"
  mount --make-rslave "$root$folder"
done
trap 'for folder in "${shown[@]}"; do umount --recursive "$root$folder"; done' EXIT

within() { chroot "$root" /bin/bash -c "cd /askfirst && $1"; }

within 'update-ca-certificates >/dev/null'
within 'answers() { python3 -c "import urllib.request as ask; ask.urlopen(\"http://127.0.0.1:8199/\", timeout=2)" 2>/dev/null; }
  setsid make demo ARGS="--port 8199" >/tmp/demo.log 2>&1 & demo=$!
  for second in $(seq 120); do answers && break; sleep 1; done
  answers || { cat /tmp/demo.log; exit 1; }
  echo "make demo answered after $second s"
  kill -- "-$demo"  # make, and what it started'
within "make test ARGS='${ARGS:-}'"
