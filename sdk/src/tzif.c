/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads TZif files (RFC 9636): a header and a block of data with times of 32 bits, and
 * from version 2 on both once more with 64 bits, and a footer, where the first block is
 * passed over. A file is taken whole or not at all; nothing in it is trusted.
 */
#include <rookery/zone.h>

#include "error.h"
#include "zoneinfo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE 44
#define TYPE_SIZE   6

struct bytes {
	const uint8_t *at;
	size_t n;
};

/* The counts of a header, in its order. */
enum { IS_UT, IS_STD, LEAPS, TIMES, TYPES, CHARS, N_COUNTS };

struct header {
	char version;
	uint32_t counts[N_COUNTS];
	size_t time_size;
};

/* Where the parts of a block are. */
struct block {
	struct header header;
	const uint8_t *times, *indexes, *types;
	const char *chars;
	const uint8_t *flags;
};

static const uint8_t *take(struct bytes *bytes, uint64_t n)
{
	const uint8_t *at = bytes->at;

	if (n > bytes->n)
		return NULL;
	bytes->at += n;
	bytes->n -= (size_t)n;
	return at;
}

static uint32_t get_32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
	       at[3];
}

static int64_t get_time(const uint8_t *at, size_t size)
{
	if (size == 4)
		return (int32_t)get_32(at);
	return (int64_t)((uint64_t)get_32(at) << 32 | get_32(at + 4));
}

static const char *read_header(
	struct bytes *bytes, size_t time_size, struct header *header)
{
	const uint8_t *at = take(bytes, HEADER_SIZE);

	if (!at)
		return "ends within a header";
	if (memcmp(at, "TZif", 4) != 0)
		return "does not begin as a TZif file";
	header->version = (char)at[4];
	if (header->version != '\0' && (header->version < '2' || header->version > '4'))
		return "has a version that is not known";
	for (size_t i = 0; i < N_COUNTS; i++)
		header->counts[i] = get_32(at + 20 + 4 * i);
	header->time_size = time_size;
	return NULL;
}

static const char *counts_problem(const uint32_t *counts)
{
	if (counts[TYPES] < 1 || counts[TYPES] > 256 || counts[CHARS] < 1)
		return "has no types of local time, or too many";
	if ((counts[IS_UT] != 0 && counts[IS_UT] != counts[TYPES]) ||
		(counts[IS_STD] != 0 && counts[IS_STD] != counts[TYPES]))
		return "has indicators that are not one for each type";
	return NULL;
}

/* Takes the parts of a block, all of them or none. */
static const char *read_block(struct bytes *bytes, struct block *block)
{
	const uint32_t *counts = block->header.counts;
	uint64_t times = (uint64_t)counts[TIMES] * block->header.time_size;
	uint64_t leaps = (uint64_t)counts[LEAPS] * (block->header.time_size + 4);
	bool is_whole;

	block->times = take(bytes, times);
	block->indexes = take(bytes, counts[TIMES]);
	block->types = take(bytes, (uint64_t)counts[TYPES] * TYPE_SIZE);
	block->chars = (const char *)take(bytes, counts[CHARS]);
	is_whole = block->times && block->indexes && block->types && block->chars &&
		   take(bytes, leaps);
	block->flags = take(bytes, (uint64_t)counts[IS_STD] + counts[IS_UT]);
	return is_whole && block->flags ? NULL : "ends within its data";
}

static const char *types_problem(const struct block *block)
{
	const uint32_t *counts = block->header.counts;

	for (uint32_t i = 0; i < counts[TYPES]; i++) {
		const uint8_t *type = block->types + (size_t)i * TYPE_SIZE;
		int32_t offset_s = (int32_t)get_32(type);

		if (offset_s <= -RK_MOST_OFFSET_S || offset_s >= RK_MOST_OFFSET_S)
			return "has an offset of more than a day";
		if (type[4] > 1)
			return "has a type that neither is nor is not daylight saving "
			       "time";
		if (type[5] >= counts[CHARS] ||
			!memchr(block->chars + type[5], '\0', counts[CHARS] - type[5]))
			return "has a type whose name does not end";
	}
	for (uint32_t i = 0; i < counts[IS_STD] + counts[IS_UT]; i++) {
		if (block->flags[i] > 1)
			return "has an indicator that is neither 0 nor 1";
	}
	return NULL;
}

static int32_t type_offset(const struct block *block, uint8_t index)
{
	return (int32_t)get_32(block->types + (size_t)index * TYPE_SIZE);
}

static const char *read_changes(const struct block *block, struct rk_zone *zone)
{
	zone->first_offset_s = type_offset(block, 0);
	for (size_t i = 0; i < zone->n_changes; i++) {
		struct rk_change *change = &zone->changes[i];
		size_t size = block->header.time_size;

		if (block->indexes[i] >= block->header.counts[TYPES])
			return "has a change to a type that it does not have";
		change->at_s = get_time(block->times + i * size, size);
		change->offset_s = type_offset(block, block->indexes[i]);
		if (i > 0 && change->at_s <= change[-1].at_s)
			return "has changes that are not in order";
	}
	return NULL;
}

static const char *read_footer(struct bytes *bytes, struct rk_zone *zone)
{
	const uint8_t *end =
		bytes->n > 1 ? memchr(bytes->at + 1, '\n', bytes->n - 1) : NULL;
	size_t n;

	if (!end || bytes->at[0] != '\n')
		return "has no whole footer";
	n = (size_t)(end - bytes->at) - 1;
	zone->has_footer = n > 0;
	if (n > 0 && !rk_tz_read((const char *)bytes->at + 1, n, &zone->footer))
		return "has a footer that says no rules";
	return bytes->n == n + 2 ? NULL : "goes on behind its footer";
}

/* Finds the block that counts. */
static const char *read_blocks(struct bytes *bytes, struct block *block)
{
	const char *problem = read_header(bytes, 4, &block->header);
	char version = block->header.version;

	if (!problem && version != '\0') {
		problem = read_block(bytes, block);
		if (!problem)
			problem = read_header(bytes, 8, &block->header);
		if (!problem && block->header.version != version)
			problem = "has two headers that differ in version";
	}
	if (!problem)
		problem = counts_problem(block->header.counts);
	if (!problem)
		problem = read_block(bytes, block);
	return problem ? problem : types_problem(block);
}

static int refuse(struct rk_error *error, int r, const char *problem)
{
	rk_error_set(error, 0, 0, "the file of the zone %s", problem);
	return r;
}

int rk_zone_read(
	const void *data, size_t n, struct rk_zone **ret_zone, struct rk_error *ret_error)
{
	struct bytes bytes = { data, n };
	struct block block = { .header = { .version = '\0' } };
	struct rk_zone *zone;
	const char *problem = n > RK_ZONE_MAX_SIZE ? "is too large" : NULL;

	if (!problem)
		problem = read_blocks(&bytes, &block);
	if (problem)
		return refuse(ret_error, -EINVAL, problem);
	if (block.header.counts[LEAPS] > 0)
		return refuse(ret_error, -ENOTSUP,
			"counts leap seconds, which Unix time does not");
	zone = rk_zone_create(block.header.counts[TIMES]);
	if (!zone)
		return refuse(ret_error, -ENOMEM, "does not fit into memory");
	problem = read_changes(&block, zone);
	if (!problem && block.header.version != '\0')
		problem = read_footer(&bytes, zone);
	else if (!problem && bytes.n > 0)
		problem = "goes on behind its end";
	if (problem) {
		rk_zone_destroy(zone);
		return refuse(ret_error, -EINVAL, problem);
	}
	*ret_zone = zone;
	return 0;
}
