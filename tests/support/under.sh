#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs a program under what ROOKERY_UNDER says, such as valgrind with its options.
# shellcheck disable=SC2086 # a command and its options
exec $ROOKERY_UNDER "$@"
