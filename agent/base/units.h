/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durations and sizes as people write them in configuration.
 *
 * A duration is one or more of number and unit: "1500ms", "10s", "1h30m", "7d";
 * ns, us, ms, s, m, h, d (24 h) and w are known. A size is a number and a unit:
 * "64KiB", "10MB", "512B"; powers of 1024 with an i, of 1000 without. Only zero
 * goes without a unit.
 */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

/* -EINVAL: not of this form; -ERANGE: does not fit. */
int duration_from_text(const char *text, size_t n, int64_t *ret_ns);
int size_from_text(const char *text, size_t n, uint64_t *ret_bytes);

#define UNIT_TEXT_SIZE 48

/* The shortest exact form of the same kind, ended with a NUL; returns to. */
char *duration_to_text(char to[UNIT_TEXT_SIZE], int64_t ns);
char *size_to_text(char to[UNIT_TEXT_SIZE], uint64_t bytes);

#endif
