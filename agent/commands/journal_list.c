/* SPDX-License-Identifier: Apache-2.0 */
/* The journal, segment by segment and cursor by cursor. */
#include "journal.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "journal/survey.h"

#include <stdio.h>

static json_t *json_of_segment(const struct survey_segment *segment)
{
	/* Of a segment without frames, the last comes before the first. */
	return json_pack("{s:I,s:I,s:o,s:o,s:I,s:I,s:I,s:I,s:I,s:b,s:I}", "first",
		(json_int_t)segment->first_sequence, "last",
		(json_int_t)segment->end_sequence - 1, "epoch",
		json_epoch(segment->epoch), "created", json_time(segment->created_ns),
		"bytes", (json_int_t)segment->size, "series_bytes",
		(json_int_t)segment->series_size, "frames", (json_int_t)segment->frames,
		"samples", (json_int_t)segment->samples, "events",
		(json_int_t)segment->events, "sealed", segment->sealed, "damaged",
		(json_int_t)segment->damaged);
}

static json_t *json_of_cursor(const struct journal_target *target,
	const struct known_cursor *cursor, const struct survey_cursor *lag)
{
	const struct cursor_record *record = &cursor->record;
	int configured = journal_target_has_sink(target, cursor->id);
	json_t *object = json_pack("{s:s,s:o}", "sink", cursor->id, "configured",
		configured < 0 ? json_null() : json_boolean(configured));

	if (cursor->result < 0) {
		json_object_set_new(
			object, "problem", json_string(cursor_problem(cursor)));
		return object;
	}
	json_object_update_new(
		object, json_pack("{s:o,s:I,s:I,s:I,s:I,s:I,s:I}", "epoch",
				json_epoch(record->acknowledged.epoch), "sequence",
				(json_int_t)record->acknowledged.sequence, "index",
				(json_int_t)record->acknowledged.index, "frames_behind",
				(json_int_t)lag->frames_behind, "bytes_behind",
				(json_int_t)lag->bytes_behind, "frames_lost",
				(json_int_t)lag->frames_lost, "batch_records",
				(json_int_t)(record->has_batch ? record->n_records : 0)));
	return object;
}

static void print_as_json(
	const struct journal_target *target, const struct survey *survey)
{
	json_t *segments = json_array(), *cursors = json_array();

	for (size_t i = 0; i < survey->n_segments; i++)
		json_array_append_new(segments, json_of_segment(&survey->segments[i]));
	for (size_t i = 0; i < survey->cursors.n; i++)
		json_array_append_new(
			cursors, json_of_cursor(target, &survey->cursors.items[i],
					 &survey->lags[i]));
	print_json(json_pack("{s:o,s:o,s:o}", "agent",
		survey->agent_runs ? json_integer(survey->holder) : json_null(),
		"segments", segments, "cursors", cursors));
}

static void print_segments(const struct survey *survey)
{
	printf("%10s %10s  %-16s  %-30s %12s %8s %10s %7s %7s  %s\n", "first", "last",
		"epoch", "created", "bytes", "frames", "samples", "events", "damaged",
		"state");
	for (size_t i = 0; i < survey->n_segments; i++) {
		const struct survey_segment *segment = &survey->segments[i];
		json_t *created = json_time(segment->created_ns);

		printf("%10llu %10llu  %016llx  %-30s %12llu %8llu %10llu %7llu %7llu  "
		       "%s\n",
			(unsigned long long)segment->first_sequence,
			(unsigned long long)segment->end_sequence - 1,
			(unsigned long long)segment->epoch,
			json_is_string(created) ? json_string_value(created) : "-",
			(unsigned long long)segment->size,
			(unsigned long long)segment->frames,
			(unsigned long long)segment->samples,
			(unsigned long long)segment->events,
			(unsigned long long)segment->damaged,
			segment->sealed ? "sealed" : "open");
		json_decref(created);
	}
}

/* "3 frames lost, batch of 7" */
static void print_remarks(
	const struct cursor_record *record, const struct survey_cursor *lag)
{
	if (lag->frames_lost > 0)
		printf("; %llu frames lost", (unsigned long long)lag->frames_lost);
	if (record->has_batch)
		printf("; a batch of %u is under way", record->n_records);
	putchar('\n');
}

static void print_cursors(
	const struct journal_target *target, const struct survey *survey)
{
	static const char *const configured[] = { "unknown", "orphan", "sink" };

	printf("\n%-20s %-8s %10s %8s  %-16s %10s %12s\n", "cursor", "is", "frame",
		"record", "epoch", "behind", "bytes");
	for (size_t i = 0; i < survey->cursors.n; i++) {
		const struct known_cursor *cursor = &survey->cursors.items[i];
		const struct position *position = &cursor->record.acknowledged;
		const struct survey_cursor *lag = &survey->lags[i];

		printf("%-20s %-8s ", cursor->id,
			configured[1 + journal_target_has_sink(target, cursor->id)]);
		if (cursor->result < 0) {
			puts(cursor_problem(cursor));
			continue;
		}
		printf("%10llu %8u  %016llx %10llu %12llu",
			(unsigned long long)position->sequence, position->index,
			(unsigned long long)position->epoch,
			(unsigned long long)lag->frames_behind,
			(unsigned long long)lag->bytes_behind);
		print_remarks(&cursor->record, lag);
	}
}

static int list_journal(const struct journal_target *target, bool as_json)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	CLEANUP(survey_finish) struct survey survey = { 0 };

	if (survey_make(&survey, target->state_dir, &why) < 0)
		return journal_fails("%s", buffer_text(&why));
	if (as_json) {
		print_as_json(target, &survey);
		return EXIT_FINE;
	}
	print_segments(&survey);
	print_cursors(target, &survey);
	return EXIT_FINE;
}

static int list_run(int argc, char **argv)
{
	return journal_target_run(&command_journal_list, argc, argv, list_journal);
}

const struct command command_journal_list = {
	.name = "journal list",
	.summary = "its segments and cursors, a row each",
	.usage = "[OPTION]...",
	.help = "Prints a row for each segment and each cursor: what it holds, and how "
		"far it is\n"
		"behind. A cursor is of a sink, or an orphan, which no configured sink "
		"reads on\n"
		"from; with --state-dir alone that is unknown. Nothing is changed, also "
		"beside a\n"
		"running agent.",
	.run = list_run,
};
