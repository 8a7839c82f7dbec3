/* SPDX-License-Identifier: Apache-2.0 */
#include "answer_reader.h"

#include "base/macros.h"
#include "model/secrets.h"

#include <errno.h>

bool answer_reader_is_wanted(const struct answer_reader *reader)
{
	return reader->format->read_answer;
}

void answer_reader_begin(struct answer_reader *reader)
{
	buffer_clear(&reader->body);
	reader->is_cut = false;
	arena_finish(&reader->answer.arena);
	reader->answer = (struct store_answer){ 0 };
}

void answer_reader_finish(struct answer_reader *reader)
{
	arena_finish(&reader->answer.arena);
	buffer_finish(&reader->body);
}

bool answer_reader_add(struct answer_reader *reader, const char *bytes, size_t n)
{
	reader->is_cut |= n > STORE_ANSWER_MOST - reader->body.size;
	if (!reader->is_cut)
		buffer_append(&reader->body, bytes, n);
	return !reader->is_cut;
}

static void hide_secrets(const struct sink_settings *settings, char *why)
{
	if (!why)
		return;
	values_hide_secrets(settings->options, why);
	values_hide_secrets(settings->format_options, why);
}

static void read_on_work(uv_work_t *work)
{
	struct answer_reader *reader = container_of(work, struct answer_reader, work);
	const char *body = reader->body.data ? (const char *)reader->body.data : "";

	reader->format->read_answer(body, reader->body.size, !reader->is_cut,
		reader->n_records, &reader->answer);
	for (uint32_t i = 0; i < reader->answer.n_refused; i++)
		hide_secrets(reader->settings, reader->answer.refused[i].why);
}

static void read_on_done(uv_work_t *work, int status)
{
	struct answer_reader *reader = container_of(work, struct answer_reader, work);

	(void)status;
	reader->is_reading = false;
	reader->on_read(reader);
}

int answer_reader_start(struct answer_reader *reader, uv_loop_t *loop, uint32_t n_records)
{
	int r;

	if (buffer_failed(&reader->body))
		return -ENOMEM;
	reader->n_records = n_records;
	r = uv_queue_work(loop, &reader->work, read_on_work, read_on_done);
	reader->is_reading = r == 0;
	return r;
}

void answer_reader_tell(const struct answer_reader *reader, struct sink_answer *answer)
{
	static const enum sink_verdict verdicts[] = {
		[STORE_TOOK] = SINK_TAKEN,
		[STORE_BUSY] = SINK_FAILED,
		[STORE_SHUT] = SINK_FAILED,
		[STORE_SAID_MUCH] = SINK_TOO_LARGE,
	};
	const struct store_answer *said = &reader->answer;

	answer->verdict = verdicts[said->verdict];
	answer->error = answer->verdict == SINK_TAKEN ? 0 : -EREMOTEIO;
	answer->is_locked_out = said->verdict == STORE_SHUT;
	if (said->verdict != STORE_TOOK) {
		answer->status = said->status > 0 ? said->status : answer->status;
		answer->why = said->why;
		return;
	}
	answer->n_outdated = said->n_outdated;
	answer->refused = said->refused;
	answer->n_refused = said->n_refused;
}
