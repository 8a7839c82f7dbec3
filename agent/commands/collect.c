/* SPDX-License-Identifier: Apache-2.0 */
/* Runs one collector once without journal, sinks or state: what a person uses to see
 * what it would report. */
#include "options.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/random.h"
#include "base/text.h"
#include "collect/intake.h"
#include "collect_http.h"
#include "host/shared.h"
#include "isolate/children.h"
#include "loop/mailbox.h"
#include "loop/ticker.h"
#include "part_printer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the command line asks for. */
struct wishes {
	bool print;
	const char *record, *replay;
};

struct single {
	struct intake_options options; /* what a runner is made from */
	uv_loop_t loop;
	struct ticker ticker;
	struct mailbox mailbox;
	struct host_shared shared;
	struct collect_http http;
	struct children *children;
	struct random random;
	struct collector_services services;
	struct collector collector;
	struct part_printer printer;
	const char *identity;
	bool ran;
};

static int single_open(
	void *context, struct collector *collector, struct runner **ret_runner)
{
	struct single *single = context;

	return intake_open_runner(&single->options, NULL, collector, ret_runner);
}

static void single_close(void *context, struct collector *collector)
{
	(void)context;
	(void)collector;
}

static int single_append(void *context, struct collector *collector, struct part *part)
{
	struct single *single = context;
	int r = part_printer_print(&single->printer, part);

	if (r < 0)
		return r;
	collector_part_settled(collector, 0, part);
	part_destroy(part);
	return 0;
}

/* First after the run, then after the stop. */
static void single_on_rest(void *context, struct collector *collector)
{
	struct single *single = context;

	if (!single->ran) {
		single->ran = true;
		collector_stop(collector);
		return;
	}
	if (collector->state == COLLECTOR_PARKED)
		_exit(EXIT_FAILED);
	collector_finish(collector);
	children_close(single->children);
}

static void single_on_children_closed(void *context)
{
	struct single *single = context;

	mailbox_close(&single->mailbox, NULL);
	collect_http_close(&single->http);
	ticker_close(&single->ticker);
}

static int open_children(struct single *single, int program)
{
	const struct children_options options = {
		.shared = &single->shared,
		.random = &single->random,
		.program = program,
		.on_closed = single_on_children_closed,
		.context = single,
	};

	single->children = children_create(&options);
	single->options.shared = &single->shared;
	single->options.children = single->children;
	return single->children ? 0 : -ENOMEM;
}

static int single_start(struct single *single, const struct setup *setup,
	const struct wishes *wishes, struct buffer *why)
{
	const struct collect_http_options http = { wishes->record, wishes->replay,
		setup->config->agent.state_dir };
	const struct collector_settings *settings = single->options.settings;
	struct collector_options options = {
		.id = settings->id,
		.identity = single->identity,
		.interval_ns = settings->interval.ns,
		.timeout_ns = settings->timeout.ns,
		.once = true,
		.request_flags = RK_MANUAL,
		.timers = &single->ticker.timers,
		.random = &single->random,
		.services = &single->services,
	};
	int r = uv_loop_init(&single->loop);

	random_seed(&single->random, random_u64());
	single->services = (struct collector_services){ single_open, single_close,
		single_append, single_on_rest, single };
	single->shared.loop = &single->loop;
	single->shared.clock = &clock_system;
	single->shared.timers = &single->ticker.timers;
	single->shared.mailbox = &single->mailbox;
	if (r == 0)
		r = ticker_open(&single->ticker, &single->loop, &clock_system);
	if (r == 0)
		r = mailbox_open(&single->mailbox, &single->loop);
	if (r == 0)
		r = collect_http_open(&single->http, &http, &single->shared, why);
	if (r == 0)
		r = open_children(single, setup->catalogue.program);
	if (r == 0)
		r = collector_init(&single->collector, &options);
	if (r == 0)
		collector_start(&single->collector);
	return r;
}

