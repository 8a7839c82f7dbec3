/* SPDX-License-Identifier: Apache-2.0 */
/* Runs one collector once without journal, sinks or state: what a person uses to see
 * what it would report. */
#include "options.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/random.h"
#include "base/text.h"
#include "collect/intake.h"
#include "host/buckets.h"
#include "host/instance.h"
#include "host/secret_files.h"
#include "host/shared.h"
#include "loop/mailbox.h"
#include "loop/ticker.h"
#include "net/curl_loop.h"
#include "net/http_network.h"
#include "part_printer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct single {
	const struct collector_settings *settings;
	const struct object *object;
	uv_loop_t loop;
	struct ticker ticker;
	struct mailbox mailbox;
	struct host_shared shared;
	struct curl_loop *curl; /* owned */
	char *secret_folder;    /* owned */
	struct http_network network;
	struct buckets buckets;
	struct secret_files secrets;
	struct random random;
	struct collector_services services;
	struct collector collector;
	struct part_printer printer;
	bool ran;
};

static int single_open(
	void *context, struct collector *collector, struct runner **ret_runner)
{
	struct single *single = context;
	struct instance_options options = {
		.id = single->settings->id,
		.object = single->object,
		.values = single->settings->options,
		.max_series = (size_t)single->settings->max_series,
		.tenants = single->settings->tenants,
		.drop = single->settings->drop,
		.keep = single->settings->keep,
		.allows_special = single->settings->private_addresses,
		.shared = &single->shared,
	};

	return instance_create(&options, &collector->listener, ret_runner);
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
	mailbox_close(&single->mailbox, NULL);
	buckets_finish(&single->buckets);
	curl_loop_destroy(single->curl);
	single->curl = NULL;
	ticker_close(&single->ticker);
}

/* What instances share; rotating tokens are the agent's, so that what it has stays of
 * use. */
static int single_share(struct single *single)
{
	single->curl = curl_loop_create(&single->loop);
	if (!single->curl || !single->secret_folder)
		return -ENOMEM;
	http_network_init(&single->network, single->curl);
	buckets_init(&single->buckets, &single->ticker.timers);
	secret_files_init(&single->secrets, &single->loop, single->secret_folder);
	single->shared = (struct host_shared){
		.loop = &single->loop,
		.clock = &clock_system,
		.timers = &single->ticker.timers,
		.mailbox = &single->mailbox,
		.carrier = &single->network.carrier,
		.leases = &single->buckets.leases,
		.secrets = &single->secrets.store,
	};
	return 0;
}

static int single_start(struct single *single, const char *identity)
{
	struct collector_options options = {
		.id = single->settings->id,
		.identity = identity,
		.interval_ns = single->settings->interval.ns,
		.timeout_ns = single->settings->timeout.ns,
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
	if (r == 0)
		r = single_share(single);
	if (r == 0)
		r = ticker_open(&single->ticker, &single->loop, &clock_system);
	if (r == 0)
		r = mailbox_open(&single->mailbox, &single->loop);
	if (r == 0)
		r = collector_init(&single->collector, &options);
	if (r == 0)
		collector_start(&single->collector);
	return r;
}

static int collect_once(const struct setup *setup,
	const struct collector_settings *settings, const struct object *object,
	bool print)
{
	const char *host = setup->config->agent.host;
	CLEANUP_FREE char *identity = intake_identity(settings, host);
	struct single single = { .settings = settings, .object = object };
	struct source_view source;
	const struct collector_counts *counts = &single.collector.counts;

	single.secret_folder = path_join(setup->config->agent.state_dir, "secrets");
	if (!identity)
		return EXIT_FAILED;
	source = intake_source(settings, host, identity);
	part_printer_init(&single.printer, &source);
	single.printer.quiet = !print;
	if (single_start(&single, identity) < 0) {
		fputs("rookery collect: cannot start an event loop\n", stderr);
		return EXIT_FAILED;
	}
	uv_run(&single.loop, UV_RUN_DEFAULT);
	uv_loop_close(&single.loop);
	part_printer_finish(&single.printer);
	free(single.secret_folder);
	fprintf(stderr, "%s: %llu samples, %llu events\n", settings->id,
		(unsigned long long)single.printer.n_samples,
		(unsigned long long)single.printer.n_events);
	return counts->last_result < 0 ? EXIT_FAILED : EXIT_FINE;
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

static int collect_from(const struct setup *setup, const char *id, bool print)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	const struct collector_settings *settings = find_collector(setup->config, id);
	const struct object *object;

	if (!settings)
		return EXIT_WRONG;
	object = objects_load(setup->catalogue.objects, settings->plugin, &why);
	if (!object) {
		fprintf(stderr, "rookery collect: %s\n", buffer_text(&why));
		return EXIT_FAILED;
	}
	if (object->plugin.flags & RK_STREAM) {
		fprintf(stderr,
			"rookery collect: '%s' streams: it has no end to wait for\n", id);
		return EXIT_FAILED;
	}
	return collect_once(setup, settings, object, print);
}

static int collect_run(int argc, char **argv)
{
	struct common_options common = { 0 };
	bool once = false, print = false;
	const struct command_option options[] = {
		COMMON_OPTIONS(&common),
		{ .name = "once",
			.flag = &once,
			.help = "run it once (there is no other way yet)" },
		{ .name = "print",
			.flag = &print,
			.help = "write what it reports to standard output as NDJSON" },
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
	status = setup_config(&setup, &common);
	if (status == EXIT_FINE)
		status = collect_from(&setup, argv[0], print);
	setup_finish(&setup);
	return status;
}

const struct command command_collect = {
	.name = "collect",
	.summary = "run one collector once and see what it reports",
	.usage = "ID [--once] [--print] [OPTION]...",
	.help = "Runs the collector with this id once. No sink gets anything, the "
		"journal and\n"
		"the collector's state are not touched. Exit status 1: the run failed.",
	.run = collect_run,
};
