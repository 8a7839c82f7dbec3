/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal keeps of states: over restarts, removals and damage. */
#include "base/bytes.h"
#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/macros.h"
#include "journal/journal.h"
#include "journal/recovery.h"
#include "journal/snapshot.h"
#include "journal/state_change.h"

#include "cases.h"
#include "folder.h"
#include "loop.h"
#include "parts.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	uv_loop_t loop;
	char *folder;
	struct journal *journal;
	struct journal_source *source;
	struct journal_settings settings;
	struct journal_consumer consumer;
	bool settled, closed;
	int result;
	struct position position;
	int64_t n;
};

static void on_done(void *context, int result, const struct part *part,
	const struct position *position)
{
	struct fixture *fixture = context;

	(void)part;
	fixture->result = result;
	fixture->position = *position;
	fixture->settled = true;
}

static void on_closed(void *context)
{
	((struct fixture *)context)->closed = true;
}

static void on_readable(struct journal_consumer *consumer)
{
	(void)consumer;
}

static int try_open(struct fixture *fixture, struct buffer *why)
{
	struct journal_options options = {
		.folder = fixture->folder,
		.settings = &fixture->settings,
		.clock = &clock_system,
	};
	int r;

	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	r = journal_open(&fixture->loop, &options, &fixture->journal, why);
	if (r < 0)
		loop_finish(&fixture->loop);
	return r;
}

static void open_journal(struct fixture *fixture)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct source_view source = parts_source();

	assert_int_equal(try_open(fixture, &why), 0);
	fixture->source = journal_source_create(fixture->journal, &source);
	assert_non_null(fixture->source);
}

static void close_journal(struct fixture *fixture)
{
	journal_source_destroy(fixture->journal, fixture->source);
	fixture->closed = false;
	journal_close(fixture->journal, on_closed, fixture);
	loop_run_until(&fixture->loop, &fixture->closed);
	loop_finish(&fixture->loop);
}

static void fixture_init(struct fixture *fixture)
{
	*fixture = (struct fixture){
		.folder = folder_make(),
		.settings = {
			.max_size.bytes = 1u << 30,
			.segment_size.bytes = 64u << 10,
			.max_age.ns = 3600 * NS_PER_SECOND,
			.sync = JOURNAL_SYNC_COMMIT,
		},
		.consumer.on_readable = on_readable,
	};
	open_journal(fixture);
}

static void fixture_finish(struct fixture *fixture)
{
	close_journal(fixture);
	folder_remove(fixture->folder);
}

static void append(struct fixture *fixture, struct part *part)
{
	fixture->settled = false;
	assert_int_equal(
		journal_append(fixture->journal, fixture->source, part, on_done, fixture),
		0);
	loop_run_until(&fixture->loop, &fixture->settled);
	assert_int_equal(fixture->result, 0);
}

/* A part of some samples that also sets a key. */
static void append_with(
	struct fixture *fixture, uint32_t n, const char *key, const char *value)
{
	struct part *part = parts_make(0, n, 0, true);

	if (key)
		state_pack_set(&part->state, slice_of(key), slice_of(value));
	fixture->n++;
	append(fixture, part);
}

/* Parts that fill a few segments, each of which sets "count" and a key of its own. */
static void fill(struct fixture *fixture, int n)
{
	for (int i = 0; i < n; i++) {
		struct part *part = parts_make(0, 300, 0, true);
		char value[16];

		snprintf(value, sizeof(value), "%d", (int)fixture->n++);
		state_pack_set(&part->state, slice_of("count"), slice_of(value));
		state_pack_set(&part->state, slice_of(value), slice_of(value));
		append(fixture, part);
	}
}

/* As kill -9 leaves the folder: what a closing writes is not there. */
static void die(struct fixture *fixture, struct fixture *other)
{
	char command[512];

	*other = *fixture;
	other->folder = folder_make();
	snprintf(command, sizeof(command), "cp -a '%s/.' '%s'", fixture->folder,
		other->folder);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
	fixture_finish(fixture);
	open_journal(other);
}

static struct slice value_of(const struct fixture *fixture, const char *key)
{
	CLEANUP_FREE char *id =
		strndup(parts_source().collector.at, parts_source().collector.n);
	const struct state *state = journal_state(fixture->journal, id);

	return state ? state_get(state, slice_of(key)) : (struct slice){ NULL, 0 };
}

static void assert_value(
	const struct fixture *fixture, const char *key, const char *value)
{
	assert_true(slice_equal(value_of(fixture, key), slice_of(value)));
}