static int collect_once(const struct setup *setup, const struct intake_options *options,
	const struct wishes *wishes)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	const struct collector_settings *settings = options->settings;
	const char *host = setup->config->agent.host;
	CLEANUP_FREE char *identity = intake_identity(settings, host);
	struct single single = { .options = *options, .identity = identity };
	struct source_view source;
	const struct collector_counts *counts = &single.collector.counts;
	int r;

	if (!identity)
		return EXIT_FAILED;
	source = intake_source(settings, host, identity);
	part_printer_init(&single.printer, &source);
	single.printer.quiet = !wishes->print;
	if (single_start(&single, setup, wishes, &why) < 0) {
		fprintf(stderr, "rookery collect: %s\n",
			why.size > 0 ? buffer_text(&why) : "cannot start an event loop");
		collect_http_finish(&single.http);
		return EXIT_FAILED;
	}
	uv_run(&single.loop, UV_RUN_DEFAULT);
	uv_loop_close(&single.loop);
	part_printer_finish(&single.printer);
	r = collect_http_finish(&single.http);
	if (r < 0)
		fprintf(stderr, "rookery collect: cannot write the recording: %s\n",
			strerror(-r));
	fprintf(stderr, "%s: %llu samples, %llu events\n", settings->id,
		(unsigned long long)single.printer.n_samples,
		(unsigned long long)single.printer.n_events);
	return counts->last_result < 0 || r < 0 ? EXIT_FAILED : EXIT_FINE;
}

static const struct collector_settings *find_collector(
	const struct config *config, const char *id)
{
	const struct collector_settings *found = NULL;
	const char **ids = calloc(config->n_collectors + 1, sizeof(*ids));
	const char *nearest;

	for (size_t i = 0; ids && i < config->n_collectors; i++) {
		ids[i] = config->collectors[i].id;
		if (text_equal(ids[i], id))
			found = &config->collectors[i];
	}
	nearest = ids && !found ? text_nearest(id, ids, config->n_collectors) : NULL;
	if (!found)
		fprintf(stderr, "rookery collect: no collector has the id '%s'%s%s%s\n",
			id, nearest ? "; did you mean '" : "", nearest ? nearest : "",
			nearest ? "'?" : "");
	free(ids);
	return found;
}

static int collect_from(
	const struct setup *setup, const char *id, const struct wishes *wishes)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	const struct collector_settings *found = find_collector(setup->config, id);
	struct collector_settings settings;
	struct intake_options options = { .settings = &settings };

	if (!found)
		return EXIT_WRONG;
	settings = *found;
	/* Who answers its requests is in this process. */
	if (wishes->record || wishes->replay)
		settings.isolation.index = ISOLATION_NONE;
	options.plugin = plugins_find(setup->catalogue.plugins, settings.plugin, &why);
	if (options.plugin && settings.isolation.index == ISOLATION_NONE)
		options.object =
			objects_load(setup->catalogue.objects, settings.plugin, &why);
	if (!options.plugin || why.size > 0) {
		fprintf(stderr, "rookery collect: %s\n", buffer_text(&why));
		return EXIT_FAILED;
	}
	if (options.plugin->description.flags & RK_STREAM) {
		fprintf(stderr,
			"rookery collect: '%s' streams: it has no end to wait for\n", id);
		return EXIT_FAILED;
	}
	return collect_once(setup, &options, wishes);
}

static int collect_run(int argc, char **argv)
{
	struct common_options common = { 0 };
	struct wishes wishes = { 0 };
	bool once = false;
	const struct command_option options[] = {
		COMMON_OPTIONS(&common),
		{ .name = "once",
			.flag = &once,
			.help = "run it once (there is no other way yet)" },
		{ .name = "print",
			.flag = &wishes.print,
			.help = "write what it reports to standard output as NDJSON" },
		{ .name = "record",
			.value = "FOLDER",
			.text = &wishes.record,
			.help = "write each HTTP exchange there, without secrets" },
		{ .name = "replay",
			.value = "FOLDER",
			.text = &wishes.replay,
			.help = "answer from there instead of the network" },
	};
	struct setup setup = { 0 };
	const struct command_line line = { &command_collect, options, LENGTH(options),
		1 };
	int status, n = options_read(&line, argc, argv, &status);

	if (n < 0)
		return status;
	if (n == 0) {
		fputs("rookery collect: which collector? Name its id\n", stderr);
		return EXIT_WRONG;
	}
	if (wishes.record && wishes.replay) {
		fputs("rookery collect: --record or --replay, not both\n", stderr);
		return EXIT_WRONG;
	}
	status = setup_config(&setup, &common);
	if (status == EXIT_FINE)
		status = collect_from(&setup, argv[0], &wishes);
	setup_finish(&setup);
	return status;
}

const struct command command_collect = {
	.name = "collect",
	.summary = "run one collector once and see what it reports",
	.usage = "ID [--once] [--print] [OPTION]...",
	.help = "Runs the collector with this id once. No sink gets anything, the "
		"journal and\n"
		"the collector's state are not touched. Exit status 1: the run failed.\n"
		"What --record wrote, --replay plays again, with the time of the "
		"recording.",
	.run = collect_run,
};
