/* SPDX-License-Identifier: Apache-2.0 */
/* How many dead letters each sink has. */
#include "deadletter.h"

#include "base/cleanup.h"
#include "base/macros.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct listing {
	const struct deadletter_call *call;
	json_t *array; /* owned */
};

/* The sum of a sink's letters. */
static json_t *json_of_letters(const char *sink, const struct letters *letters)
{
	int64_t oldest_ns = 0, newest_ns = 0;
	const struct letter *newest = NULL;
	CLEANUP_FREE char *why = NULL;
	size_t bytes = 0;
	int status = 0;

	for (size_t i = 0; i < letters->n; i++) {
		const struct letter *letter = &letters->items[i];
		int64_t refused_ns = letter_refused_ns(letter);

		bytes += letter->line.n + 1;
		if (refused_ns == 0)
			continue;
		if (oldest_ns == 0 || refused_ns < oldest_ns)
			oldest_ns = refused_ns;
		if (refused_ns >= newest_ns) {
			newest_ns = refused_ns;
			newest = letter;
		}
	}
	if (newest)
		why = deadletter_why(newest, &status);
	return json_pack("{s:s,s:I,s:I,s:o,s:o,s:i,s:s}", "sink", sink, "letters",
		(json_int_t)letters->n, "bytes", (json_int_t)bytes, "oldest",
		json_time(oldest_ns), "newest", json_time(newest_ns), "status", status,
		"why", why ? why : "");
}

static int add_sink(void *context, const char *sink)
{
	struct listing *listing = context;
	CLEANUP(letters_finish) struct letters letters = LETTERS_NONE;

	if (deadletter_load(listing->call, sink, &letters) != EXIT_FINE)
		return EXIT_FAILED;
	if (letters.n > 0)
		json_array_append_new(listing->array, json_of_letters(sink, &letters));
	return 0;
}

static void print_sink(const json_t *entry)
{
	CLEANUP_FREE char *why =
		json_dumps(json_object_get(entry, "why"), JSON_ENCODE_ANY);
	const char *oldest = json_string_value(json_object_get(entry, "oldest"));
	const char *newest = json_string_value(json_object_get(entry, "newest"));

	printf("%-20s %" JSON_INTEGER_FORMAT " letters, %" JSON_INTEGER_FORMAT
	       " bytes, refused %s to %s; the last: %s\n",
		json_string_value(json_object_get(entry, "sink")),
		json_integer_value(json_object_get(entry, "letters")),
		json_integer_value(json_object_get(entry, "bytes")),
		oldest ? oldest : "?", newest ? newest : "?", why ? why : "?");
}

static void print_listing(struct listing *listing)
{
	const json_t *entry;
	size_t i;

	if (listing->call->as_json) {
		print_json(listing->array);
		return;
	}
	json_array_foreach(listing->array, i, entry)
	{
		print_sink(entry);
	}
	json_decref(listing->array);
}

static int list(struct deadletter_call *call)
{
	struct listing listing = { call, json_array() };
	int r = call->sink ? add_sink(&listing, call->sink)
			   : letters_each_sink(call->folder, add_sink, &listing);

	if (r < 0)
		target_fails(&call->target, "cannot read '%s': %s", call->folder,
			strerror(-r));
	if (r == 0)
		print_listing(&listing);
	else
		json_decref(listing.array);
	return r == 0 ? EXIT_FINE : EXIT_FAILED;
}

static int list_run(int argc, char **argv)
{
	struct deadletter_call call = DEADLETTER_CALL;
	const char *sink = NULL;
	const struct command_option options[] = {
		JOURNAL_OPTIONS(&call.target),
		{ .name = "sink",
			.value = "ID",
			.text = &sink,
			.help = "those of this sink alone" },
		{ .name = "json", .flag = &call.as_json, .help = "as JSON" },
	};
	const struct command_line line = { &command_deadletter_list, options,
		LENGTH(options), 0 };
	int status;

	if (options_read(&line, argc, argv, &status) < 0)
		return status;
	if (sink &&
		deadletter_take_sink(&command_deadletter_list, &call, sink) != EXIT_FINE)
		return EXIT_WRONG;
	return deadletter_run(&call, list);
}

const struct command command_deadletter_list = {
	.name = "deadletter list",
	.summary = "how many letters each sink has, and the last answer",
	.usage = "[OPTION]...",
	.help = "Prints of each sink that has dead letters how many there are, since "
		"when, and what the\n"
		"receiver said last. Nothing is changed, also beside a running agent.",
	.run = list_run,
};
