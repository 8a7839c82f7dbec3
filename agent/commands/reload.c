/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "admin/client.h"
#include "base/macros.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A collector that changed may take its grace, twice, to stop. */
#define REPLY_TIMEOUT_MS 60000

static int complain(const char *state_dir, int r)
{
	if (r == -ENOENT || r == -ECONNREFUSED)
		fprintf(stderr, "rookery reload: no agent runs with '%s'\n", state_dir);
	else if (r == -ETIMEDOUT)
		fputs("rookery reload: what changed has not stopped yet; the agent goes "
		      "on with it\n",
			stderr);
	else
		fprintf(stderr, "rookery reload: cannot reach the agent in '%s': %s\n",
			state_dir, strerror(-r));
	return EXIT_FAILED;
}

static int reload(const char *state_dir)
{
	json_t *request = json_pack("{s:s}", "command", "reload"), *reply = NULL;
	int r = request ? admin_ask(state_dir, request, REPLY_TIMEOUT_MS, &reply)
			: -ENOMEM;
	bool ok = r == 0 && json_is_true(json_object_get(reply, "ok"));
	const char *text =
		json_string_value(json_object_get(reply, ok ? "text" : "error"));

	if (r < 0)
		complain(state_dir, r);
	else if (ok)
		printf("reloaded; %s\n", text ? text : "");
	else
		fprintf(stderr, "rookery reload: nothing was changed:\n%s\n",
			text ? text : "the agent does not say why");
	json_decref(request);
	json_decref(reply);
	return ok ? EXIT_FINE : EXIT_FAILED;
}

static int reload_run(int argc, char **argv)
{
	struct common_options common = { 0 };
	const char *state_dir = NULL;
	const struct command_option options[] = {
		COMMON_OPTIONS(&common),
		{ .name = "state-dir",
			.value = "FOLDER",
			.text = &state_dir,
			.help = "the state folder of the agent, without reading a "
				"configuration" },
	};
	const struct command_line line = { &command_reload, options, LENGTH(options), 0 };
	struct setup setup = { 0 };
	int status;

	if (options_read(&line, argc, argv, &status) < 0)
		return status;
	if (state_dir)
		return reload(state_dir);
	status = setup_config(&setup, &common);
	if (status == EXIT_FINE)
		status = reload(setup.config->agent.state_dir);
	setup_finish(&setup);
	return status;
}

const struct command command_reload = {
	.name = "reload",
	.summary = "have the running agent read its configuration again",
	.usage = "[OPTION]...",
	.help = "Has the agent read its configuration again and apply what changed; "
		"collectors and\n"
		"sinks that did not change go on untouched. Waits until that is done. "
		"Exit status 1:\n"
		"no agent runs, or the configuration is wrong and nothing was changed.",
	.run = reload_run,
};
