/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "agent.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/units.h"
#include "deliver/delivery.h"

#include <stdio.h>
#include <unistd.h>
#include <uv.h>

/* What the status line compares with. */
struct status_line {
	uint64_t samples;
};

/* "1.4 MiB": short rather than exact. */
static void append_size(struct buffer *to, uint64_t bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double size = (double)bytes;
	size_t unit = 0;

	while (size >= 1024 && unit + 1 < LENGTH(units)) {
		size /= 1024;
		unit++;
	}
	buffer_append_format(to, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

static void on_second(void *context, const struct agent *agent)
{
	CLEANUP(buffer_finish) struct buffer line = { 0 };
	struct status_line *last = context;
	struct agent_status status;
	uint64_t bytes = 0;

	agent_status(agent, &status);
	buffer_append_format(&line, "%llu runs (%llu failed), %llu samples/s, ",
		(unsigned long long)status.runs, (unsigned long long)status.failed_runs,
		(unsigned long long)(status.samples - last->samples));
	last->samples = status.samples;
	for (size_t i = 0; i < status.n_sinks; i++) {
		struct delivery_status sink;

		agent_sink_status(agent, i, &sink);
		bytes += sink.bytes;
	}
	append_size(&line, bytes);
	buffer_append_text(&line, " written");
	for (size_t i = 0; i < status.n_sinks; i++) {
		struct delivery_status sink;

		agent_sink_status(agent, i, &sink);
		buffer_append_format(
			&line, "; %s: %s", sink.id, sink.failing ? "failing, " : "");
		append_size(&line, sink.backlog_bytes);
		buffer_append_text(&line, " behind");
		if (sink.lost_frames > 0)
			buffer_append_format(&line, ", %s %llu samples, %llu frames",
				sink.losing ? "losing" : "lost",
				(unsigned long long)sink.lost_samples,
				(unsigned long long)sink.lost_frames);
	}
	log_set_status(buffer_text(&line));
}

static int run_agent(struct setup *setup, const char *config_path, bool once)
{
	struct status_line line = { 0 };
	struct agent_options options = {
		.config = setup->config,
		.config_path = config_path,
		.catalogue = &setup->catalogue,
		.once = once,
		.context = &line,
	};
	struct agent *agent;
	int status;

	if (isatty(STDERR_FILENO))
		options.on_second = on_second;
	log_set_level(
		(enum log_level)(LOG_LEVEL_ERROR + setup->config->agent.log_level.index));
	agent = agent_create(&options);
	if (!agent)
		return EXIT_FAILED;
	status = agent_run(agent);
	log_set_status(NULL);
	agent_destroy(agent);
	/* The pool's threads end here: behind main they would find OpenSSL gone, which
	 * they have to give things back to. */
	uv_library_shutdown();
	return status;
}

static int run_run(int argc, char **argv)
{
	struct common_options common = { 0 };
	bool once = false;
	const struct command_option options[] = {
		COMMON_OPTIONS(&common),
		{ .name = "once",
			.flag = &once,
			.help = "run each collector once, deliver all, and end" },
	};
	const struct command_line line = { &command_run, options, LENGTH(options), 0 };
	struct setup setup = { 0 };
	int status;

	if (options_read(&line, argc, argv, &status) < 0)
		return status;
	status = setup_config(&setup, &common);
	if (status == EXIT_FINE)
		status = run_agent(&setup, config_path_of(&common), once);
	setup_finish(&setup);
	return status;
}

const struct command command_run = {
	.name = "run",
	.summary = "collect, keep and forward",
	.usage = "[OPTION]...",
	.help = "Runs the agent until SIGTERM or SIGINT, which end it in order; a second "
		"one ends\n"
		"it at once. Exit status 1: with --once, a run failed; else something "
		"was left\n"
		"behind at the stop. Exit status 2: the configuration is wrong.",
	.run = run_run,
};
