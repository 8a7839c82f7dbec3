/* SPDX-License-Identifier: Apache-2.0 */
#include "feed.h"

#include "base/log.h"
#include "base/macros.h"
#include "journal/quarantine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One job passes over so many records at most, some ten milliseconds of work. */
#define MAX_PASSED 262144

static void feed_forget(void *context, void *made)
{
	(void)context;
	free(made);
}

static void feed_on_damage(void *context, const struct tail *tail, uint64_t begin,
	uint64_t end, const char *why)
{
	const struct feed *feed = context;
	int r;

	if (!feed->quarantine_folder) {
		log_error("journal", "passed over bytes %llu to %llu of '%s': %s",
			(unsigned long long)begin, (unsigned long long)end,
			tail->reader.path, why);
		return;
	}
	r = quarantine_piece(feed->quarantine_folder, tail->reader.path, begin, end, why);
	if (r > 0)
		log_error("journal",
			"bytes %llu to %llu of '%s' are damaged: set aside in "
			"'%s/quarantine'",
			(unsigned long long)begin, (unsigned long long)end,
			tail->reader.path, feed->quarantine_folder);
	else if (r < 0)
		log_error("journal",
			"bytes %llu to %llu of '%s' are damaged and cannot be set aside: "
			"%s",
			(unsigned long long)begin, (unsigned long long)end,
			tail->reader.path, strerror(-r));
}

int feed_init(struct feed *feed, const struct rk_table *match, const char *journal_folder)
{
	static const struct rk_table all = { 0 };

	*feed = (struct feed){ .tail.reader.fd = -1, .match = match ? match : &all };
	if (!journal_folder)
		return 0;
	feed->quarantine_folder = strdup(journal_folder);
	return feed->quarantine_folder ? 0 : -ENOMEM;
}

static void feed_close(struct feed *feed)
{
	if (feed->is_open)
		feed->n_damaged += feed->tail.n_damaged;
	tail_close(&feed->tail);
	feed->is_open = false;
	feed->in_frame = false;
}

void feed_finish(struct feed *feed)
{
	feed_close(feed);
	free(feed->quarantine_folder);
	feed->quarantine_folder = NULL;
}

static bool stands_in(const struct feed *feed, const struct journal_extent *extent)
{
	const struct segment_header *header = &feed->tail.reader.header;

	return feed->is_open && header->epoch == extent->epoch &&
	       header->first_sequence == extent->first_sequence;
}

bool feed_must_leave(const struct feed *feed, const struct journal_extent *extent)
{
	return feed->is_open && !stands_in(feed, extent);
}

void feed_leave(struct feed *feed, const struct journal_extent *extent)
{
	if (feed_must_leave(feed, extent))
		feed_close(feed);
}

uint64_t feed_unread(const struct feed *feed, const struct journal_extent *extent)
{
	uint64_t read = SEGMENT_HEADER_SIZE;

	if (stands_in(feed, extent))
		read = feed->tail.reader.offset;
	return extent->size > read ? extent->size - read : 0;
}

static int feed_open(struct feed *feed, const struct journal_extent *extent)
{
	int r;

	feed_close(feed);
	feed->tail = (struct tail){
		.dictionary.forget = feed_forget,
		.on_damage = feed_on_damage,
		.context = feed,
	};
	r = tail_open(&feed->tail, extent->path);
	feed->is_open = r == 0;
	if (r < 0)
		tail_close(&feed->tail);
	return r;
}

/* The next frame from the position on; 1, 0 at the extent's end, or an errno. */
static int frame_next(struct feed *feed, const struct journal_extent *extent,
	const struct position *position)
{
	struct frame_view view;
	int r;

	do {
		r = tail_next(&feed->tail, extent->size, &feed->frame, &view);
	} while (r > 0 && feed->frame.header.sequence < position->sequence);
	/* What stands behind the end failed to be committed and was not cut off. */
	if (r > 0 && feed->frame.header.sequence >= extent->end_sequence)
		r = 0;
	feed->in_frame = r > 0;
	if (r > 0)
		record_reader_begin(&feed->records, &view);
	return r;
}

