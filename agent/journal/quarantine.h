/* SPDX-License-Identifier: Apache-2.0 */
/* Where damaged pieces of the journal go, each with a file beside it that says
 * why: <folder>/quarantine. Beyond its bound a piece is set aside without its bytes,
 * as an empty file, and its reason says so. Blocks. */
#ifndef JOURNAL_QUARANTINE_H
#define JOURNAL_QUARANTINE_H

#include <stdbool.h>
#include <stdint.h>

/* All of its files together, in bytes. */
#define QUARANTINE_MAX_SIZE (UINT64_C(256) << 20)

/* Moves a whole file there. 0 or a negative errno. */
int quarantine_file(const char *folder, const char *path, const char *reason);

/* Copies the bytes [begin, end) of a segment there. 1; 0 where that piece is there
 * already, since another consumer met it first; a negative errno. */
int quarantine_piece(const char *folder, const char *path, uint64_t begin, uint64_t end,
	const char *reason);

/* Whether the piece of a segment that begins there was set aside before. */
bool quarantine_has_piece(const char *folder, const char *path, uint64_t begin);

/* Whether a segment that was set aside began with a frame of [begin, end). */
bool quarantine_has_segment(const char *folder, uint64_t begin, uint64_t end);

#endif
