/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal of a state folder holds, in all. */
#include "journal.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "journal/survey.h"

#include <stdio.h>

/* The sum of all segments, as one. */
static struct survey_segment sum_of(const struct survey *survey)
{
	struct survey_segment sum = { 0 };

	for (size_t i = 0; i < survey->n_segments; i++) {
		const struct survey_segment *segment = &survey->segments[i];

		if (sum.frames == 0 && segment->frames > 0) {
			sum.first_sequence = segment->first_sequence;
			sum.oldest_ns = segment->oldest_ns;
		}
		if (segment->frames > 0) {
			sum.end_sequence = segment->end_sequence;
			sum.newest_ns = segment->newest_ns;
		}
		sum.size += segment->size;
		sum.frames += segment->frames;
		sum.samples += segment->samples;
		sum.events += segment->events;
		sum.damaged += segment->damaged;
	}
	return sum;
}

static json_t *json_of_cursor(const struct known_cursor *cursor)
{
	const struct cursor_record *record = &cursor->record;

	if (cursor->result < 0)
		return json_pack(
			"{s:s,s:s}", "id", cursor->id, "problem", cursor_problem(cursor));
	return json_pack("{s:s,s:o,s:I,s:I,s:I,s:I,s:I}", "id", cursor->id, "epoch",
		json_epoch(record->acknowledged.epoch), "sequence",
		(json_int_t)record->acknowledged.sequence, "index",
		(json_int_t)record->acknowledged.index, "batch_records",
		(json_int_t)(record->has_batch ? record->n_records : 0), "lost_frames",
		(json_int_t)record->lost_frames, "lost_samples",
		(json_int_t)record->lost_samples);
}

static json_t *json_of_survey(const struct survey *survey)
{
	struct survey_segment sum = sum_of(survey);
	json_t *cursors = json_array();

	for (size_t i = 0; i < survey->cursors.n; i++)
		json_array_append_new(cursors, json_of_cursor(&survey->cursors.items[i]));
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o}", "segments",
		(json_int_t)survey->n_segments, "bytes", (json_int_t)sum.size, "frames",
		(json_int_t)sum.frames, "samples", (json_int_t)sum.samples, "events",
		(json_int_t)sum.events, "damaged", (json_int_t)sum.damaged,
		"first_sequence", (json_int_t)sum.first_sequence, "end_sequence",
		(json_int_t)sum.end_sequence, "oldest", json_time(sum.oldest_ns),
		"newest", json_time(sum.newest_ns), "cursors", cursors);
}

static void print_cursor(json_t *cursor)
{
	json_int_t lost = json_integer_value(json_object_get(cursor, "lost_frames"));

	printf(" %" JSON_INTEGER_FORMAT,
		json_integer_value(json_object_get(cursor, "sequence")));
	if (lost > 0)
		printf("; lost %" JSON_INTEGER_FORMAT " frames, %" JSON_INTEGER_FORMAT
		       " samples at least",
			lost,
			json_integer_value(json_object_get(cursor, "lost_samples")));
}

static void print_text(json_t *root)
{
	json_t *cursors = json_object_get(root, "cursors"), *value;
	const char *key;
	size_t i;

	json_object_foreach(root, key, value)
	{
		if (json_is_integer(value))
			printf("%-16s %" JSON_INTEGER_FORMAT "\n", key,
				json_integer_value(value));
		else if (json_is_string(value))
			printf("%-16s %s\n", key, json_string_value(value));
	}
	json_array_foreach(cursors, i, value)
	{
		const char *problem =
			json_string_value(json_object_get(value, "problem"));

		printf("cursor %-9s %s", json_string_value(json_object_get(value, "id")),
			problem ? problem : "at frame");
		if (!problem)
			print_cursor(value);
		putchar('\n');
	}
}

static int print_stat(const struct journal_target *target, bool as_json)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	CLEANUP(survey_finish) struct survey survey = { 0 };
	json_t *root;

	if (survey_make(&survey, target->state_dir, &why) < 0)
		return journal_fails("%s", buffer_text(&why));
	root = json_of_survey(&survey);
	if (as_json) {
		print_json(root);
	} else {
		print_text(root);
		json_decref(root);
	}
	return EXIT_FINE;
}

static int stat_run(int argc, char **argv)
{
	return journal_target_run(&command_journal_stat, argc, argv, print_stat);
}

const struct command command_journal_stat = {
	.name = "journal stat",
	.summary = "what it holds in all, and how far each sink has got",
	.usage = "[OPTION]...",
	.help = "Prints what the journal holds and how far each sink has got. Nothing is "
		"changed,\n"
		"also beside a running agent.",
	.run = stat_run,
};
