#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# All that can be said about the sources without running them. `./dev lint` calls it.
# shellcheck disable=SC2317 # the functions are called by check
set -eu
cd "$(dirname "$0")/../.."
bad=0

# check NAME COMMAND...
check() {
	name=$1
	shift
	printf 'lint: %s\n' "$name"
	"$@" || { printf 'lint: %s found something\n' "$name"; bad=1; }
}

formatting() {
	git ls-files -z '*.c' '*.h' '*.cpp' | xargs -0 clang-format --dry-run -Werror
}

shells() {
	shellcheck dev .ci/run tests/*/*.sh
}

tidy() {
	git ls-files -z 'agent/*.c' 'plugins/*.c' 'sdk/src/*.c' |
		xargs -0 -n 8 -P "$(nproc)" clang-tidy --quiet -p build/debug 2>build/tidy.log ||
		{ grep -v 'warnings generated' build/tidy.log; return 1; }
}

analyze() {
	# shellcheck disable=SC2046 # a list of names
	cppcheck --quiet --std=c11 --error-exitcode=1 --inline-suppr -j "$(nproc)" \
		--enable=warning,style,performance,portability \
		--suppressions-list=tests/lint/cppcheck.txt \
		--library=posix -Iagent -Isdk/include -D_GNU_SOURCE \
		$(git ls-files 'agent/*.c' 'plugins/*.c' 'sdk/*.c')
}

generated() {
	folder=$(mktemp -d)
	sh tests/lint/generate.sh "$folder"
	result=0
	for file in $(cd "$folder" && find . -type f); do
		cmp -s "$folder/$file" "$file" ||
			{ echo "$file is not current: run ./dev generate"; result=1; }
	done
	rm -rf "$folder"
	return "$result"
}

check formatting formatting
check floors /usr/bin/python3 tests/lint/floors.py
check sizes /usr/bin/python3 tests/lint/sizes.py
check 'generated files' generated
check shells shells
check cppcheck analyze
check clang-tidy tidy
exit $bad
