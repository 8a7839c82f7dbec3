#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# exports.sh plugin FILE | agent FILE: what a plugin exports and imports, and that the
# agent exports nothing that a plugin could come to depend on.
set -eu
kind=$1
file=$2

# gcov's own symbols are those of the coverage preset.
exported=$(nm -D --defined-only --format=posix "$file" | cut -d' ' -f1 |
	grep -v -e '^__gcov_' -e '^mangle_path$' | sort)
imported=$(nm -D --undefined-only --format=posix "$file" | cut -d' ' -f1,2)

case $kind in
plugin)
	if [ "$exported" != rk_plugin_entry ]; then
		echo "$file exports: $exported"
		exit 1
	fi
	# Whatever it imports comes from a library with versioned symbols; weak ones
	# (w) may be missing.
	strange=$(printf '%s\n' "$imported" | grep -v '@' | grep -v ' w$' || true)
	if [ -n "$strange" ]; then
		echo "$file imports from nowhere: $strange"
		exit 1
	fi
	;;
agent)
	ours=$(printf '%s\n' "$exported" | grep -E '^(rk_|journal_|instance_|collector_|log_)' || true)
	if [ -n "$ours" ]; then
		echo "$file exports: $ours"
		exit 1
	fi
	;;
esac
