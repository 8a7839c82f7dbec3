#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sdk_install.sh BUILD: installs into a folder of its own and builds the examples against
# that, with CMake and with pkg-config; the agent takes both. A plugin with the static
# library exports one symbol all the same, and needs jansson where it reads JSON alone.
set -eu
build=$1
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

DESTDIR=$folder/root cmake --install "$build" >"$folder/install.log"
pc=$(find "$folder/root" -name rookery.pc)
prefix=$folder/root$(sed -n 's/^prefix=//p' "$pc")
examples=$(find "$folder/root" -path '*/examples')
[ -n "$examples" ]

# flags OPTION PACKAGE: what pkg-config says; only our packages have a prefix to move.
flags() {
	PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --define-variable=prefix="$prefix" "$@"
}

for name in load bill; do
	cmake -G Ninja -S "$examples/$name" -B "$folder/build/$name" -DCMAKE_PREFIX_PATH="$prefix" \
		>"$folder/cmake.log" || { cat "$folder/cmake.log"; exit 1; }
	cmake --build "$folder/build/$name" >"$folder/build.log" || { cat "$folder/build.log"; exit 1; }
	"$build/rookery" plugin describe "$name" --plugin-path "$folder/build/$name"
	"$here/exports.sh" plugin "$folder/build/$name/$name.so"
done

mkdir "$folder/plain"
# shellcheck disable=SC2046 # flags
cc -std=c11 -shared -fPIC -fvisibility=hidden $(flags --cflags rookery) -o "$folder/plain/load.so" \
	"$examples/load/load.c"
# shellcheck disable=SC2046 # flags
cc -std=c11 -shared -fPIC -fvisibility=hidden $(flags --cflags rookery-plugin) \
	-o "$folder/plain/bill.so" "$examples/bill/bill.c" $(flags --libs rookery-plugin)
"$here/exports.sh" plugin "$folder/plain/bill.so"

# needs FILE: the libraries that it names.
needs() {
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}
needs "$folder/build/bill/bill.so" | grep -q '^libjansson'
if needs "$folder/build/load/load.so" | grep -q '^libjansson'; then
	echo 'a plugin without JSON needs jansson'
	exit 1
fi

# What is not for plugins has names of its own: the library defines rk_ alone.
library=$(find "$folder/root" -name librookery_plugin.a)
# gcov's own symbols are those of the coverage preset.
strange=$(nm --defined-only --extern-only --format=posix "$library" |
	grep -v -e '^rk_' -e ':$' -e '^__gcov_' -e '^mangle_path' -e '^$' || true)
[ -z "$strange" ] || { echo "$library defines: $strange"; exit 1; }

echo "0.42 1.30 12.05 1/123 4567" >"$folder/loadavg"
echo '{ "currency": "USD", "days": [ { "day": "2026-11-21", "cost": "12.340" } ] }' >"$folder/bill.json"
cat >"$folder/rookery.yaml" <<END
agent: { host: mx1, state_dir: $folder/state }
collectors:
  - { id: load, plugin: load, options: { path: $folder/loadavg } }
  - { id: bill, plugin: bill, options: { path: $folder/bill.json, zone: America/New_York } }
END

# collect NAME: its samples, once.
collect() {
	"$build/rookery" collect "$1" --once --print --config "$folder/rookery.yaml" \
		--plugin-path "$folder/plain" >"$folder/samples"
}

# expect PATTERN
expect() {
	grep -q "$1" "$folder/samples" || { cat "$folder/samples"; exit 1; }
}

collect load
for value in 0.42 1.30 12.05; do
	expect "\"metric\":\"example.load\".*\"value\":$value,"
done
collect bill
expect '"metric":"example.cost".*"value":12.340,'
expect '2026-11-21T05:00:00Z'
expect '2026-11-22T05:00:00Z'

# The asynchronous one, against its recorded exchange.
http=$(find "$folder/root" -path '*examples/http')
cmake -G Ninja -S "$http" -B "$folder/http" -DCMAKE_PREFIX_PATH="$prefix" >"$folder/cmake.log" ||
	{ cat "$folder/cmake.log"; exit 1; }
cmake --build "$folder/http" >"$folder/build.log" || { cat "$folder/build.log"; exit 1; }
cat >"$folder/http.yaml" <<EOF
agent: { host: mx1, state_dir: $folder/state }
collectors: [{ id: api, plugin: probe, options: { url: "https://api.example.com/health" } }]
EOF
"$build/rookery" collect api --once --print --config "$folder/http.yaml" \
	--plugin-path "$folder/http" --replay "$http/recorded" >"$folder/samples"
for value in 0.250000000 0.012000000 5183999.750000000; do
	grep -q "\"value\":$value," "$folder/samples" || { cat "$folder/samples"; exit 1; }
done

# All that must be there, and nothing that belongs to nobody.
for path in bin/rookery include/rookery/plugin.h include/rookery/ext/state.h include/rookery/ext/http.h \
	include/rookery/ext/loop.h include/rookery/ext/metrics.h \
	include/rookery/json.h share/rookery/conf.d/system_health.yaml \
	share/rookery/config.schema.json lib/systemd/system/rookery.service; do
	[ -e "$prefix/$path" ] || { echo "not installed: $path"; exit 1; }
done
"$prefix/bin/rookery" plugin list | grep -q '^system_health ' ||
	ROOKERY_PLUGIN_PATH=$(dirname "$(find "$folder/root" -name system_health.so)") \
		"$prefix/bin/rookery" plugin list | grep -q '^system_health '