/* All that fill set, from part number first on. */
static void assert_filled(const struct fixture *fixture, int64_t first, int64_t end)
{
	char value[16];

	for (int64_t i = first; i < end; i++) {
		snprintf(value, sizeof(value), "%d", (int)i);
		assert_value(fixture, value, value);
	}
	assert_value(fixture, "count", value);
}

static size_t list_snapshots(const struct fixture *fixture, uint64_t *ret_newest)
{
	CLEANUP_FREE uint64_t *numbers = NULL;
	size_t n;

	assert_int_equal(snapshots_list(fixture->folder, &numbers, &n), 0);
	*ret_newest = n > 0 ? numbers[0] : 0;
	return n;
}

static void damage_snapshot(const struct fixture *fixture, uint64_t number)
{
	CLEANUP_FREE char *path = snapshot_path(fixture->folder, number);

	assert_int_equal(truncate(path, 70), 0);
}

static size_t count_segments(const struct fixture *fixture)
{
	DIR *directory = opendir(fixture->folder);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory))) {
		const char *end = strrchr(entry->d_name, '.');

		n += end && strcmp(end, ".segment") == 0;
	}
	closedir(directory);
	return n;
}

static void acknowledge_all(struct fixture *fixture)
{
	struct position end = journal_end(fixture->journal);

	journal_acknowledge(fixture->journal, &fixture->consumer, &end);
}

/* ---- syncs ------------------------------------------------------------- */

static ino_t synced[8]; /* the files that were synced last */
static size_t n_synced;

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);

int __wrap_fdatasync(int fd)
{
	struct stat status;

	assert_int_equal(fstat(fd, &status), 0);
	synced[n_synced++ % 8] = status.st_ino;
	return __real_fdatasync(fd);
}

static bool was_synced(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	for (size_t i = 0; i < 8; i++) {
		if (synced[i] == status.st_ino)
			return true;
	}
	return false;
}

/* Which of them were, by the time a snapshot was written. */
static ino_t synced_before[8];

int __real_fsync(int fd);
int __wrap_fsync(int fd);

int __wrap_fsync(int fd)
{
	char link[64], path[512] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	assert_true(readlink(link, path, sizeof(path) - 1) > 0);
	if (strstr(path, "/states.tmp"))
		memcpy(synced_before, synced, sizeof(synced));
	return __real_fsync(fd);
}

static void frames_are_synced_before_a_snapshot_has_them(void **state)
{
	struct fixture fixture;
	struct journal_extent extent;
	struct position position;
	struct stat status;
	bool found = false;
	uint64_t lost;

	(void)state;
	fixture_init(&fixture);
	close_journal(&fixture);
	fixture.settings.sync = JOURNAL_SYNC_INTERVAL;
	fixture.settings.sync_interval.ns = 3600 * NS_PER_SECOND;
	open_journal(&fixture);
	memset(synced, 0, sizeof(synced));
	append_with(&fixture, 1, "a", "1");
	position = journal_oldest(fixture.journal);
	journal_locate(fixture.journal, &position, &extent, &lost);
	assert_int_equal(stat(extent.path, &status), 0);
	assert_false(was_synced(extent.path));
	close_journal(&fixture);
	for (size_t i = 0; i < 8; i++)
		found |= synced_before[i] == status.st_ino;
	assert_true(found);
	open_journal(&fixture);
	fixture_finish(&fixture);
}

static void what_a_killed_writer_left_is_synced_before_it_counts(void **state)
{
	struct fixture fixture, next;
	struct journal_extent extent;
	struct position position;
	uint64_t lost;

	(void)state;
	fixture_init(&fixture);
	append_with(&fixture, 1, "a", "1");
	memset(synced, 0, sizeof(synced));
	die(&fixture, &next);
	position = journal_oldest(next.journal);
	assert_true(journal_locate(next.journal, &position, &extent, &lost));
	assert_true(was_synced(extent.path));
	fixture_finish(&next);
}

/* ---- cases ------------------------------------------------------------- */

static void a_committed_part_changes_the_state_of_its_collector(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	assert_null(value_of(&fixture, "a").at);
	assert_null(journal_state(fixture.journal, "nobody"));
	append_with(&fixture, 1, "a", "1");
	append_with(&fixture, 1, "b", "2");
	append_with(&fixture, 1, "a", "3");
	assert_value(&fixture, "a", "3");
	assert_value(&fixture, "b", "2");
	fixture_finish(&fixture);
}

