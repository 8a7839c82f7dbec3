/* SPDX-License-Identifier: Apache-2.0 */
/* States, and the bytes and files of their snapshots. */
#include "journal/snapshot.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/file.h"

#include "cases.h"
#include "folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct position end = { 0x1234567890abcdef, 4711, 0 };

static void set(struct states *states, const char *id, const char *key, const char *value)
{
	struct kept_state *collector;

	assert_int_equal(states_add(states, slice_of(id), &collector), 0);
	assert_int_equal(state_set(&collector->state, slice_of(key), slice_of(value)), 0);
}

static void assert_has(
	const struct states *states, const char *id, const char *key, const char *value)
{
	const struct kept_state *collector = states_find(states, slice_of(id));

	assert_non_null(collector);
	assert_true(slice_equal(
		state_get(&collector->state, slice_of(key)), slice_of(value)));
}

static void make_states(struct states *states)
{
	set(states, "mails", "next", "100");
	set(states, "bills", "month", "2026-11");
	set(states, "bills", "!event/bill/late", "");
	set(states, "bill", "month", "2026-10");
}

/* ---- states ------------------------------------------------------------ */

static void states_are_found_by_id_and_sorted(void **state)
{
	struct states states = { 0 };
	struct kept_state *first, *second;

	(void)state;
	for (int i = 0; i < 100; i++) {
		char id[16];

		snprintf(id, sizeof(id), "id-%d", i * 37 % 100);
		set(&states, id, "key", id);
	}
	assert_int_equal(states.n, 100);
	for (size_t i = 1; i < states.n; i++)
		assert_true(strcmp(states.all[i - 1]->id, states.all[i]->id) < 0);
	assert_has(&states, "id-42", "key", "id-42");
	assert_null(states_find(&states, slice_of("id")));
	assert_int_equal(states_add(&states, slice_of("id-42"), &first), 0);
	assert_int_equal(states_add(&states, slice_of("id"), &second), 0);
	assert_ptr_equal(states_find(&states, slice_of("id-42")), first);
	assert_ptr_equal(states_find(&states, slice_of("id")), second);
	states_finish(&states);
}

static void ids_that_are_none_are_refused(void **state)
{
	static char too_long[STATES_MAX_ID + 1];
	const struct slice ids[] = { { "", 0 }, { "a\0b", 3 },
		{ too_long, sizeof(too_long) } };
	struct states states = { 0 };
	struct kept_state *collector;

	(void)state;
	memset(too_long, 'x', sizeof(too_long));
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(states_add(&states, ids[i], &collector), -EINVAL);
	assert_int_equal(states.n, 0);
	states_finish(&states);
}

static void a_state_is_bounded(void **state)
{
	static char bytes[STATE_MAX_VALUE + 1];
	struct state full = { 0 };
	char key[STATE_MAX_KEY + 1];
	size_t n = 0;

	(void)state;
	memset(key, 'k', sizeof(key));
	assert_int_equal(state_set(&full, (struct slice){ key, sizeof(key) },
				 (struct slice){ "", 0 }),
		-E2BIG);
	assert_int_equal(
		state_set(&full, (struct slice){ key, 0 }, slice_of("")), -E2BIG);
	assert_int_equal(
		state_set(&full, slice_of("a"), (struct slice){ bytes, sizeof(bytes) }),
		-E2BIG);
	while (full.size + STATE_MAX_VALUE + 2 <= STATE_MAX_SIZE) {
		snprintf(key, sizeof(key), "%zu", n++);
		assert_int_equal(state_set(&full, slice_of(key),
					 (struct slice){ bytes, STATE_MAX_VALUE }),
			0);
	}
	assert_int_equal(
		state_set(&full, slice_of("x"), (struct slice){ bytes, STATE_MAX_VALUE }),
		-E2BIG);
	/* What replaces as much fits, and what is removed makes room. */
	assert_int_equal(
		state_set(&full, slice_of("0"), (struct slice){ bytes, STATE_MAX_VALUE }),
		0);
	state_remove(&full, slice_of("0"));
	assert_int_equal(
		state_set(&full, slice_of("x"), (struct slice){ bytes, STATE_MAX_VALUE }),
		0);
	state_finish(&full);
	for (int i = 0; i < STATE_MAX_KEYS; i++) {
		snprintf(key, sizeof(key), "%d", i);
		assert_int_equal(state_set(&full, slice_of(key), slice_of("v")), 0);
	}
	assert_int_equal(state_set(&full, slice_of("one more"), slice_of("v")), -E2BIG);
	assert_int_equal(state_set(&full, slice_of("7"), slice_of("other")), 0);
	state_finish(&full);
}

