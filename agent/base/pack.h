/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packing into a buffer and unpacking from bytes that may be hostile: variable
 * integers and texts with their length in front. Failure sticks on both sides,
 * so that a chain of calls needs one check at its end.
 */
#ifndef BASE_PACK_H
#define BASE_PACK_H

#include "buffer.h"
#include "bytes.h"
#include "varint.h"

#include <string.h>

/* Some bytes that somebody else owns; as a text it has no NUL at its end. */
struct slice {
	const char *at;
	size_t n;
};

static inline struct slice slice_of(const char *text)
{
	return (struct slice){ text, text ? strlen(text) : 0 };
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, a.n) == 0);
}

/* ---- packing ----------------------------------------------------------- */

static inline void pack_unsigned(struct buffer *to, uint64_t value)
{
	uint8_t *room = buffer_reserve(to, VARINT_MAX_SIZE);

	if (room)
		buffer_advance(to, (size_t)(varint_put(room, value) - room));
}

static inline void pack_signed(struct buffer *to, int64_t value)
{
	pack_unsigned(to, zigzag_encode(value));
}

static inline void pack_slice(struct buffer *to, struct slice slice)
{
	pack_unsigned(to, slice.n);
	buffer_append(to, slice.at, slice.n);
}

static inline void pack_text(struct buffer *to, const char *text)
{
	pack_slice(to, slice_of(text));
}

/* ---- unpacking --------------------------------------------------------- */

struct unpack {
	const uint8_t *at, *end;
	bool failed;
};

static inline struct unpack unpack_start(const void *bytes, size_t n)
{
	const uint8_t *begin = bytes;

	/* No bytes may come without an address, to which C lets nobody add even 0. */
	return (struct unpack){ begin, n > 0 ? begin + n : begin, false };
}

static inline bool unpack_is_done(const struct unpack *from)
{
	return from->at == from->end || from->failed;
}

static inline uint64_t unpack_unsigned(struct unpack *from)
{
	uint64_t value = 0;

	if (from->failed || !varint_get(&from->at, from->end, &value))
		from->failed = true;
	return from->failed ? 0 : value;
}

/* Fails where the value is above most. */
static inline uint64_t unpack_up_to(struct unpack *from, uint64_t most)
{
	uint64_t value = unpack_unsigned(from);

	if (value > most)
		from->failed = true;
	return from->failed ? 0 : value;
}

static inline int64_t unpack_signed(struct unpack *from)
{
	return zigzag_decode(unpack_unsigned(from));
}

static inline uint8_t unpack_byte(struct unpack *from)
{
	if (from->failed || from->at == from->end) {
		from->failed = true;
		return 0;
	}
	return *from->at++;
}

static inline uint64_t unpack_u64(struct unpack *from)
{
	uint64_t value = 0;

	if (from->failed || from->end - from->at < 8) {
		from->failed = true;
		return 0;
	}
	value = get_u64(from->at);
	from->at += 8;
	return value;
}

/* Borrowed from the bytes that are unpacked. */
static inline struct slice unpack_slice(struct unpack *from)
{
	size_t n = (size_t)unpack_up_to(from, (uint64_t)(from->end - from->at));
	struct slice slice = { (const char *)from->at, n };

	/* The length itself took bytes, so look again at what is left. */
	if (from->failed || (uint64_t)(from->end - from->at) < n) {
		from->failed = true;
		return (struct slice){ "", 0 };
	}
	slice.at = (const char *)from->at;
	from->at += n;
	return slice;
}

#endif
