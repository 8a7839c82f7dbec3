/* SPDX-License-Identifier: Apache-2.0 */
/* A snapshot of any bytes: read as it is, and once more behind a header whose checksums
 * hold. What is accepted is within its bounds, and comes out the same when it is
 * written and read again. */
#include "base/bytes.h"
#include "base/checksum.h"
#include "journal/snapshot.h"

#include <assert.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_bounds(const struct states *states)
{
	for (size_t i = 0; i < states->n; i++) {
		const struct state *state = &states->all[i]->state;

		assert(i == 0 || strcmp(states->all[i - 1]->id, states->all[i]->id) < 0);
		assert(state->n <= STATE_MAX_KEYS && state->size <= STATE_MAX_SIZE);
	}
}

static void read_twice(const void *bytes, size_t size)
{
	struct states states = { 0 }, again = { 0 };
	struct position end, end_again;
	struct buffer first = { 0 }, second = { 0 };

	if (snapshot_unpack(bytes, size, &states, &end) < 0) {
		assert(states.n == 0);
		return;
	}
	check_bounds(&states);
	snapshot_pack(&first, &states, &end, 0);
	assert(snapshot_unpack(first.data, first.size, &again, &end_again) == 0);
	assert(end_again.epoch == end.epoch && end_again.sequence == end.sequence);
	snapshot_pack(&second, &again, &end, 0);
	assert(first.size == second.size &&
		memcmp(first.data, second.data, first.size) == 0);
	buffer_finish(&first);
	buffer_finish(&second);
	states_finish(&states);
	states_finish(&again);
}

static void put_header(uint8_t *to, const uint8_t *content, size_t size)
{
	memcpy(to, "rkstates", 8);
	put_u32(to + 8, SNAPSHOT_VERSION);
	put_u32(to + 12, crc32c(0, content, size));
	put_u64(to + 16, size);
	put_u32(to + 60, crc32c(0, to, 60));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = calloc(1, SNAPSHOT_HEADER_SIZE + size);

	read_twice(data, size);
	if (size > 0)
		memcpy(bytes + SNAPSHOT_HEADER_SIZE, data, size);
	put_header(bytes, bytes + SNAPSHOT_HEADER_SIZE, size);
	read_twice(bytes, SNAPSHOT_HEADER_SIZE + size);
	free(bytes);
	return 0;
}
