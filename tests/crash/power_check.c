/* SPDX-License-Identifier: Apache-2.0 */
/* The oracle of power.c: what the journal, the cursor and the receiver must hold. */
#include "power.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "campaign.h"
#include "journal/cursor.h"
#include "journal/internal.h"
#include "journal/tail.h"
#include "model/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether the journal may not lose this part. */
static bool is_promised(const struct world *world, const struct ledger_part *part)
{
	switch (world->journal_settings.sync) {
	case JOURNAL_SYNC_COMMIT:
		return part->told || part->readable;
	case JOURNAL_SYNC_INTERVAL:
		return part->readable;
	default:
		return false;
	}
}

static bool may_be_missing(const struct ledger_part *part)
{
	return part->damaged || part->overtaken;
}

/* ---- the journal ------------------------------------------------------- */

static bool is_known(const struct tail *tail, struct known_source *source,
	const struct rk_sample *sample)
{
	char number[16];
	struct known_series *series;

	(void)tail;
	if (!source)
		return false;
	series = known_source_series(source, sample->series);
	if (!series)
		return false;
	snprintf(number, sizeof(number), "%u", sample->series);
	must_else(FAULT_INVENTED,
		series->view.n_labels == 1 &&
			slice_equal(series->view.labels[0].value, slice_of(number)),
		"series %u is taken for another", sample->series);
	return true;
}

/* A frame is one part, whole. */
static void check_frame(struct ledger *ledger, const struct tail *tail,
	const struct frame *frame, const struct frame_view *view)
{
	struct known_source *source = dictionary_source(&tail->dictionary, view->source);
	struct position position = { frame->header.epoch, frame->header.sequence, 0 };
	struct ledger_part *part = NULL;
	struct record_reader reader;
	struct record record;
	uint32_t n = 0;
	bool known = true;

	record_reader_begin(&reader, view);
	while (record_reader_next(&reader, &record)) {
		int64_t value = record.sample.value.digits;

		if (n == 0)
			part = ledger_part_of(ledger, value);
		must_else(FAULT_INVENTED,
			part && part->appended && value == part->first_value + n &&
				record.sample.series == part->first_series + n,
			"the journal has value %lld, which was not written there",
			(long long)value);
		known &= is_known(tail, source, &record.sample);
		n++;
	}
	must(part && n == part->n, "a frame has %u of the samples of its part", n);
	must_else(FAULT_DOUBLED, !part->found,
		"the part of value %lld is in the journal twice",
		(long long)part->first_value);
	ledger_place_part(ledger, part, &position);
	part->found = true;
	part->known = known;
}

static void read_segment(struct world *world, const struct segment_info *info)
{
	struct tail tail = { .reader.fd = -1 };
	struct frame_view view;
	struct frame frame;
	int r = tail_open(&tail, info->path);

	while (r >= 0 &&
		(r = tail_next(&tail, info->extent.readable_size, &frame, &view)) > 0)
		check_frame(world->ledger, &tail, &frame, &view);
	must(r == 0, "a segment cannot be read: %d", r);
	tail_close(&tail);
}

void power_check_journal(struct world *world)
{
	struct ledger *ledger = world->ledger;

	for (size_t i = 0; i < ledger->n_parts; i++)
		ledger->parts[i].found = false;
	list_each(link, &world->journal->segments)
		read_segment(world, container_of(link, struct segment_info, link));
	for (size_t i = 0; i < ledger->n_parts; i++) {
		struct ledger_part *part = &ledger->parts[i];

		part->gone |= !part->found || !part->known;
		if (!is_promised(world, part) || may_be_missing(part))
			continue;
		/* A segment goes, perhaps in part, when the receiver has all of it. */
		if (ledger_has_all(ledger, part))
			continue;
		must_else(FAULT_LOST, part->found,
			"the part of value %lld was %s, and is lost",
			(long long)part->first_value,
			part->told ? "told committed" : "readable");
		must_else(FAULT_LOST, part->known,
			"nobody knows the series of the part of value %lld",
			(long long)part->first_value);
	}
}

/* ---- the states -------------------------------------------------------- */

/* The part that a key is of; NULL: there is no such key. */
static const struct ledger_part *remembered_part(const struct world *world, size_t key)
{
	char name = (char)('a' + key);
	const struct state *state = journal_state(world->journal, "counting");
	struct slice value = { 0 };
	const struct ledger_part *part;
	int64_t first_value;

	if (state)
		value = state_get(state, (struct slice){ &name, 1 });
	if (!value.at)
		return NULL;
	must(value.n == sizeof(first_value), "a state has a value of %zu bytes", value.n);
	memcpy(&first_value, value.at, value.n);
	part = ledger_part_of(world->ledger, first_value);
	must_else(FAULT_INVENTED,
		part && part->appended && part->first_value == first_value &&
			(size_t)(part - world->ledger->parts) % WORLD_KEYS == key,
		"the state has value %lld, which was not written there",
		(long long)first_value);
	return part;
}

/* Nothing that was promised is forgotten, and nothing is remembered whose samples
 * are lost. */
