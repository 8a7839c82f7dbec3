/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variable-length integers as in Protocol Buffers: seven bits a byte, lowest
 * first, the top bit says that more follow; signed ones zigzag first.
 * https://protobuf.dev/programming-guides/encoding/#varints
 */
#ifndef BASE_VARINT_H
#define BASE_VARINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VARINT_MAX_SIZE 10

static inline uint64_t zigzag_encode(int64_t value)
{
	return ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}

static inline int64_t zigzag_decode(uint64_t value)
{
	return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* Writes value, which takes at most VARINT_MAX_SIZE bytes; returns the end. */
static inline uint8_t *varint_put(uint8_t *to, uint64_t value)
{
	while (value >= 0x80) {
		*to++ = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	*to++ = (uint8_t)value;
	return to;
}

/* Reads one value and moves *from behind it. False, with *from anywhere, where
 * the bytes end too early or the value does not fit 64 bits. */
static inline bool varint_get(
	const uint8_t **from, const uint8_t *end, uint64_t *ret_value)
{
	uint64_t value = 0;
	unsigned int shift;

	for (shift = 0; shift < 64 && *from < end; shift += 7) {
		uint8_t byte = *(*from)++;

		if (shift == 63 && byte > 1)
			return false;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*ret_value = value;
			return true;
		}
	}
	return false;
}

static inline bool varint_get_signed(
	const uint8_t **from, const uint8_t *end, int64_t *ret_value)
{
	uint64_t value;

	if (!varint_get(from, end, &value))
		return false;
	*ret_value = zigzag_decode(value);
	return true;
}

#endif
