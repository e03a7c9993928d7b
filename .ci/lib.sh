# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is used by those who source it
# What the scripts of this folder share. It is sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ci=$root/.ci
# Downloads and built tools outlive a clone.
cache=${TASKNET_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tasknet}
export CGO_ENABLED=${CGO_ENABLED:-0}
# As the binary is built, so that tests and binary share what the compiler made of our dependencies.
if [[ " ${GOFLAGS:-} " != *" -trimpath "* ]]; then
	GOFLAGS="$(go env GOFLAGS 2>/dev/null || true) -trimpath"
	export GOFLAGS
fi

die() {
	printf '%s\n' "$*" >&2
	exit 1
}

# skip ends a step of .ci/test without a verdict, with the reason as its last line.
skip() {
	printf 'skipped: %s\n' "$*"
	exit 77
}

have() { command -v "$1" >/dev/null 2>&1; }

# pg_bin prints the folder of the newest PostgreSQL server. Debian keeps it off the PATH.
pg_bin() {
	local dir
	dir=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	if [[ ! -x $dir/initdb ]]; then
		dir=$(pg_config --bindir 2>/dev/null) || return 1
	fi
	[[ -x $dir/initdb && -x $dir/pg_ctl ]] && printf '%s\n' "$dir"
}

# chromium_bin prints the path of a Chromium or Chrome.
chromium_bin() {
	local name
	for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
		if [[ -n $name ]] && command -v "$name"; then
			return 0
		fi
	done
	return 1
}

# python_bin prints the path of a Python that .ci/python.lock is for, with what makes virtual environments.
python_bin() {
	local name
	for name in python3 python3.13 python3.12 python3.11; do
		if "$name" -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
			command -v "$name"
			return 0
		fi
	done
	return 1
}