static void a_key_is_a_text_that_is_not_the_hosts(void **state)
{
	static const struct {
		const char *text;
		bool sound;
	} keys[] = {
		{ "next", true },
		{ "mail/2026 Jürgen!", true },
		{ "", false },
		{ "!event/a", false },
		{ "a\nb", false },
		{ "a\x7f", false },
		{ "\xff", false },
		{ "\xed\xa0\x80", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		assert_int_equal(
			state_key_is_sound(slice_of(keys[i].text)), keys[i].sound);
}

/* ---- bytes ------------------------------------------------------------- */

static void a_snapshot_has_all_that_the_states_have(void **state)
{
	struct states states = { 0 }, read = { 0 };
	struct kept_state *empty;
	struct buffer bytes = { 0 };
	struct position position;

	(void)state;
	make_states(&states);
	assert_int_equal(states_add(&states, slice_of("never"), &empty), 0);
	snapshot_pack(&bytes, &states, &end, 1);
	assert_false(buffer_failed(&bytes));
	assert_int_equal(snapshot_unpack(bytes.data, bytes.size, &read, &position), 0);
	assert_true(position.epoch == end.epoch && position.sequence == end.sequence);
	assert_int_equal(read.n, 3);
	assert_has(&read, "mails", "next", "100");
	assert_has(&read, "bills", "month", "2026-11");
	assert_has(&read, "bills", "!event/bill/late", "");
	assert_has(&read, "bill", "month", "2026-10");
	buffer_finish(&bytes);
	states_finish(&states);
	states_finish(&read);
}

static void any_byte_that_is_not_what_it_was_is_damage(void **state)
{
	struct states states = { 0 }, read = { 0 };
	struct buffer bytes = { 0 };
	struct position position;

	(void)state;
	make_states(&states);
	snapshot_pack(&bytes, &states, &end, 1);
	for (size_t i = 0; i < bytes.size; i++) {
		bytes.data[i] ^= 0x20;
		assert_int_equal(
			snapshot_unpack(bytes.data, bytes.size, &read, &position),
			-EBADMSG);
		bytes.data[i] ^= 0x20;
		assert_int_equal(
			snapshot_unpack(bytes.data, i, &read, &position), -EBADMSG);
		assert_int_equal(read.n, 0);
	}
	buffer_append_byte(&bytes, 0);
	assert_int_equal(
		snapshot_unpack(bytes.data, bytes.size, &read, &position), -EBADMSG);
	buffer_finish(&bytes);
	states_finish(&states);
}

static void a_newer_version_is_told_from_damage(void **state)
{
	struct states states = { 0 }, read = { 0 };
	struct buffer bytes = { 0 };
	struct position position;

	(void)state;
	make_states(&states);
	snapshot_pack(&bytes, &states, &end, 1);
	put_u32(bytes.data + 8, SNAPSHOT_VERSION + 1);
	put_u32(bytes.data + 60, crc32c(0, bytes.data, 60));
	/* Whatever else a newer version may have changed. */
	bytes.data[bytes.size - 1] ^= 1;
	assert_int_equal(snapshot_unpack(bytes.data, bytes.size, &read, &position),
		-EPROTONOSUPPORT);
	buffer_finish(&bytes);
	states_finish(&states);
}

/* ---- files ------------------------------------------------------------- */

static void write_one(const char *folder, uint64_t number, uint64_t keep)
{
	struct states states = { 0 };
	struct buffer bytes = { 0 };
	char value[32];

	snprintf(value, sizeof(value), "%llu", (unsigned long long)number);
	set(&states, "id", "number", value);
	snapshot_pack(&bytes, &states, &end, 1);
	assert_int_equal(snapshot_write(folder, number, keep, &bytes), 0);
	buffer_finish(&bytes);
	states_finish(&states);
}

static void what_is_older_than_the_last_two_is_removed(void **state)
{
	char *folder = folder_make();
	CLEANUP_FREE uint64_t *numbers = NULL;
	struct states states = { 0 };
	struct position position;
	size_t n;

	(void)state;
	for (uint64_t i = 1; i <= 12; i++)
		write_one(folder, i, i - 1);
	assert_int_equal(snapshots_list(folder, &numbers, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(numbers[0], 12);
	assert_int_equal(numbers[1], 11);
	assert_int_equal(snapshot_read(folder, 11, &states, &position), 0);
	assert_has(&states, "id", "number", "11");
	assert_int_equal(snapshot_read(folder, 10, &states, &position), -ENOENT);
	states_finish(&states);
	folder_remove(folder);
}

static void only_names_that_were_written_here_are_snapshots(void **state)
{
	static const char *const names[] = { "states.tmp", "states.", "states.0",
		"states.01", "states.-1", "states.+1", "states.1x", "state.1",
		"states.99999999999999999999" };
	char *folder = folder_make();
	CLEANUP_FREE uint64_t *numbers = NULL;
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		CLEANUP_FREE char *path = path_join(folder, names[i]);
		CLEANUP_FCLOSE FILE *file = fopen(path, "w");

		assert_non_null(file);
	}
	assert_int_equal(snapshots_list(folder, &numbers, &n), 0);
	assert_int_equal(n, 0);
	folder_remove(folder);
}

static void one_that_cannot_be_written_leaves_the_others(void **state)
{
	char *folder = folder_make();
	CLEANUP_FREE char *making = path_join(folder, "states.tmp");
	CLEANUP_FREE uint64_t *numbers = NULL;
	struct states states = { 0 };
	struct buffer bytes = { 0 };
	size_t n;

	(void)state;
	write_one(folder, 1, 0);
	write_one(folder, 2, 1);
	assert_int_equal(folder_create(making, 0700), 0); /* in the way */
	snapshot_pack(&bytes, &states, &end, 1);
	assert_int_equal(snapshot_write(folder, 3, 2, &bytes), -EISDIR);
	assert_int_equal(snapshots_list(folder, &numbers, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(numbers[0], 2);
	buffer_finish(&bytes);
	folder_remove(folder);
}

static void a_folder_that_is_not_there_has_no_snapshots(void **state)
{
	CLEANUP_FREE uint64_t *numbers = NULL;
	size_t n;

	(void)state;
	assert_int_equal(snapshots_list("/nonexistent", &numbers, &n), 0);
	assert_int_equal(n, 0);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(states_are_found_by_id_and_sorted),
	cmocka_unit_test(ids_that_are_none_are_refused),
	cmocka_unit_test(a_state_is_bounded),
	cmocka_unit_test(a_key_is_a_text_that_is_not_the_hosts),
	cmocka_unit_test(a_snapshot_has_all_that_the_states_have),
	cmocka_unit_test(any_byte_that_is_not_what_it_was_is_damage),
	cmocka_unit_test(a_newer_version_is_told_from_damage),
	cmocka_unit_test(what_is_older_than_the_last_two_is_removed),
	cmocka_unit_test(only_names_that_were_written_here_are_snapshots),
	cmocka_unit_test(one_that_cannot_be_written_leaves_the_others),
	cmocka_unit_test(a_folder_that_is_not_there_has_no_snapshots),
};

CASES_MAIN(cases)
