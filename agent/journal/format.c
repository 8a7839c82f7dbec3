/* SPDX-License-Identifier: Apache-2.0 */
#include "format.h"

#include "base/bytes.h"
#include "base/checksum.h"

#include <errno.h>

static const char segment_magic[8] = { 'r', 'k', 'j', 'o', 'u', 'r', 'n', 'l' };
static const char frame_magic[4] = { 'r', 'k', 'f', 'r' };

void segment_header_put(
	uint8_t to[SEGMENT_HEADER_SIZE], const struct segment_header *header)
{
	memcpy(to, segment_magic, sizeof(segment_magic));
	put_u32(to + 8, header->version);
	put_u32(to + 12, header->kind);
	put_u64(to + 16, header->epoch);
	put_u64(to + 24, header->first_sequence);
	put_u64(to + 32, (uint64_t)header->created_ns);
	put_u32(to + 40, 0);
	put_u32(to + 44, crc32c(0, to, 44));
}

int segment_header_get(
	const uint8_t from[SEGMENT_HEADER_SIZE], struct segment_header *ret_header)
{
	if (memcmp(from, segment_magic, sizeof(segment_magic)) != 0 ||
		get_u32(from + 44) != crc32c(0, from, 44))
		return -EBADMSG;
	ret_header->version = get_u32(from + 8);
	ret_header->kind = get_u32(from + 12);
	ret_header->epoch = get_u64(from + 16);
	ret_header->first_sequence = get_u64(from + 24);
	ret_header->created_ns = (int64_t)get_u64(from + 32);
	return ret_header->version > JOURNAL_VERSION ? -EPROTONOSUPPORT : 0;
}

void frame_header_put(uint8_t to[FRAME_HEADER_SIZE], const struct frame_header *header)
{
	memcpy(to, frame_magic, sizeof(frame_magic));
	put_u64(to + 8, header->epoch);
	put_u64(to + 16, header->sequence);
	put_u64(to + 24, (uint64_t)header->observed_ns);
	put_u32(to + 32, header->size);
	put_u32(to + 36, header->content_crc);
	put_u32(to + 40, header->n_samples);
	put_u32(to + 44, header->n_events);
	put_u32(to + 4, crc32c(0, to + 8, FRAME_HEADER_SIZE - 8));
}

int frame_header_get(const uint8_t from[FRAME_HEADER_SIZE], uint64_t epoch,
	struct frame_header *ret_header)
{
	if (memcmp(from, frame_magic, sizeof(frame_magic)) != 0 ||
		get_u64(from + 8) != epoch ||
		get_u32(from + 4) != crc32c(0, from + 8, FRAME_HEADER_SIZE - 8))
		return -EBADMSG;
	ret_header->epoch = epoch;
	ret_header->sequence = get_u64(from + 16);
	ret_header->observed_ns = (int64_t)get_u64(from + 24);
	ret_header->size = get_u32(from + 32);
	ret_header->content_crc = get_u32(from + 36);
	ret_header->n_samples = get_u32(from + 40);
	ret_header->n_events = get_u32(from + 44);
	return ret_header->size > FRAME_MAX_CONTENT ? -EBADMSG : 0;
}

size_t frame_find(const uint8_t *from, size_t n, uint64_t epoch)
{
	const uint8_t *at = from, *end = from + n;

	while (end - at >= FRAME_HEADER_SIZE) {
		struct frame_header header;

		at = memmem(at, (size_t)(end - at), frame_magic, sizeof(frame_magic));
		if (!at || end - at < FRAME_HEADER_SIZE)
			break;
		if (frame_header_get(at, epoch, &header) == 0)
			return (size_t)(at - from);
		at++;
	}
	return n;
}