static void states_are_there_after_a_restart(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	append_with(&fixture, 1, "a", "1");
	for (int i = 0; i < 4; i++) {
		close_journal(&fixture);
		open_journal(&fixture);
		assert_value(&fixture, "a", "1");
	}
	fixture_finish(&fixture);
}

static void states_are_there_after_a_kill(void **state)
{
	struct fixture fixture, next;
	uint64_t newest;

	(void)state;
	fixture_init(&fixture);
	append_with(&fixture, 1, "a", "1");
	append_with(&fixture, 1, "b", "2");
	assert_int_equal(list_snapshots(&fixture, &newest), 0);
	die(&fixture, &next);
	assert_value(&next, "a", "1");
	append_with(&next, 1, "a", "2");
	die(&next, &fixture);
	assert_value(&fixture, "a", "2");
	assert_value(&fixture, "b", "2");
	fixture_finish(&fixture);
}

/* Or an agent that dies again and again would keep and read ever more. */
static void a_start_that_read_frames_takes_a_snapshot(void **state)
{
	struct fixture fixture, next;
	uint64_t newest;

	(void)state;
	fixture_init(&fixture);
	append_with(&fixture, 1, "a", "1");
	die(&fixture, &next);
	append_with(&next, 1, "a", "2"); /* its answer comes behind the snapshot's */
	assert_int_equal(list_snapshots(&next, &newest), 1);
	die(&next, &fixture);
	append_with(&fixture, 1, "a", "3");
	assert_int_equal(list_snapshots(&fixture, &newest), 2);
	assert_int_equal(newest, 2);
	fixture_finish(&fixture);
}

static void a_close_in_order_takes_a_snapshot_where_there_is_something_new(void **state)
{
	struct fixture fixture;
	uint64_t newest;

	(void)state;
	fixture_init(&fixture);
	close_journal(&fixture);
	assert_int_equal(list_snapshots(&fixture, &newest), 0);
	open_journal(&fixture);
	append_with(&fixture, 1, "a", "1");
	for (int i = 0; i < 3; i++) {
		close_journal(&fixture);
		assert_int_equal(list_snapshots(&fixture, &newest), 1);
		assert_int_equal(newest, 1);
		open_journal(&fixture);
	}
	fixture_finish(&fixture);
}

static void what_is_appended_while_it_closes_is_in_the_snapshot(void **state)
{
	struct fixture fixture;
	struct states states = { 0 };
	struct position end;
	uint64_t newest;

	(void)state;
	fixture_init(&fixture);
	for (int i = 0; i < 100; i++) {
		struct part *part = parts_make(0, 300, 0, i == 0);

		state_pack_set(
			&part->state, slice_of("last"), slice_of(i == 99 ? "yes" : "no"));
		assert_int_equal(journal_append(fixture.journal, fixture.source, part,
					 on_done, &fixture),
			0);
	}
	close_journal(&fixture);
	assert_true(list_snapshots(&fixture, &newest) > 0);
	assert_int_equal(snapshot_read(fixture.folder, newest, &states, &end), 0);
	assert_int_equal(end.sequence, 101);
	assert_true(slice_equal(
		state_get(&states_find(&states, parts_source().collector)->state,
			slice_of("last")),
		slice_of("yes")));
	states_finish(&states);
	open_journal(&fixture);
	fixture_finish(&fixture);
}

static void sealed_segments_are_covered_by_the_last_two_snapshots(void **state)
{
	struct fixture fixture;
	uint64_t newest;

	(void)state;
	fixture_init(&fixture);
	fill(&fixture, 100);
	assert_int_equal(list_snapshots(&fixture, &newest), 2);
	assert_true(newest >= 3);
	/* The snapshot of the last one may be on its way. */
	assert_true(newest + 2 >= count_segments(&fixture));
	fixture_finish(&fixture);
}

/* The heart of it: whatever snapshot is damaged, and whatever segment was removed. */
static void with_one_snapshot_damaged_no_removed_segment_takes_a_state_along(void **state)
{
	struct fixture fixture, next;
	uint64_t newest;

	(void)state;
	for (int older = 0; older < 2; older++) {
		fixture_init(&fixture);
		append_with(&fixture, 1, "early", "yes");
		fixture.consumer.position = journal_end(fixture.journal);
		journal_add_consumer(fixture.journal, &fixture.consumer);
		for (int i = 0; i < 100; i++) {
			fill(&fixture, 1);
			acknowledge_all(&fixture);
		}
		assert_true(count_segments(&fixture) <= 4);
		assert_true(journal_oldest(fixture.journal).sequence > 1);
		journal_remove_consumer(fixture.journal, &fixture.consumer);
		assert_int_equal(list_snapshots(&fixture, &newest), 2);
		damage_snapshot(&fixture, newest - (uint64_t)older);
		die(&fixture, &next);
		assert_value(&next, "early", "yes");
		assert_filled(&next, 1, fixture.n);
		fixture_finish(&next);
	}
}