/* Whether a record is for this reader; what nobody knows is, until it is encoded. */
static bool record_is_taken(const struct feed *feed, const struct record *record)
{
	const struct known_source *source =
		dictionary_source(&feed->tail.dictionary, feed->records.view.source);

	return feed->match->n == 0 || !source ||
	       match_takes_record(feed->match, source, record);
}

enum { RECORD_UNKNOWN, RECORD_PASSED, RECORD_LEFT_OUT, RECORD_ENCODED };

/* Encodes one record. What became of it, or an errno. */
static int record_encode(struct feed *feed, struct encoder *encoder,
	const struct record *record, struct buffer *to)
{
	struct known_source *source =
		dictionary_source(&feed->tail.dictionary, feed->records.view.source);
	int64_t observed_ns = feed->frame.header.observed_ns;
	struct known_series *series;
	int r;

	if (!record_is_taken(feed, record))
		return RECORD_PASSED;
	if (record->is_event && !encoder_takes_events(encoder))
		return RECORD_LEFT_OUT;
	if (!source)
		return RECORD_UNKNOWN;
	if (record->is_event) {
		r = encoder_add_event(encoder, to, source, &record->event, observed_ns);
		return r < 0 ? r : RECORD_ENCODED;
	}
	series = known_source_series(source, record->sample.series);
	if (!series)
		return RECORD_UNKNOWN;
	r = encoder_add_sample(encoder, to, source, series, &record->sample, observed_ns);
	return r < 0 ? r : RECORD_ENCODED;
}

static struct position feed_position(const struct feed *feed)
{
	return (struct position){ feed->tail.reader.header.epoch,
		feed->frame.header.sequence, feed->records.index };
}

/* Whether the batch may not take one more record. */
static bool is_full(const struct batch *batch, const struct batch_bounds *bounds)
{
	if (batch->ends_at_damage)
		return true;
	if (bounds->exactly > 0)
		return batch->n_records >= bounds->exactly;
	return batch->n_records >= bounds->max_records ||
	       batch->bytes.size >= bounds->max_bytes || batch->n_passed >= MAX_PASSED;
}

/* Whether the next record is one that is not passed over. */
static bool next_is_taken(const struct feed *feed)
{
	struct record_reader ahead = feed->records;
	struct record record;

	return feed->match->n == 0 ||
	       (record_reader_next(&ahead, &record) && record_is_taken(feed, &record));
}

/* Whether the next record is of the kind that the batch does not have. */
static bool changes_kind(
	const struct feed *feed, const struct encoder *encoder, const struct batch *batch)
{
	return encoder->type->separates_events && batch->n_records > 0 &&
	       feed->in_frame && record_reader_left(&feed->records) > 0 &&
	       record_reader_is_at_event(&feed->records) != batch->has_events &&
	       next_is_taken(feed);
}

/* Whether the batch ends in front of the next record. */
static bool is_over(const struct feed *feed, const struct batch_bounds *bounds,
	const struct encoder *encoder, const struct batch *batch)
{
	return is_full(batch, bounds) || changes_kind(feed, encoder, batch);
}

static void batch_count(
	struct feed *feed, const struct record *record, struct batch *batch)
{
	if (batch->n_records++ > 0)
		return;
	batch->has_events = record->is_event;
	batch->first_observed_ns = feed->frame.header.observed_ns;
	batch->begin = feed_position(feed);
	batch->begin.index--;
}

/* A record that nobody knows; a batch does not go over it. */
static void count_unknown(struct feed *feed, struct batch *batch)
{
	feed->n_unknown++;
	batch->ends_at_damage = batch->n_records > 0;
}

static void count_record(
	struct feed *feed, int became, const struct record *record, struct batch *batch)
{
	if (became == RECORD_ENCODED)
		batch_count(feed, record, batch);
	else if (became == RECORD_UNKNOWN)
		count_unknown(feed, batch);
	else
		batch->n_passed++;
	feed->n_left_out += became == RECORD_LEFT_OUT;
}

