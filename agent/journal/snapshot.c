/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot.h"

#include "base/bytes.h"
#include "base/checksum.h"

#include <errno.h>

static const char snapshot_magic[8] = { 'r', 'k', 's', 't', 'a', 't', 'e', 's' };

struct snapshot_header {
	uint32_t content_crc;
	uint64_t size;
	struct position end;
};

/* ---- packing ----------------------------------------------------------- */

static void pack_state(struct buffer *to, const struct kept_state *collector)
{
	const struct state *state = &collector->state;

	pack_text(to, collector->id);
	pack_unsigned(to, state->n);
	for (size_t i = 0; i < state->n; i++) {
		const struct state_entry *entry = &state->entries[i];

		pack_slice(to, (struct slice){ entry->key, entry->key_size });
		pack_slice(to, (struct slice){
				       entry->key + entry->key_size, entry->value_size });
	}
}

static void put_header(uint8_t to[SNAPSHOT_HEADER_SIZE],
	const struct snapshot_header *header, int64_t taken_ns)
{
	memset(to, 0, SNAPSHOT_HEADER_SIZE);
	memcpy(to, snapshot_magic, sizeof(snapshot_magic));
	put_u32(to + 8, SNAPSHOT_VERSION);
	put_u32(to + 12, header->content_crc);
	put_u64(to + 16, header->size);
	put_u64(to + 24, header->end.epoch);
	put_u64(to + 32, header->end.sequence);
	put_u64(to + 40, (uint64_t)taken_ns);
	put_u32(to + 60, crc32c(0, to, 60));
}

void snapshot_pack(struct buffer *to, const struct states *states,
	const struct position *end, int64_t taken_ns)
{
	struct snapshot_header header = { .end = *end };
	size_t begin = to->size;

	to->limit = begin + SNAPSHOT_MAX_SIZE;
	if (buffer_reserve(to, SNAPSHOT_HEADER_SIZE))
		buffer_advance(to, SNAPSHOT_HEADER_SIZE);
	for (size_t i = 0; i < states->n; i++) {
		/* One that never had a key needs none to come back. */
		if (states->all[i]->state.n > 0)
			pack_state(to, states->all[i]);
	}
	if (buffer_failed(to))
		return;
	header.size = to->size - begin - SNAPSHOT_HEADER_SIZE;
	header.content_crc =
		crc32c(0, to->data + begin + SNAPSHOT_HEADER_SIZE, header.size);
	put_header(to->data + begin, &header, taken_ns);
}

/* ---- unpacking --------------------------------------------------------- */

static int get_header(const uint8_t *from, size_t n, struct snapshot_header *ret_header)
{
	if (n < SNAPSHOT_HEADER_SIZE ||
		memcmp(from, snapshot_magic, sizeof(snapshot_magic)) != 0 ||
		get_u32(from + 60) != crc32c(0, from, 60))
		return -EBADMSG;
	/* Before anything else of it is believed. */
	if (get_u32(from + 8) > SNAPSHOT_VERSION)
		return -EPROTONOSUPPORT;
	ret_header->content_crc = get_u32(from + 12);
	ret_header->size = get_u64(from + 16);
	ret_header->end = (struct position){ get_u64(from + 24), get_u64(from + 32), 0 };
	if (ret_header->size != n - SNAPSHOT_HEADER_SIZE ||
		ret_header->content_crc !=
			crc32c(0, from + SNAPSHOT_HEADER_SIZE, ret_header->size))
		return -EBADMSG;
	return 0;
}

static int unpack_state(struct unpack *from, struct states *states)
{
	struct slice id = unpack_slice(from);
	uint64_t n = unpack_up_to(from, STATE_MAX_KEYS);
	struct kept_state *collector;
	int r;

	if (from->failed)
		return -EBADMSG;
	r = states_add(states, id, &collector);
	for (uint64_t i = 0; r == 0 && i < n; i++) {
		struct slice key = unpack_slice(from);
		struct slice value = unpack_slice(from);

		r = from->failed ? -EBADMSG : state_set(&collector->state, key, value);
	}
	return r;
}

int snapshot_unpack(
	const void *bytes, size_t n, struct states *states, struct position *ret_end)
{
	struct snapshot_header header;
	struct unpack from;
	int r = get_header(bytes, n, &header);

	if (r < 0)
		return r;
	from = unpack_start((const uint8_t *)bytes + SNAPSHOT_HEADER_SIZE, header.size);
	while (r == 0 && !unpack_is_done(&from))
		r = unpack_state(&from, states);
	if (r < 0) {
		states_finish(states);
		/* Beyond the bounds is nothing that was written here. */
		return r == -ENOMEM ? r : -EBADMSG;
	}
	*ret_end = header.end;
	return 0;
}
