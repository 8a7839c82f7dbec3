/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal of a state folder holds, read without changing anything. */
#include "options.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "journal/cursor.h"
#include "journal/reader.h"
#include "journal/segments.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct journal_stat {
	uint64_t segments, bytes, frames, samples, events, damaged;
	uint64_t first_sequence, end_sequence;
	int64_t oldest_ns, newest_ns;
};

static int stat_segment(const struct segment_info *info, struct journal_stat *stat)
{
	struct reader reader;
	struct frame frame;
	int r = reader_open(&reader, info->path);

	stat->segments++;
	stat->bytes += info->extent.size;
	while (r >= 0 &&
		(r = reader_next(&reader, info->extent.size, &frame)) != READER_END) {
		if (r == READER_DAMAGED)
			stat->damaged++;
		if (r != READER_FRAME)
			continue;
		if (stat->frames++ == 0) {
			stat->first_sequence = frame.header.sequence;
			stat->oldest_ns = frame.header.observed_ns;
		}
		stat->samples += frame.header.n_samples;
		stat->events += frame.header.n_events;
		stat->end_sequence = frame.header.sequence + 1;
		stat->newest_ns = frame.header.observed_ns;
	}
	reader_close(&reader);
	/* A segment may be removed while a running agent is looked at. */
	return r == -ENOENT ? 0 : MIN(r, 0);
}

static json_t *json_time(int64_t time_ns)
{
	struct timestamp_cache cache = { 0 };
	char text[TIMESTAMP_TEXT_SIZE];

	if (time_ns == 0)
		return json_null();
	return json_stringn(
		text, (size_t)(timestamp_to_text(&cache, text, time_ns) - text));
}

static json_t *json_of_stat(const struct journal_stat *stat)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:o}", "segments",
		(json_int_t)stat->segments, "bytes", (json_int_t)stat->bytes, "frames",
		(json_int_t)stat->frames, "samples", (json_int_t)stat->samples, "events",
		(json_int_t)stat->events, "damaged", (json_int_t)stat->damaged,
		"first_sequence", (json_int_t)stat->first_sequence, "end_sequence",
		(json_int_t)stat->end_sequence, "oldest", json_time(stat->oldest_ns),
		"newest", json_time(stat->newest_ns));
}

static json_t *json_of_cursor(const char *path, const char *id)
{
	struct cursor_record record;
	struct cursor cursor;
	int r = cursor_open(&cursor, path, &record);
	json_t *object = json_object();
	char epoch[20];

	cursor_close(&cursor);
	json_object_set_new(object, "id", json_string(id));
	if (r < 0) {
		json_object_set_new(object, "problem",
			json_string(r == -EBADMSG ? "damaged" : strerror(-r)));
		return object;
	}
	snprintf(epoch, sizeof(epoch), "%016" PRIx64, record.acknowledged.epoch);
	json_object_set_new(object, "epoch", json_string(epoch));
	json_object_set_new(object, "sequence",
		json_integer((json_int_t)record.acknowledged.sequence));
	json_object_set_new(
		object, "index", json_integer((json_int_t)record.acknowledged.index));
	json_object_set_new(object, "batch_records",
		json_integer(record.has_batch ? (json_int_t)record.n_records : 0));
	json_object_set_new(
		object, "lost_frames", json_integer((json_int_t)record.lost_frames));
	json_object_set_new(
		object, "lost_samples", json_integer((json_int_t)record.lost_samples));
	return object;
}

static json_t *json_of_cursors(const char *folder)
{
	CLEANUP_CLOSEDIR DIR *directory = opendir(folder);
	json_t *array = json_array();
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		CLEANUP_FREE char *path = path_join(folder, entry->d_name);
		char *suffix = strrchr(entry->d_name, '.');

		if (!path || !suffix || !text_equal(suffix, ".cursor"))
			continue;
		*suffix = '\0';
		json_array_append_new(array, json_of_cursor(path, entry->d_name));
	}
	return array;
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

static int stat_folder(const char *state_dir, struct journal_stat *stat)
{
	CLEANUP_FREE char *folder = path_join(state_dir, "journal");
	struct segments_scan scan = { 0 };
	struct list segments;
	int r = folder ? 0 : -ENOMEM;

	list_init(&segments);
	if (r == 0)
		r = segments_find(folder, false, &segments, &scan);
	list_each(link, &segments)
	{
		if (r == 0)
			r = stat_segment(
				container_of(link, struct segment_info, link), stat);
	}
	segments_free(&segments);
	if (r < 0)
		fprintf(stderr, "rookery journal: cannot read '%s': %s\n",
			scan.newer ? scan.newer
			: folder   ? folder
				   : state_dir,
			r == -EPROTONOSUPPORT ? "written by a newer version"
					      : strerror(-r));
	segments_scan_finish(&scan);
	return r;
}

static int print_stat(const char *state_dir, bool as_json)
{
	CLEANUP_FREE char *cursors = path_join(state_dir, "cursors");
	struct journal_stat stat = { 0 };
	json_t *root;

	if (!cursors || stat_folder(state_dir, &stat) < 0)
		return EXIT_FAILED;
	root = json_of_stat(&stat);
	json_object_set_new(root, "cursors", json_of_cursors(cursors));
	if (as_json) {
		json_dumpf(root, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		print_text(root);
	}
	json_decref(root);
	return EXIT_FINE;
}

static int journal_run(int argc, char **argv)
{
	struct common_options common = { 0 };
	const char *state_dir = NULL;
	bool as_json = false;
	const struct command_option options[] = {
		COMMON_OPTIONS(&common),
		{ .name = "state-dir",
			.value = "FOLDER",
			.text = &state_dir,
			.help = "the state folder, without reading a configuration" },
		{ .name = "json", .flag = &as_json, .help = "as JSON" },
	};
	struct setup setup = { 0 };
	const struct command_line line = { &command_journal, options, LENGTH(options),
		1 };
	int status, n = options_read(&line, argc, argv, &status);

	if (n < 0)
		return status;
	if (n == 0 || !text_equal(argv[0], "stat")) {
		fputs("rookery journal: what? stat\n", stderr);
		return EXIT_WRONG;
	}
	if (state_dir)
		return print_stat(state_dir, as_json);
	status = setup_config(&setup, &common);
	if (status == EXIT_FINE)
		status = print_stat(setup.config->agent.state_dir, as_json);
	setup_finish(&setup);
	return status;
}

const struct command command_journal = {
	.name = "journal",
	.summary = "look into the journal",
	.usage = "stat [OPTION]...",
	.help = "stat  prints what the journal holds and how far each sink has got; "
		"nothing is\n"
		"      changed, also beside a running agent",
	.run = journal_run,
};