/* The next frame; where others are missing in front of it, a batch ends. */
static int go_on(
	struct feed *feed, const struct journal_extent *extent, struct batch *batch)
{
	int r = frame_next(feed, extent, &batch->end);

	if (r > 0 && batch->n_records > 0 &&
		feed->frame.header.sequence != batch->end.sequence) {
		batch->ends_at_damage = true;
		batch->end = feed_position(feed);
	}
	return r;
}

/* Encodes the rest of the frame, as far as the bounds go. */
static int fill_from_frame(struct feed *feed, const struct batch_bounds *bounds,
	struct encoder *encoder, struct batch *batch)
{
	struct record record;
	bool more = true;

	while (!is_over(feed, bounds, encoder, batch) &&
		(more = record_reader_next(&feed->records, &record))) {
		int r = record_encode(feed, encoder, &record, &batch->bytes);

		if (r < 0)
			return r;
		count_record(feed, r, &record, batch);
	}
	batch->end = feed_position(feed);
	if (!more || record_reader_left(&feed->records) == 0) {
		/* Left over are only bytes that are no records although the checksum
		 * holds: a writer's fault. */
		feed->n_unknown += record_reader_left(&feed->records);
		feed->in_frame = false;
		batch->end.sequence++;
		batch->end.index = 0;
	}
	return 0;
}

/* Moves to the position: forward only, unless the segment is opened anew. */
static int feed_seek(struct feed *feed, const struct journal_extent *extent,
	const struct position *position)
{
	struct record record;
	int r;

	if (feed->in_frame && stands_in(feed, extent) &&
		feed->frame.header.sequence == position->sequence &&
		feed->records.index == position->index)
		return 1;
	if (!stands_in(feed, extent) || feed->tail.next_sequence > position->sequence) {
		r = feed_open(feed, extent);
		if (r < 0)
			return r;
	}
	r = frame_next(feed, extent, position);
	if (r <= 0 || feed->frame.header.sequence != position->sequence)
		return r;
	while (feed->records.index < position->index) {
		if (!record_reader_next(&feed->records, &record))
			break;
	}
	return 1;
}

uint64_t feed_shape(const struct feed *feed, const struct encoder *encoder)
{
	return encoder_shape(encoder) ^ match_hash(feed->match);
}

int feed_fill(struct feed *feed, const struct journal_extent *extent,
	const struct position *position, const struct batch_bounds *bounds,
	struct encoder *encoder, struct batch *batch)
{
	int r = feed_seek(feed, extent, position);
	uint64_t left_out = feed->n_left_out;
	bool over;

	batch->begin = batch->end = *position;
	batch->n_records = batch->n_passed = 0;
	batch->has_events = batch->ends_at_damage = false;
	batch->shape = feed_shape(feed, encoder);
	buffer_clear(&batch->bytes);
	encoder_begin_batch(encoder, &batch->bytes);
	while (r > 0) {
		r = fill_from_frame(feed, bounds, encoder, batch);
		if (r < 0 || is_over(feed, bounds, encoder, batch))
			break;
		r = go_on(feed, extent, batch);
		if (batch->ends_at_damage)
			break;
	}
	batch->n_left_out = (uint32_t)(feed->n_left_out - left_out);
	over = is_over(feed, bounds, encoder, batch);
	if (r >= 0)
		r = encoder_end_batch(encoder, &batch->bytes);
	if (r < 0) {
		feed_close(feed);
		return r;
	}
	/* All that was readable is read: damaged frames at the end are passed over.
	 * Where more of the segment follows, the tail still counts them. */
	if (!over && batch->end.sequence < extent->end_sequence) {
		if (extent->sealed)
			feed->n_damaged += extent->end_sequence - batch->end.sequence;
		batch->end = (struct position){ extent->epoch, extent->end_sequence, 0 };
	}
	return 0;
}
