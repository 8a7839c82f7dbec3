/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points in time as RFC 3339 text. Inside, a time is an int64_t of nanoseconds
 * since 1970-01-01T00:00:00Z, without leap seconds (POSIX time), which covers
 * the years 1678 to 2261.
 */
#ifndef BASE_TIMESTAMP_H
#define BASE_TIMESTAMP_H

#include <stddef.h>
#include <stdint.h>

#define TIMESTAMP_TEXT_SIZE 30 /* 2026-11-21T03:10:07.512345678Z */

/* Writers of the same second again reuse what they wrote before. A zeroed struct
 * is ready for use; each thread has its own. */
struct timestamp_cache {
	int64_t second;
	size_t size; /* 0: nothing cached */
	char text[20];
};

/* Writes UTC with as many of 0, 3, 6 or 9 digits of a second as it takes; at
 * most TIMESTAMP_TEXT_SIZE bytes without a NUL. Returns the end. */
char *timestamp_to_text(struct timestamp_cache *cache, char *to, int64_t time_ns);

/* Reads "2026-11-01", "2026-11-01T00:00:00Z", also with a fraction or an offset
 * such as "+01:00". -EINVAL: not of this form; -ERANGE: not within the years. */
int timestamp_from_text(const char *text, size_t n, int64_t *ret_time_ns);

#endif
