/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a journal is as it must be; all that is not. */
#include "journal.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "journal/check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* As many faults stand in the JSON; "n_faults" counts all. */
enum { FAULTS_IN_JSON = 1000 };

struct check_output {
	json_t *faults; /* NULL: as text */
};

static void print_fault(const struct check_fault *fault)
{
	printf("%s: ", fault->path);
	if (fault->end > fault->begin)
		printf("bytes %" PRIu64 " to %" PRIu64 ": ", fault->begin, fault->end);
	else if (fault->begin > 0)
		printf("at byte %" PRIu64 ": ", fault->begin);
	if (fault->sequence > 0)
		printf("frame %" PRIu64 ": ", fault->sequence);
	puts(fault->what);
}

static void on_fault(void *context, const struct check_fault *fault)
{
	struct check_output *output = context;

	if (!output->faults)
		print_fault(fault);
	else if (json_array_size(output->faults) < FAULTS_IN_JSON)
		json_array_append_new(output->faults,
			json_pack("{s:s,s:s,s:I,s:I,s:I,s:s}", "kind",
				check_kind_name(fault->kind), "file", fault->path,
				"begin", (json_int_t)fault->begin, "end",
				(json_int_t)fault->end, "sequence",
				(json_int_t)fault->sequence, "what", fault->what));
}

static void print_result(
	const struct check_output *output, const struct check_result *result)
{
	if (output->faults) {
		print_json(json_pack("{s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:O}",
			"agent_runs", result->agent_runs, "segments",
			(json_int_t)result->n_segments, "bytes",
			(json_int_t)result->n_bytes, "frames",
			(json_int_t)result->n_frames, "samples",
			(json_int_t)result->n_samples, "events",
			(json_int_t)result->n_events, "cursors",
			(json_int_t)result->n_cursors, "set_aside",
			(json_int_t)result->n_set_aside, "n_faults",
			(json_int_t)result->n_faults, "faults", output->faults));
		return;
	}
	printf("%" PRIu64 " segments, %" PRIu64 " frames, %" PRIu64 " samples, %" PRIu64
	       " events, %" PRIu64 " cursors: ",
		result->n_segments, result->n_frames, result->n_samples, result->n_events,
		result->n_cursors);
	if (result->n_faults == 0)
		fputs("fine", stdout);
	else
		printf("%" PRIu64 " faults", result->n_faults);
	if (result->n_set_aside > 0)
		printf("; %" PRIu64 " damaged pieces were set aside before",
			result->n_set_aside);
	putchar('\n');
}

static int check_journal(const struct journal_target *target, bool as_json)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct check_output output = { .faults = as_json ? json_array() : NULL };
	struct check_options options = {
		.state_dir = target->state_dir,
		.on_fault = on_fault,
		.context = &output,
	};
	struct check_result result = { 0 };
	int status = EXIT_FAILED;

	if (journal_check(&options, &result, &why) < 0) {
		journal_fails("%s", buffer_text(&why));
	} else {
		print_result(&output, &result);
		status = result.n_faults > 0 ? EXIT_FAILED : EXIT_FINE;
	}
	json_decref(output.faults);
	return status;
}

static int check_run(int argc, char **argv)
{
	return journal_target_run(&command_journal_check, argc, argv, check_journal);
}

const struct command command_journal_check = {
	.name = "journal check",
	.summary = "verify all of it, and tell each fault",
	.usage = "[OPTION]...",
	.help = "Reads the whole journal and verifies headers, checksums, sequences, the "
		"series of\n"
		"samples, the .series files and the cursors. A line for each fault says "
		"which file,\n"
		"which bytes, which frame, and what was expected. Nothing is changed, "
		"also beside a\n"
		"running agent. Exit status 1: there are faults. What is in quarantine/ "
		"already is\n"
		"counted and is no fault.",
	.run = check_run,
};
