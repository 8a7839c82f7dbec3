#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh SECONDS: fuzzes every harness for so long each. What it finds stays in
# build/fuzz/found and becomes a test; what it learns stays in build/fuzz/corpus.
set -eu
cd "$(dirname "$0")/../.."
seconds=$1
bad=0
mkdir -p build/fuzz/found build/fuzz/corpus/health

# The captured files of the kernel, each behind the byte that names its parser in
# fuzz_health.c.
parser=0
for file in stat diskstats self/mountinfo net/dev pressure/cpu swaps meminfo vmstat \
	1/stat net/tcp; do
	for path in plugins/system_health/testdata/*/proc/"$file"; do
		[ -f "$path" ] || continue
		seed=build/fuzz/corpus/health/seed-$(printf %s "$path" | tr / -)
		# shellcheck disable=SC2059 # a byte by its number
		{ printf "\\$(printf %03o "$parser")"; cat "$path"; } >"$seed"
	done
	parser=$((parser + 1))
done

# Zones of the machine, each with a time behind it.
mkdir -p build/fuzz/corpus/sdk_zone
for zone in Europe/Vienna America/St_Johns Pacific/Apia Africa/Casablanca; do
	file=/usr/share/zoneinfo/$zone
	[ -f "$file" ] || continue
	{ cat "$file"; printf 'rookery\001'; } >"build/fuzz/corpus/sdk_zone/$(basename "$zone")"
done

for harness in build/fuzz/tests/fuzz/fuzz_*; do
	case $harness in *.*) continue ;; esac
	name=$(basename "$harness" | sed 's/^fuzz_//')
	learned=build/fuzz/corpus/$name
	mkdir -p "$learned"
	seeds=tests/fuzz/corpus/$name
	[ -d "$seeds" ] || seeds=
	printf 'fuzz: %s for %s s\n' "$name" "$seconds"
	# shellcheck disable=SC2086 # no seeds is no argument
	"$harness" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 \
		-artifact_prefix="build/fuzz/found/$name-" "$learned" $seeds \
		>"build/fuzz/$name.log" 2>&1 ||
		{ tail -n 40 "build/fuzz/$name.log"; bad=1; }
	grep -E 'stat::number_of_executed_units' "build/fuzz/$name.log" || true
done
exit $bad
