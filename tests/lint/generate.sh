#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# generate.sh [FOLDER]: writes what is generated from tables, into the repository or
# below another folder, with which the check of generated files compares it.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
to=${1:-$root}
rookery=$root/build/debug/rookery
LD_BIND_NOW=1
ROOKERY_PLUGIN_PATH=$root/build/debug/plugins
export LD_BIND_NOW ROOKERY_PLUGIN_PATH

mkdir -p "$to/conf.d" "$to/docs" "$to/agent/base"
for so in "$root"/build/debug/plugins/*.so; do
	name=$(basename "$so" .so)
	mkdir -p "$to/plugins/$name"
	"$rookery" plugin describe "$name" --sample >"$to/conf.d/$name.yaml"
	"$rookery" plugin describe "$name" --markdown >"$to/plugins/$name/README.md"
done
"$rookery" config reference >"$to/docs/CONFIGURATION.md"
"$rookery" config schema >"$to/docs/config.schema.json"
/usr/bin/python3 "$root/tests/lint/powers_of_ten.py" >"$to/agent/base/powers_of_ten.inc"
