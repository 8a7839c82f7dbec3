/* SPDX-License-Identifier: Apache-2.0 */
#include "intake.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "host/instance.h"
#include "host/shared.h"
#include "isolate/children.h"
#include "journal/journal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *intake_identity(const struct collector_settings *settings, const char *host)
{
	char *identity;

	if (settings->identity)
		return strdup(settings->identity);
	return asprintf(&identity, "%s/%s", host, settings->id) < 0 ? NULL : identity;
}

struct source_view intake_source(
	const struct collector_settings *settings, const char *host, const char *identity)
{
	struct source_view source = {
		.host = slice_of(host),
		.collector = slice_of(settings->id),
		.identity = slice_of(identity),
		.plugin = slice_of(settings->plugin),
		.tenant = slice_of(settings->tenant),
	};

	for (size_t i = 0; i < settings->labels.n && i < SERIES_MAX_LABELS; i++)
		source.labels[source.n_labels++] = (struct label){
			slice_of(settings->labels.items[i].name),
			slice_of(settings->labels.items[i].value),
		};
	labels_sort(source.labels, source.n_labels);
	return source;
}

/* A runner in this process. */
static int open_here(const struct intake_options *options, const struct state *state,
	struct runner_listener *listener, struct runner **ret_runner)
{
	const struct collector_settings *settings = options->settings;
	const struct instance_options instance = {
		.id = settings->id,
		.object = options->object,
		.values = settings->options,
		.state = state,
		.max_series = (size_t)settings->max_series,
		.tenants = settings->tenants,
		.drop = settings->drop,
		.keep = settings->keep,
		.allows_special = settings->private_addresses,
		.shared = options->shared,
	};

	return instance_create(&instance, listener, ret_runner);
}

/* ... or in a child. */
static int open_apart(const struct intake_options *options, const struct state *state,
	struct collector *collector, struct runner **ret_runner)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	const struct collector_settings *settings = options->settings;
	const struct lodging lodging = {
		.plugin = options->plugin,
		.alone = settings->isolation.index == ISOLATION_OWN_PROCESS,
		.open = {
			.id = settings->id,
			.values = settings->options,
			.state = state,
			.max_series = (size_t)settings->max_series,
			.tenants = settings->tenants,
			.drop = settings->drop,
			.keep = settings->keep,
			.allows_special = settings->private_addresses,
		},
	};
	int r = children_open(
		options->children, &lodging, &collector->listener, ret_runner, &why);

	if (r < 0 && why.size > 0 && buffer_text(&why))
		snprintf(collector->why, sizeof(collector->why), "%s", buffer_text(&why));
	return r;
}

int intake_open_runner(const struct intake_options *options, const struct state *state,
	struct collector *collector, struct runner **ret_runner)
{
	if (options->settings->isolation.index == ISOLATION_NONE)
		return open_here(options, state, &collector->listener, ret_runner);
	return open_apart(options, state, collector, ret_runner);
}

static int intake_open(
	void *context, struct collector *collector, struct runner **ret_runner)
{
	struct intake *intake = context;
	const struct intake_options *options = &intake->options;
	struct source_view source =
		intake_source(options->settings, options->host, intake->identity);
	int r;

	intake->source = journal_source_create(options->journal, &source);
	if (!intake->source)
		return -ENOMEM;
	r = intake_open_runner(options,
		journal_state(options->journal, options->settings->id), collector,
		ret_runner);
	if (r < 0) {
		journal_source_destroy(options->journal, intake->source);
		intake->source = NULL;
	}
	return r;
}

static void intake_close(void *context, struct collector *collector)
{
	struct intake *intake = context;

	(void)collector;
	journal_source_destroy(intake->options.journal, intake->source);
	intake->source = NULL;
}

static void intake_on_done(void *context, int result, const struct part *part,
	const struct position *position)
{
	struct intake *intake = context;

	(void)position;
	collector_part_settled(&intake->collector, result, part);
}

static int intake_append(void *context, struct collector *collector, struct part *part)
{
	struct intake *intake = context;

	(void)collector;
	return journal_append(
		intake->options.journal, intake->source, part, intake_on_done, intake);
}

static void intake_on_rest(void *context, struct collector *collector)
{
	struct intake *intake = context;

	(void)collector;
	intake->options.on_rest(intake->options.context, intake);
}

int intake_create(const struct intake_options *options, struct intake **ret_intake)
{
	const struct collector_settings *settings = options->settings;
	struct intake *intake = calloc(1, sizeof(*intake));
	struct collector_options collector = {
		.id = settings->id,
		.interval_ns = settings->interval.ns,
		.timeout_ns = settings->timeout.ns,
		.jitter_ns = settings->jitter.ns,
		.align = settings->align,
		.stream = options->plugin->description.flags & RK_STREAM,
		.once = options->once,
		.timers = options->shared->timers,
		.random = options->random,
	};
	int r;

	if (!intake)
		return -ENOMEM;
	intake->options = *options;
	intake->identity = intake_identity(settings, options->host);
	intake->services = (struct collector_services){
		.open = intake_open,
		.close = intake_close,
		.append = intake_append,
		.on_rest = intake_on_rest,
		.context = intake,
	};
	collector.identity = intake->identity;
	collector.services = &intake->services;
	r = intake->identity ? collector_init(&intake->collector, &collector) : -ENOMEM;
	if (r < 0) {
		free(intake->identity);
		free(intake);
		return r;
	}
	*ret_intake = intake;
	return 0;
}

void intake_destroy(struct intake *intake)
{
	if (!intake)
		return;
	collector_finish(&intake->collector);
	free(intake->identity);
	free(intake);
}
