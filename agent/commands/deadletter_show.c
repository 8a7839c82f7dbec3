/* SPDX-License-Identifier: Apache-2.0 */
/* The dead letters of a sink, for people or as they are. */
#include "deadletter.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/timestamp.h"
#include "deliver/letter_reader.h"
#include "encode/json_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append_time(struct buffer *to, int64_t time_ns)
{
	struct timestamp_cache cache = { 0 };
	char text[TIMESTAMP_TEXT_SIZE];

	buffer_append(
		to, text, (size_t)(timestamp_to_text(&cache, text, time_ns) - text));
}

static void append_labels(struct buffer *to, const struct known_source *source,
	const struct label *own, size_t n_own)
{
	struct label labels[2 * SERIES_MAX_LABELS];
	size_t n = encoder_labels(source, own, n_own, labels);

	json_append_labels(to, labels, n);
}

static void append_sample(struct buffer *to, const struct letter_reader *reader)
{
	const struct rk_sample *sample = &reader->record.sample;
	const struct series_view *series = &reader->series->view;
	char number[NUMBER_TEXT_SIZE];

	append_time(to, sample->time_ns);
	buffer_append_text(to, " ");
	buffer_append(to, series->metric.at, series->metric.n);
	buffer_append_text(to, " ");
	buffer_append(to, number,
		(size_t)(encoder_put_number(number, &sample->value) - number));
	buffer_append_text(to, " ");
	append_labels(to, reader->source, series->labels, series->n_labels);
}

static void append_event(struct buffer *to, const struct letter_reader *reader)
{
	const struct event_view *event = &reader->record.event;

	append_time(to, event->time_ns);
	buffer_append_text(to, " ");
	buffer_append(to, event->type.at, event->type.n);
	buffer_append_format(to, " %s ", phase_name(event->phase));
	json_append_text(to, event->key);
	buffer_append_text(to, " ");
	append_labels(to, reader->source, event->labels, event->n_labels);
}

/* Texts of others are quoted: one line each, and nothing that moves a cursor. */
static void append_letter(
	struct buffer *to, struct letter_reader *reader, const struct letter *letter)
{
	int status = 0, r = letter_read(reader, letter);
	CLEANUP_FREE char *why = deadletter_why(letter, &status);

	if (r < 0)
		buffer_append_text(to, "(damaged, or without the frame that is sent)");
	else if (reader->record.is_event)
		append_event(to, reader);
	else
		append_sample(to, reader);
	buffer_append_text(to, "\n    refused ");
	append_time(to, letter_refused_ns(letter));
	if (status > 0)
		buffer_append_format(to, " with status %d", status);
	buffer_append_text(to, ": ");
	json_append_text(to, slice_of(why ? why : ""));
	buffer_append_text(to, "\n");
}

/* The newest ones, as many as are wanted. */
static int print_letters(
	const struct deadletter_call *call, const struct letters *letters, uint64_t limit)
{
	CLEANUP(buffer_finish) struct buffer out = { 0 };
	CLEANUP(letter_reader_finish) struct letter_reader reader = { 0 };

	for (size_t i = letters->n - MIN(letters->n, limit); i < letters->n; i++) {
		const struct letter *letter = &letters->items[i];

		if (call->as_json) {
			buffer_append(&out, letter->line.at, letter->line.n);
			buffer_append_byte(&out, '\n');
		} else {
			append_letter(&out, &reader, letter);
		}
	}
	return print_buffer(&out);
}

static int show(struct deadletter_call *call)
{
	CLEANUP(letters_finish) struct letters letters = LETTERS_NONE;
	uint64_t limit = UINT64_MAX;
	int status;

	if (call->limit &&
		unsigned_from_text(call->limit, strlen(call->limit), &limit) < 0) {
		target_fails(&call->target, "'%s' is no number of letters", call->limit);
		return EXIT_WRONG;
	}
	status = deadletter_load(call, call->sink, &letters);
	if (status != EXIT_FINE)
		return status;
	if (letters.n == 0)
		return target_fails(&call->target, "'%s' has no dead letters in '%s'",
			call->sink, call->folder);
	return print_letters(call, &letters, limit);
}

static int show_run(int argc, char **argv)
{
	struct deadletter_call call = DEADLETTER_CALL;
	const struct command_option options[] = {
		JOURNAL_OPTIONS(&call.target),
		{ .name = "limit",
			.value = "N",
			.text = &call.limit,
			.help = "the newest N alone" },
		{ .name = "json",
			.flag = &call.as_json,
			.help = "the lines as they are" },
	};
	const struct command_line line = { &command_deadletter_show, options,
		LENGTH(options), 1 };
	int status, n = options_read(&line, argc, argv, &status);

	if (n < 0)
		return status;
	if (n == 0) {
		fputs("rookery deadletter show: of which sink?\n", stderr);
		return EXIT_WRONG;
	}
	status = deadletter_take_sink(&command_deadletter_show, &call, argv[0]);
	return status == EXIT_FINE ? deadletter_run(&call, show) : status;
}

const struct command command_deadletter_show = {
	.name = "deadletter show",
	.summary = "the letters of a sink, with the answer that refused each",
	.usage = "SINK [OPTION]...",
	.help = "Prints the dead letters of a sink, oldest first: what was collected, "
		"and when and why\n"
		"the receiver refused it. Nothing is changed, also beside a running "
		"agent.",
	.run = show_run,
};