void power_check_states(struct world *world)
{
	struct ledger *ledger = world->ledger;
	const struct ledger_part *last[WORLD_KEYS];

	for (size_t key = 0; key < WORLD_KEYS; key++) {
		const struct ledger_part *part = last[key] = remembered_part(world, key);

		must_else(FAULT_INVENTED,
			!part || part->found || may_be_missing(part) ||
				ledger->may_differ || ledger_has_all(ledger, part),
			"the state has value %lld, which is lost",
			(long long)part->first_value);
	}
	for (size_t i = 0; i < ledger->n_parts; i++) {
		const struct ledger_part *part = &ledger->parts[i];

		if (ledger->is_stateless || !is_promised(world, part) || part->damaged)
			continue;
		must_else(FAULT_LOST,
			last[i % WORLD_KEYS] && last[i % WORLD_KEYS] >= part,
			"the part of value %lld was promised, and the state lacks it",
			(long long)part->first_value);
	}
}

/* ---- the cursor -------------------------------------------------------- */

/* Whether a part, which the journal holds, lies before a position. */
static bool is_before(struct world *world, const struct ledger_part *part,
	const struct position *position)
{
	bool epoch_seen = false;

	if (part->position.epoch == position->epoch)
		return part->position.sequence < position->sequence;
	/* Segments stand in the order of time. */
	list_each(link, &world->journal->segments)
	{
		const struct segment_info *info =
			container_of(link, struct segment_info, link);

		if (info->epoch == part->position.epoch)
			epoch_seen = true;
		else if (info->epoch == position->epoch)
			return epoch_seen;
	}
	return false;
}

void power_check_cursor(struct world *world)
{
	CLEANUP_FREE char *path = world_cursor_path(world);
	struct cursor_record record;
	struct cursor cursor;
	int r = cursor_open(&cursor, path, &record);

	cursor_close(&cursor);
	if (world->ledger->may_differ)
		return;
	must_else(FAULT_LOST, r == 0 || (r == -ENOENT && world->ledger->n_batches == 0),
		"the cursor is lost, and the receiver has %zu batches: %d",
		world->ledger->n_batches, r);
	for (size_t i = 0; r == 0 && i < world->ledger->n_parts; i++) {
		const struct ledger_part *part = &world->ledger->parts[i];

		if (part->found && part->known &&
			is_before(world, part, &record.acknowledged))
			must_else(FAULT_LOST, ledger_has_all(world->ledger, part),
				"the cursor is past value %lld, which the receiver does "
				"not have",
				(long long)part->first_value);
	}
}

/* ---- the receiver ------------------------------------------------------ */

void power_check_receiver(struct world *world)
{
	const struct ledger *ledger = world->ledger;

	for (size_t i = 0; i < ledger->n_parts; i++) {
		const struct ledger_part *part = &ledger->parts[i];

		if (is_promised(world, part) && !may_be_missing(part))
			must_else(FAULT_LOST, ledger_has_all(ledger, part),
				"value %lld was promised and is not delivered",
				(long long)part->first_value);
		if (part->found && part->known)
			must_else(FAULT_LOST,
				ledger_has_all(ledger, part) || ledger->may_double,
				"value %lld is in the journal and is not delivered",
				(long long)part->first_value);
	}
}

/* ---- damage ------------------------------------------------------------ */

static struct ledger_part *part_at(struct ledger *ledger, const struct frame *frame)
{
	for (size_t i = 0; i < ledger->n_parts; i++) {
		struct ledger_part *part = &ledger->parts[i];

		if (part->position.epoch == frame->header.epoch &&
			part->position.sequence == frame->header.sequence)
			return part;
	}
	return NULL;
}

static void flip(const char *path, uint64_t offset)
{
	CLEANUP_CLOSE int fd = open(path, O_RDWR | O_CLOEXEC);
	uint8_t byte;

	must(fd >= 0 && file_read_at(fd, &byte, 1, (off_t)offset) == 1, "cannot damage");
	byte ^= 0x10;
	must(file_write_at(fd, &byte, 1, (off_t)offset) == 0, "cannot damage");
}

/* Only where another follows: damage at the end is flip.c's. */
static void damage_first(struct world *world, const struct segment_info *info)
{
	struct reader reader;
	struct frame frame, next;

	if (reader_open(&reader, info->path) == 0 &&
		reader_next(&reader, info->extent.size, &frame) == READER_FRAME &&
		reader_next(&reader, info->extent.size, &next) == READER_FRAME) {
		struct ledger_part *part = part_at(world->ledger, &frame);

		if (part && is_promised(world, part)) {
			part->damaged = world->ledger->may_double = true;
			flip(info->path, frame.offset + FRAME_HEADER_SIZE);
		}
	}
	reader_close(&reader);
}

void power_damage(struct world *world)
{
	struct segments_scan scan;
	struct list segments;

	list_init(&segments);
	if (segments_find(world->journal_folder, false, &segments, &scan) == 0) {
		list_each(link, &segments)
		{
			if (random_below(&world->random, 3) == 0)
				damage_first(world,
					container_of(link, struct segment_info, link));
		}
	}
	segments_scan_finish(&scan);
	segments_free(&segments);
}