static void a_segment_stays_where_no_snapshot_can_be_written(void **state)
{
	struct fixture fixture;
	CLEANUP_FREE char *making = NULL;
	size_t n;

	(void)state;
	fixture_init(&fixture);
	making = path_join(fixture.folder, "states.tmp");
	assert_int_equal(folder_create(making, 0700), 0);
	fixture.consumer.position = journal_end(fixture.journal);
	journal_add_consumer(fixture.journal, &fixture.consumer);
	fill(&fixture, 100);
	n = count_segments(&fixture);
	acknowledge_all(&fixture);
	append_with(&fixture, 1, NULL, NULL);
	assert_int_equal(count_segments(&fixture), n);
	assert_int_equal(journal_oldest(fixture.journal).sequence, 1);
	journal_remove_consumer(fixture.journal, &fixture.consumer);
	/* It closes all the same, and the next start makes the states of frames. */
	close_journal(&fixture);
	open_journal(&fixture);
	assert_filled(&fixture, 0, 100);
	fixture_finish(&fixture);
}

static void beyond_max_size_segments_go_behind_a_snapshot(void **state)
{
	struct fixture fixture, next;

	(void)state;
	fixture_init(&fixture);
	close_journal(&fixture);
	fixture.settings.max_size.bytes = 256u << 10;
	open_journal(&fixture);
	append_with(&fixture, 1, "early", "yes");
	fixture.consumer.position = journal_end(fixture.journal);
	journal_add_consumer(fixture.journal, &fixture.consumer);
	fill(&fixture, 300);
	assert_true(count_segments(&fixture) <= 6);
	journal_remove_consumer(fixture.journal, &fixture.consumer);
	die(&fixture, &next);
	assert_value(&next, "early", "yes");
	assert_filled(&next, 1, fixture.n);
	fixture_finish(&next);
}

static void with_both_snapshots_damaged_the_frames_that_are_there_count(void **state)
{
	struct fixture fixture;
	uint64_t newest, after;

	(void)state;
	fixture_init(&fixture);
	fill(&fixture, 100);
	close_journal(&fixture);
	assert_int_equal(list_snapshots(&fixture, &newest), 2);
	damage_snapshot(&fixture, newest);
	damage_snapshot(&fixture, newest - 1);
	open_journal(&fixture);
	assert_filled(&fixture, 0, 100);
	/* They were set aside, and their numbers are not given out again. */
	append_with(&fixture, 1, "a", "1");
	close_journal(&fixture);
	assert_int_equal(list_snapshots(&fixture, &after), 2);
	assert_int_equal(after, newest + 2);
	open_journal(&fixture);
	fixture_finish(&fixture);
}

static void only_frames_behind_the_snapshot_are_read(void **state)
{
	struct recovery recovery;
	struct fixture fixture;
	struct buffer why = { 0 };

	(void)state;
	fixture_init(&fixture);
	fill(&fixture, 100);
	close_journal(&fixture);
	open_journal(&fixture);
	append_with(&fixture, 1, "a", "1");
	append_with(&fixture, 1, "a", "2");
	assert_int_equal(recovery_look(fixture.folder, &recovery, &why), 0);
	assert_int_equal(recovery.n_frames, 2);
	assert_int_equal(recovery.n_lost, 0);
	assert_int_equal(recovery.newest_covers, 101);
	assert_int_equal(recovery.end.sequence, 103);
	recovery_finish(&recovery);
	fixture_finish(&fixture);
}

static void a_newer_snapshot_refuses_the_start(void **state)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	CLEANUP_FREE char *path = NULL;
	struct states none = { 0 };
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	append_with(&fixture, 1, "a", "1");
	close_journal(&fixture);
	snapshot_pack(&bytes, &none, &(struct position){ 1, 1, 0 }, 1);
	bytes.data[8]++;
	put_u32(bytes.data + 60, crc32c(0, bytes.data, 60));
	assert_int_equal(snapshot_write(fixture.folder, 7, 1, &bytes), 0);
	assert_int_equal(try_open(&fixture, &why), -EPROTONOSUPPORT);
	path = snapshot_path(fixture.folder, 7);
	assert_non_null(strstr(buffer_text(&why), path));
	unlink(path);
	open_journal(&fixture);
	assert_value(&fixture, "a", "1");
	fixture_finish(&fixture);
}

