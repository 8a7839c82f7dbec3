/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal's files, byte by byte. All integers are little-endian.
 *
 * A segment is a header and frames; beside it a .series file, a header and
 * frames too, holds the definitions of each of its frames once more, under the
 * same sequence, so that a damaged frame orphans no other.
 *
 *	header (48)                       frame (48 and its content)
 *	 0  magic "rkjournl"               0  magic "rkfr"
 *	 8  format version                 4  CRC32C of bytes 8 to 47
 *	12  kind: 1 frames, 2 definitions  8  epoch
 *	16  epoch                         16  sequence
 *	24  first sequence                24  observed, Unix time in ns
 *	32  created, Unix time in ns      32  size of the content
 *	40  reserved                      36  CRC32C of the content
 *	44  CRC32C of bytes 0 to 43       40  samples in it
 *	                                  44  events in it
 *
 * The header keeps this form in every version, so that each can tell a newer one
 * from damage: that is refused and nothing is touched. An older one is read; where
 * what follows differs, its reader asks the header's version.
 *
 * The epoch is a random number of the open that wrote the frame. It makes each
 * position unique, and with the magic it marks where frames begin when a reader
 * has to find the next one behind damage; nothing that a plugin emits can forge
 * it.
 */
#ifndef JOURNAL_FORMAT_H
#define JOURNAL_FORMAT_H

#include "model/frame.h"

#include <stdint.h>

#define JOURNAL_VERSION     1u
#define SEGMENT_HEADER_SIZE 48
#define FRAME_HEADER_SIZE   48

/* A part's bound, the source's definition and what surrounds them. */
#define FRAME_MAX_CONTENT (PART_MAX_SIZE + 2 * DEFINITION_MAX_SIZE)

enum segment_kind { SEGMENT_FRAMES = 1, SEGMENT_DEFINITIONS = 2 };

struct segment_header {
	uint32_t version, kind;
	uint64_t epoch, first_sequence;
	int64_t created_ns;
};

struct frame_header {
	uint64_t epoch, sequence;
	int64_t observed_ns;
	uint32_t size, content_crc;
	uint32_t n_samples, n_events;
};

/* A place in the journal: a frame, and how many of its records come before. */
struct position {
	uint64_t epoch, sequence;
	uint32_t index;
};

void segment_header_put(
	uint8_t to[SEGMENT_HEADER_SIZE], const struct segment_header *header);

/* 0; -EBADMSG: no such header or a damaged one; -EPROTONOSUPPORT: of a newer
 * version, which header->version then tells. */
int segment_header_get(
	const uint8_t from[SEGMENT_HEADER_SIZE], struct segment_header *ret_header);

void frame_header_put(uint8_t to[FRAME_HEADER_SIZE], const struct frame_header *header);

/* 0, or -EBADMSG where no undamaged header of this epoch stands there. */
int frame_header_get(const uint8_t from[FRAME_HEADER_SIZE], uint64_t epoch,
	struct frame_header *ret_header);

/* Where in n bytes the first undamaged header of this epoch stands whole; n where
 * none does. What a reader goes on from behind damage. */
size_t frame_find(const uint8_t *from, size_t n, uint64_t epoch);

#endif
