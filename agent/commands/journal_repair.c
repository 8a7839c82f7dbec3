/* SPDX-License-Identifier: Apache-2.0 */
/* Puts the journal in order while no agent runs. */
#include "journal.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "journal/repair.h"

#include <stdio.h>

/* Lines to standard output, or lists for JSON. */
struct repair_output {
	json_t *steps, *left; /* NULL: as text */
};

static void on_step(void *context, const char *text)
{
	struct repair_output *output = context;

	if (output->steps)
		json_array_append_new(output->steps, json_string(text));
	else
		puts(text);
}

static void on_left(void *context, const char *text)
{
	struct repair_output *output = context;

	if (output->left)
		json_array_append_new(output->left, json_string(text));
	else
		printf("left as it is: %s\n", text);
}

static int repair(const char *state_dir, struct repair_output *output)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct repair_options options = {
		.state_dir = state_dir,
		.on_step = on_step,
		.on_left = on_left,
		.context = output,
	};
	struct repair_result result;

	if (journal_repair(&options, &result, &why) < 0)
		return journal_fails("%s", buffer_text(&why));
	if (output->steps)
		print_json(json_pack(
			"{s:O,s:O}", "done", output->steps, "left", output->left));
	else if (result.n_steps + result.n_left == 0)
		puts("fine: there is nothing to repair");
	return result.n_left > 0 ? EXIT_FAILED : EXIT_FINE;
}

static int repair_journal(const struct journal_target *target, bool as_json)
{
	struct repair_output output = { 0 };
	int status = journal_target_lock(target, "repair");

	if (status != EXIT_FINE)
		return status;
	if (as_json) {
		output.steps = json_array();
		output.left = json_array();
	}
	status = repair(target->state_dir, &output);
	json_decref(output.steps);
	json_decref(output.left);
	return status;
}

static int repair_run(int argc, char **argv)
{
	return journal_target_run(&command_journal_repair, argc, argv, repair_journal);
}

const struct command command_journal_repair = {
	.name = "journal repair",
	.summary = "put it in order, while no agent runs",
	.usage = "[OPTION]...",
	.help = "Cuts off a torn tail, writes damaged headers anew, sets what is damaged "
		"aside in\n"
		"quarantine/, each piece with a file that says why, and makes damaged "
		".series files\n"
		"anew from their segments. Prints what it does; doing it again changes "
		"nothing. An\n"
		"agent does all of this but the last by itself. Refused while one runs. "
		"Exit status 1:\n"
		"it failed, or faults are left that nothing can repair.",
	.run = repair_run,
};