/* With sync: never, power loss may take frames that a snapshot has. */
static void frames_behind_a_snapshot_that_is_ahead_count(void **state)
{
	struct fixture fixture, next;
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct states states = { 0 };
	struct kept_state *collector;

	(void)state;
	fixture_init(&fixture);
	append_with(&fixture, 1, "a", "1");
	assert_int_equal(states_add(&states, parts_source().collector, &collector), 0);
	state_set(&collector->state, slice_of("a"), slice_of("of lost frames"));
	snapshot_pack(
		&bytes, &states, &(struct position){ fixture.position.epoch, 50, 0 }, 1);
	assert_int_equal(snapshot_write(fixture.folder, 1, 0, &bytes), 0);
	die(&fixture, &next);
	assert_value(&next, "a", "of lost frames");
	append_with(&next, 1, "a", "2");
	assert_int_equal(next.position.sequence, 50);
	die(&next, &fixture);
	assert_value(&fixture, "a", "2");
	states_finish(&states);
	fixture_finish(&fixture);
}

/* Memory runs out while a change is applied. */
static bool out_of_memory;

int __real_state_apply(struct state *to, struct slice operations);
int __wrap_state_apply(struct state *to, struct slice operations);

int __wrap_state_apply(struct state *to, struct slice operations)
{
	return out_of_memory ? -ENOMEM : __real_state_apply(to, operations);
}

static int append_operations(struct fixture *fixture, const void *bytes, size_t n)
{
	struct part *part = parts_make(0, 1, 0, true);

	buffer_append(&part->state, bytes, n);
	fixture->settled = false;
	assert_int_equal(
		journal_append(fixture->journal, fixture->source, part, on_done, fixture),
		0);
	loop_run_until(&fixture->loop, &fixture->settled);
	return fixture->result;
}

static void a_change_that_memory_lacked_for_counts_after_the_next_start(void **state)
{
	struct buffer operations = { 0 };
	struct fixture fixture;
	uint64_t newest;

	(void)state;
	fixture_init(&fixture);
	state_pack_set(&operations, slice_of("a"), slice_of("1"));
	out_of_memory = true;
	assert_int_equal(
		append_operations(&fixture, operations.data, operations.size), -ENOMEM);
	out_of_memory = false;
	append_with(&fixture, 1, "b", "2");
	close_journal(&fixture);
	assert_int_equal(list_snapshots(&fixture, &newest), 0);
	open_journal(&fixture);
	assert_value(&fixture, "a", "1");
	assert_value(&fixture, "b", "2");
	buffer_finish(&operations);
	fixture_finish(&fixture);
}

static void a_change_that_is_none_is_left_out_and_the_others_count(void **state)
{
	struct fixture fixture, next;

	(void)state;
	fixture_init(&fixture);
	append_with(&fixture, 1, "a", "1");
	assert_int_equal(append_operations(&fixture, "\x09", 1), -EBADMSG);
	append_with(&fixture, 1, "b", "2");
	die(&fixture, &next);
	assert_value(&next, "a", "1");
	assert_value(&next, "b", "2");
	fixture_finish(&next);
}

/* ---- changes from outside ---------------------------------------------- */

static int change(struct fixture *fixture, const struct state_change *change)
{
	CLEANUP(buffer_finish) struct buffer operations = { 0 };
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	int r = state_change_pack(
		journal_states(fixture->journal), change, &operations, &why);

	if (r < 0) {
		assert_true(why.size > 0);
		return r;
	}
	fixture->settled = false;
	r = journal_change_state(
		fixture->journal, change->collector, &operations, on_done, fixture);
	assert_int_equal(r, 0);
	loop_run_until(&fixture->loop, &fixture->settled);
	return fixture->result;
}

static struct state_change change_of(
	enum state_change_kind kind, const char *key, const char *value)
{
	return (struct state_change){ .kind = kind,
		.collector = "someone",
		.key = slice_of(key),
		.value = slice_of(value) };
}

