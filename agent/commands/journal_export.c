/* SPDX-License-Identifier: Apache-2.0 */
/* The journal's records as text, in any of the formats that sinks write. */
#include "journal.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "deliver/export.h"
#include "journal/cursors.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What was typed, and what it means. */
struct export_request {
	struct journal_target target;
	const char *format, *from, *to, *sink, *output;
	struct position first, last;
};

static int complain(const char *what, const char *which)
{
	fprintf(stderr,
		"rookery journal export: %s '%s'; 'rookery journal export --help' tells "
		"more\n",
		what, which);
	return EXIT_WRONG;
}

/* "1f0c...:42": an epoch and a sequence, as `journal list` prints them. */
static int read_position(const char *text, struct position *ret_position)
{
	const char *colon = strchr(text, ':');
	uint64_t epoch, sequence;
	int n = 0;

	if (!colon || colon - text != 16 ||
		sscanf(text, "%16" SCNx64 "%n", &epoch, &n) != 1 || text + n != colon ||
		unsigned_from_text(colon + 1, strlen(colon + 1), &sequence) < 0)
		return complain("no EPOCH:SEQUENCE:", text);
	*ret_position = (struct position){ epoch, sequence, 0 };
	return EXIT_FINE;
}

static int read_cursor(struct export_request *request)
{
	CLEANUP_FREE char *folder = path_join(request->target.state_dir, "cursors");
	CLEANUP(cursors_finish) struct cursors cursors = { 0 };
	const struct known_cursor *cursor;
	int r = folder ? cursors_load(&cursors, folder) : -ENOMEM;

	if (r < 0)
		return journal_fails("cannot read the cursors in '%s': %s",
			folder ? folder : request->target.state_dir, strerror(-r));
	cursor = cursors_find(&cursors, request->sink);
	if (!cursor)
		return journal_fails("there is no cursor of a sink '%s' in '%s'",
			request->sink, folder);
	if (cursor->result < 0)
		return journal_fails("the cursor of the sink '%s' cannot be read: %s",
			request->sink, cursor_problem(cursor));
	request->first = cursor->record.acknowledged;
	return EXIT_FINE;
}

/* Understands --from, --to and --sink. */
static int read_range(struct export_request *request, struct export_options *options)
{
	int status = EXIT_FINE;

	if (request->sink && request->from)
		return complain("--from and --sink do not go together:", request->sink);
	if (request->to) {
		status = read_position(request->to, &request->last);
		options->to = &request->last;
	}
	if (status == EXIT_FINE && request->from &&
		!text_equal(request->from, "oldest")) {
		status = read_position(request->from, &request->first);
		options->from = &request->first;
	}
	if (status == EXIT_FINE && request->sink) {
		status = read_cursor(request);
		options->from = &request->first;
		options->from_may_be_gone = true;
	}
	return status;
}

static int write_records(const struct export_options *options)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct export_result result;

	if (journal_export(options, &result, &why) < 0)
		return journal_fails("%s", buffer_text(&why));
	if (result.n_damaged + result.n_unknown + result.n_gone == 0)
		return EXIT_FINE;
	return journal_fails("exported %" PRIu64 " records; passed over %" PRIu64
			     " damaged frames and %" PRIu64
			     " records of unknown series; %" PRIu64
			     " frames were removed "
			     "before",
		result.n_records, result.n_damaged, result.n_unknown, result.n_gone);
}

/* A descriptor of the caller's, or a negative errno. */
static int open_output(const char *path)
{
	int fd = !path || text_equal(path, "-")
			 ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
			 : open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0640);

	return fd < 0 ? -errno : fd;
}

static int export_to_output(
	const struct export_request *request, struct export_options *options)
{
	CLEANUP_CLOSE int fd = open_output(request->output);

	if (fd < 0)
		return journal_fails("cannot create '%s': %s",
			request->output ? request->output : "-", strerror(-fd));
	options->fd = fd;
	return write_records(options);
}

static int export_as_asked(struct export_request *request)
{
	struct export_options options = {
		.state_dir = request->target.state_dir,
		.format = encoder_type_find(request->format ? request->format : "ndjson"),
	};
	int status;

	if (!options.format)
		return complain("there is no format", request->format);
	if (options.format->finish)
		return complain("no file can have the format", request->format);
	status = read_range(request, &options);
	return status == EXIT_FINE ? export_to_output(request, &options) : status;
}

static int export_run(int argc, char **argv)
{
	struct export_request request = { 0 };
	const struct command_option options[] = {
		JOURNAL_OPTIONS(&request.target),
		{ .name = "format",
			.value = "NAME",
			.text = &request.format,
			.help = "ndjson (the default), csv, influx, ..." },
		{ .name = "from",
			.value = "EPOCH:SEQUENCE",
			.text = &request.from,
			.help = "the first frame; or 'oldest', the default" },
		{ .name = "to",
			.value = "EPOCH:SEQUENCE",
			.text = &request.to,
			.help = "the last frame; else as far as there is" },
		{ .name = "sink",
			.value = "ID",
			.text = &request.sink,
			.help = "from that sink's cursor on: what it has not taken yet" },
		{ .name = "output",
			.value = "FILE",
			.text = &request.output,
			.help = "where to; replaced where it is there. Standard output: "
				"'-'" },
	};
	const struct command_line line = { &command_journal_export, options,
		LENGTH(options), 0 };
	int status;

	if (options_read(&line, argc, argv, &status) < 0)
		return status;
	status = journal_target_init(&request.target);
	if (status == EXIT_FINE)
		status = export_as_asked(&request);
	journal_target_finish(&request.target);
	return status;
}

const struct command command_journal_export = {
	.name = "journal export",
	.summary = "write its records as text",
	.usage = "[OPTION]...",
	.help = "Writes samples and events as a sink would, all of them or a range of "
		"frames, whose\n"
		"epochs and sequences 'rookery journal list' prints. Nothing is changed, "
		"also beside\n"
		"a running agent. Exit status 1: something was damaged or gone; the rest "
		"is written.",
	.run = export_run,
};
