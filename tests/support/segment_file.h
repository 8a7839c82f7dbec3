/* SPDX-License-Identifier: Apache-2.0 */
/* Segments as the journal's writer would make them, for tests of what reads them. */
#ifndef SUPPORT_SEGMENT_FILE_H
#define SUPPORT_SEGMENT_FILE_H

#include "journal/segment.h"

/* Appends a frame around a content of one sample, with checksums that hold. */
void segment_file_pack(struct buffer *to, const struct segment_header *header,
	uint64_t sequence, const struct buffer *content);

/* Creates a segment of n frames with its .series file, which stays open. Frame i holds
 * one sample of value i, of series i, which it defines; every third one uses the series
 * of the frame before. offsets: where each begins; may be NULL. */
void segment_file_write(const char *folder, const struct segment_header *header,
	uint32_t n, struct segment *ret_segment, uint64_t *offsets);

/* Writes over some bytes of a file. */
void segment_file_damage(const char *path, uint64_t offset, const void *bytes, size_t n);

#endif