static void a_change_from_outside_is_kept_as_any_other(void **state)
{
	struct state_change set = change_of(STATE_CHANGE_SET, "a", "1");
	struct state_change other = change_of(STATE_CHANGE_SET, "b", "2");
	struct state_change gone = change_of(STATE_CHANGE_REMOVE, "a", NULL);
	struct state_change reset = change_of(STATE_CHANGE_RESET, NULL, NULL);
	struct fixture fixture, next;

	(void)state;
	fixture_init(&fixture);
	assert_int_equal(change(&fixture, &gone), -ENOENT);
	assert_int_equal(change(&fixture, &reset), -ENOENT);
	assert_int_equal(change(&fixture, &set), 0);
	assert_int_equal(change(&fixture, &other), 0);
	assert_int_equal(change(&fixture, &gone), 0);
	assert_int_equal(change(&fixture, &gone), -ENOENT);
	die(&fixture, &next);
	assert_true(slice_equal(
		state_get(journal_state(next.journal, "someone"), slice_of("b")),
		slice_of("2")));
	assert_int_equal(journal_state(next.journal, "someone")->n, 1);
	assert_int_equal(change(&next, &reset), 0);
	assert_int_equal(journal_state(next.journal, "someone")->n, 0);
	fixture_finish(&next);
}

static void the_hosts_own_keys_change_only_when_asked_for(void **state)
{
	struct state_change own = change_of(STATE_CHANGE_SET, "!event/a/b", "");
	struct state_change reset = change_of(STATE_CHANGE_RESET, NULL, NULL);
	struct state_change odd = change_of(STATE_CHANGE_SET, "!", "");
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	assert_int_equal(change(&fixture, &own), -EINVAL);
	own.all = odd.all = true;
	assert_int_equal(change(&fixture, &odd), -EINVAL);
	assert_int_equal(change(&fixture, &own), 0);
	assert_int_equal(change(&fixture, &reset), 0);
	assert_int_equal(journal_state(fixture.journal, "someone")->n, 1);
	reset.all = true;
	assert_int_equal(change(&fixture, &reset), 0);
	assert_int_equal(journal_state(fixture.journal, "someone")->n, 0);
	fixture_finish(&fixture);
}

static void a_change_beyond_the_bounds_is_refused(void **state)
{
	static char bytes[STATE_MAX_VALUE + 1];
	struct state_change large = change_of(STATE_CHANGE_SET, "a", NULL);
	struct fixture fixture;

	(void)state;
	fixture_init(&fixture);
	large.value = (struct slice){ bytes, sizeof(bytes) };
	assert_int_equal(change(&fixture, &large), -E2BIG);
	assert_null(journal_state(fixture.journal, "someone"));
	fixture_finish(&fixture);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(frames_are_synced_before_a_snapshot_has_them),
	cmocka_unit_test(what_a_killed_writer_left_is_synced_before_it_counts),
	cmocka_unit_test(a_committed_part_changes_the_state_of_its_collector),
	cmocka_unit_test(states_are_there_after_a_restart),
	cmocka_unit_test(states_are_there_after_a_kill),
	cmocka_unit_test(a_start_that_read_frames_takes_a_snapshot),
	cmocka_unit_test(a_close_in_order_takes_a_snapshot_where_there_is_something_new),
	cmocka_unit_test(what_is_appended_while_it_closes_is_in_the_snapshot),
	cmocka_unit_test(sealed_segments_are_covered_by_the_last_two_snapshots),
	cmocka_unit_test(
		with_one_snapshot_damaged_no_removed_segment_takes_a_state_along),
	cmocka_unit_test(a_segment_stays_where_no_snapshot_can_be_written),
	cmocka_unit_test(beyond_max_size_segments_go_behind_a_snapshot),
	cmocka_unit_test(with_both_snapshots_damaged_the_frames_that_are_there_count),
	cmocka_unit_test(only_frames_behind_the_snapshot_are_read),
	cmocka_unit_test(a_newer_snapshot_refuses_the_start),
	cmocka_unit_test(frames_behind_a_snapshot_that_is_ahead_count),
	cmocka_unit_test(a_change_that_memory_lacked_for_counts_after_the_next_start),
	cmocka_unit_test(a_change_that_is_none_is_left_out_and_the_others_count),
	cmocka_unit_test(a_change_from_outside_is_kept_as_any_other),
	cmocka_unit_test(the_hosts_own_keys_change_only_when_asked_for),
	cmocka_unit_test(a_change_beyond_the_bounds_is_refused),
};

CASES_MAIN(cases)
