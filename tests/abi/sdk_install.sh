#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sdk_install.sh BUILD: installs into a folder of its own and builds the example against
# that, with CMake and with pkg-config; the agent takes both.
set -eu
build=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

DESTDIR=$folder/root cmake --install "$build" >"$folder/install.log"
pc=$(find "$folder/root" -name rookery.pc)
prefix=$folder/root$(sed -n 's/^prefix=//p' "$pc")
example=$(find "$folder/root" -path '*examples/load')
[ -n "$example" ]

cmake -G Ninja -S "$example" -B "$folder/build" -DCMAKE_PREFIX_PATH="$prefix" >"$folder/cmake.log" ||
	{ cat "$folder/cmake.log"; exit 1; }
cmake --build "$folder/build" >"$folder/build.log" || { cat "$folder/build.log"; exit 1; }
"$build/rookery" plugin describe load --plugin-path "$folder/build"

mkdir "$folder/plain"
flags=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --define-variable=prefix="$prefix" \
	--cflags rookery)
# shellcheck disable=SC2086 # flags
cc -std=c11 -shared -fPIC -fvisibility=hidden $flags -o "$folder/plain/load.so" \
	"$example/load.c"
cat >"$folder/rookery.yaml" <<EOF
agent: { host: mx1, state_dir: $folder/state }
collectors: [{ id: load, plugin: load, options: { path: $folder/loadavg } }]
EOF
echo "0.42 1.30 12.05 1/123 4567" >"$folder/loadavg"
"$build/rookery" collect load --once --print --config "$folder/rookery.yaml" \
	--plugin-path "$folder/plain" >"$folder/samples"
for value in 0.42 1.30 12.05; do
	grep -q "\"metric\":\"example.load\".*\"value\":$value," "$folder/samples" ||
		{ cat "$folder/samples"; exit 1; }
done

# All that must be there, and nothing that belongs to nobody.
for path in bin/rookery include/rookery/plugin.h include/rookery/ext/loop.h include/rookery/ext/metrics.h include/rookery/ext/state.h share/rookery/conf.d/system_health.yaml \
	share/rookery/config.schema.json lib/systemd/system/rookery.service; do
	[ -e "$prefix/$path" ] || { echo "not installed: $path"; exit 1; }
done
"$prefix/bin/rookery" plugin list | grep -q '^system_health ' ||
	ROOKERY_PLUGIN_PATH=$(dirname "$(find "$folder/root" -name system_health.so)") \
		"$prefix/bin/rookery" plugin list | grep -q '^system_health '
