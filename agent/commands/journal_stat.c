/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal of a state folder holds, in all. */
#include "journal.h"

#include "admin/client.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "deliver/letters.h"
#include "journal/survey.h"

#include <stdio.h>

/* An agent that is busy for longer is one that does not answer. */
#define REPLY_TIMEOUT_MS 5000

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

/* How many dead letters the sink has; null where they cannot be read. */
static json_t *count_letters(const char *state_dir, const char *sink)
{
	CLEANUP_FREE char *folder = path_join(state_dir, "dead-letters");
	CLEANUP(letters_finish) struct letters letters = LETTERS_NONE;

	if (!folder || letters_load(&letters, folder, sink, false) < 0)
		return json_null();
	return json_integer((json_int_t)letters.n);
}

static json_t *json_of_cursor(const struct known_cursor *cursor, const char *state_dir)
{
	const struct cursor_record *record = &cursor->record;

	if (cursor->result < 0)
		return json_pack(
			"{s:s,s:s}", "id", cursor->id, "problem", cursor_problem(cursor));
	return json_pack("{s:s,s:o,s:I,s:I,s:I,s:I,s:I,s:o}", "id", cursor->id, "epoch",
		json_epoch(record->acknowledged.epoch), "sequence",
		(json_int_t)record->acknowledged.sequence, "index",
		(json_int_t)record->acknowledged.index, "batch_records",
		(json_int_t)(record->has_batch ? record->n_records : 0), "lost_frames",
		(json_int_t)record->lost_frames, "lost_samples",
		(json_int_t)record->lost_samples, "letters",
		count_letters(state_dir, cursor->id));
}

static json_t *json_of_survey(const struct survey *survey, const char *state_dir)
{
	struct survey_segment sum = sum_of(survey);
	json_t *cursors = json_array();

	for (size_t i = 0; i < survey->cursors.n; i++)
		json_array_append_new(
			cursors, json_of_cursor(&survey->cursors.items[i], state_dir));
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o}", "segments",
		(json_int_t)survey->n_segments, "bytes", (json_int_t)sum.size, "frames",
		(json_int_t)sum.frames, "samples", (json_int_t)sum.samples, "events",
		(json_int_t)sum.events, "damaged", (json_int_t)sum.damaged,
		"first_sequence", (json_int_t)sum.first_sequence, "end_sequence",
		(json_int_t)sum.end_sequence, "oldest", json_time(sum.oldest_ns),
		"newest", json_time(sum.newest_ns), "cursors", cursors);
}

/* ---- the agent --------------------------------------------------------- */

/* What the agent that runs tells of it, owned by the caller; null where none answers. */
static json_t *ask_agent(const char *state_dir)
{
	json_t *request = json_pack("{s:s}", "command", "journal"), *reply = NULL;

	if (!request || admin_ask(state_dir, request, REPLY_TIMEOUT_MS, &reply) < 0 ||
		!json_is_true(json_object_get(reply, "ok"))) {
		json_decref(reply);
		reply = json_null();
	}
	json_decref(request);
	json_object_del(reply, "ok");
	return reply;
}

static const json_t *sink_of(const json_t *agent, const char *id)
{
	const json_t *sinks = json_object_get(agent, "sinks"), *sink;
	size_t i;

	json_array_foreach(sinks, i, sink)
	{
		if (text_equal(json_string_value(json_object_get(sink, "id")), id))
			return sink;
	}
	return NULL;
}

/* ---- as text ----------------------------------------------------------- */

static long long number_of(const json_t *object, const char *name)
{
	return (long long)json_integer_value(json_object_get(object, name));
}

static void print_agent(const json_t *agent)
{
	const char *failure = json_string_value(json_object_get(agent, "failure"));

	if (!json_is_object(agent))
		return;
	printf("%-16s pid %lld", "agent", number_of(agent, "pid"));
	if (failure)
		printf("; cannot write: %s", failure);
	if (json_is_true(json_object_get(agent, "collectors_wait")))
		fputs("; collectors wait for a sink", stdout);
	if (number_of(agent, "failed_syncs") > 0)
		printf("; %lld syncs failed", number_of(agent, "failed_syncs"));
	putchar('\n');
}

static void print_sink(const json_t *sink)
{
	printf("; %lld bytes wait", number_of(sink, "backlog_bytes"));
	if (json_is_true(json_object_get(sink, "failing")))
		fputs("; cannot deliver now", stdout);
	if (json_is_true(json_object_get(sink, "locked_out")))
		fputs(": it is not let in", stdout);
	if (number_of(sink, "outdated") > 0)
		printf("; %lld records came too late since the start",
			number_of(sink, "outdated"));
	if (number_of(sink, "left_out") > 0)
		printf("; %lld events have no place in its format",
			number_of(sink, "left_out"));
}

static void print_cursor(const json_t *cursor, const json_t *agent)
{
	const char *id = json_string_value(json_object_get(cursor, "id"));
	const char *problem = json_string_value(json_object_get(cursor, "problem"));
	const json_t *sink = sink_of(agent, id);

	printf("cursor %-9s ", id);
	if (problem) {
		puts(problem);
		return;
	}
	printf("at frame %lld", number_of(cursor, "sequence"));
	if (number_of(cursor, "lost_frames") > 0)
		printf("; lost %lld frames, %lld samples at least",
			number_of(cursor, "lost_frames"),
			number_of(cursor, "lost_samples"));
	if (number_of(cursor, "letters") > 0)
		printf("; %lld dead letters", number_of(cursor, "letters"));
	if (sink)
		print_sink(sink);
	putchar('\n');
}

static void print_text(json_t *root)
{
	const json_t *cursors = json_object_get(root, "cursors");
	const json_t *agent = json_object_get(root, "agent"), *value;
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
	print_agent(agent);
	json_array_foreach(cursors, i, value)
	{
		print_cursor(value, agent);
	}
}

static int print_stat(const struct journal_target *target, bool as_json)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	CLEANUP(survey_finish) struct survey survey = { 0 };
	json_t *root;

	if (survey_make(&survey, target->state_dir, &why) < 0)
		return journal_fails("%s", buffer_text(&why));
	root = json_of_survey(&survey, target->state_dir);
	json_object_set_new(root, "agent", ask_agent(target->state_dir));
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
	.help = "Prints what the journal holds and how far each sink has got; of an "
		"agent "
		"that runs\n"
		"also what waits for each sink, and whether it can write and deliver. "
		"Nothing is\n"
		"changed.",
	.run = stat_run,
};
