/* SPDX-License-Identifier: Apache-2.0 */
#include "replay.h"

#include "base/checksum.h"
#include "base/macros.h"

#include <errno.h>
#include <stdlib.h>

void replay_destroy(struct replay *replay)
{
	letters_finish(&replay->letters);
	letter_reader_finish(&replay->reader);
	free(replay);
}

/* Sets aside what cannot be sent, so that all that waits can. */
static int sort_out(struct replay *replay, const struct encoder *encoder)
{
	int r = 0;

	for (size_t i = 0; i < replay->letters.n && r != -ENOMEM; i++) {
		struct letter *letter = &replay->letters.items[i];

		r = letter->state == LETTER_WAITS ? letter_read(&replay->reader, letter)
						  : -EBADMSG;
		if (r < 0 || (replay->reader.record.is_event &&
				     !encoder_takes_events(encoder)))
			letter->state = LETTER_UNREADABLE;
	}
	return r == -ENOMEM ? r : 0;
}

static int load(struct replay *replay, const struct sink_settings *settings,
	const char *folder, const struct encoder *encoder)
{
	int r;

	if (replay->is_loaded)
		return 0;
	r = letters_load(&replay->letters, folder, settings->id, true);
	if (r == 0)
		r = sort_out(replay, encoder);
	replay->is_loaded = r == 0;
	return r;
}

/* The id of a batch: where no journal has it, what is in it. */
static void note_content(struct batch *batch, const struct buffer *frame)
{
	const struct hash_key key = { { batch->begin.epoch, 0 } };

	batch->begin.epoch = siphash64(&key, frame->data, frame->size);
}

static void count(struct replay *replay, struct batch *batch)
{
	if (batch->n_records++ == 0) {
		batch->has_events = replay->reader.record.is_event;
		batch->first_observed_ns = replay->reader.observed_ns;
	}
	note_content(batch, &replay->reader.frame);
}

static uint32_t most_records(const struct replay *replay,
	const struct sink_settings *settings, const struct encoder *encoder)
{
	uint32_t most = (uint32_t)settings->batch.max_count;

	if (encoder->type->max_records > 0)
		most = MIN(most, encoder->type->max_records);
	if (replay->most > 0)
		most = MIN(most, replay->most);
	if (replay->split.left > 0)
		most = MIN(most, replay->split.next);
	return most;
}

static bool is_over(const struct replay *replay, const struct sink_settings *settings,
	const struct encoder *encoder, const struct batch *batch)
{
	return batch->n_records >= most_records(replay, settings, encoder) ||
	       batch->bytes.size >= settings->batch.max_bytes.bytes ||
	       (encoder->type->separates_events && batch->n_records > 0 &&
		       replay->reader.record.is_event != batch->has_events);
}

static int fill(struct replay *replay, const struct sink_settings *settings,
	struct encoder *encoder, struct batch *batch)
{
	for (size_t i = 0; i < replay->letters.n; i++) {
		struct letter *letter = &replay->letters.items[i];
		int r;

		if (letter->state != LETTER_WAITS)
			continue;
		r = letter_read(&replay->reader, letter);
		if (r == 0 && is_over(replay, settings, encoder, batch))
			break;
		if (r == 0)
			r = letter_encode(&replay->reader, encoder, &batch->bytes);
		if (r < 0)
			return r;
		count(replay, batch);
		letter->state = LETTER_SENT;
	}
	return 0;
}

int replay_step(struct replay *replay, const struct sink_settings *settings,
	const char *folder, struct encoder *encoder, struct batch *batch)
{
	int r = load(replay, settings, folder, encoder);

	batch->begin = (struct position){ 0 };
	batch->n_records = batch->n_passed = batch->n_left_out = 0;
	batch->has_events = batch->ends_at_damage = false;
	batch->shape = encoder_shape(encoder);
	buffer_clear(&batch->bytes);
	encoder_begin_batch(encoder, &batch->bytes);
	if (r == 0)
		r = letters_mark(&replay->letters);
	if (r == 0 && !replay->ends)
		r = fill(replay, settings, encoder, batch);
	if (r == 0)
		r = encoder_end_batch(encoder, &batch->bytes);
	if (r == 0 && batch->n_records == 0)
		r = letters_settle(&replay->letters);
	return r;
}
