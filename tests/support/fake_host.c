/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_host.h"

#include "cases.h"
#include "fake_host_options.h"
#include "fake_host_series.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PART_CAPACITY = 65536, MOST_SCALE = 18 };

/* Both are the fake host itself; the types keep them apart for the compiler. */
struct rk_run {
	struct fake_host *fake;
};
struct rk_faults {
	struct fake_host *fake;
};

static void append_list(char **text, const char *format, va_list list)
	__attribute__((format(printf, 2, 0)));

static void append_list(char **text, const char *format, va_list list)
{
	char *added, *joined;

	assert_true(vasprintf(&added, format, list) >= 0);
	assert_true(asprintf(&joined, "%s%s", *text ? *text : "", added) >= 0);
	free(added);
	free(*text);
	*text = joined;
}

void fake_host_append(char **text, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	append_list(text, format, list);
	va_end(list);
}

void fake_host_breach(struct fake_host *fake, const char *format, ...)
{
	va_list list;

	fake->breaches++;
	fprintf(stderr, "%s breaks the contract: ", fake->plugin->name);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
}

static void expect_home(struct fake_host *fake, const char *function)
{
	if (!pthread_equal(pthread_self(), fake->home))
		fake_host_breach(fake, "%s is called on another thread", function);
}

static void on_log(const struct rk_host *host, enum rk_level level, const char *text, ...)
	__attribute__((format(printf, 3, 4)));
static void on_fault(struct rk_faults *faults, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void on_log(const struct rk_host *host, enum rk_level level, const char *text, ...)
{
	struct fake_host *fake = host->impl;
	static const char *const names[] = { [RK_LOG_ERROR] = "error",
		[RK_LOG_WARNING] = "warning",
		[RK_LOG_NOTICE] = "notice",
		[RK_LOG_INFO] = "info",
		[RK_LOG_DEBUG] = "debug" };
	char *line = NULL;
	va_list list;

	va_start(list, text);
	append_list(&line, text, list);
	va_end(list);
	if (strchr(line, '\n'))
		fake_host_breach(fake, "a log line holds a newline: %s", line);
	fake_host_append(&fake->log, "%s: %s\n", names[level], line);
	free(line);
}

static uint32_t on_series(const struct rk_host *host, uint32_t metric,
	const struct rk_label *labels, size_t n_labels)
{
	expect_home(host->impl, "series");
	return fake_series_register(host->impl, metric, labels, n_labels);
}

static void on_forget(const struct rk_host *host, uint32_t series)
{
	expect_home(host->impl, "forget");
	fake_series_forget(host->impl, series);
}

/* Whether the rules of a sample are kept; number is what it is called in a breach. */
static void check_sample(struct fake_host *fake, const struct fake_series *series,
	const struct rk_sample *sample)
{
	const struct rk_metric *metric = &fake->plugin->metrics[series->metric];
	int64_t time_ns = sample->time_ns ? sample->time_ns : fake->plan.now_ns;

	if (sample->value.form == RK_REAL && !isfinite(sample->value.real))
		fake_host_breach(fake, "%s: not a number", series->text);
	if (sample->value.form > RK_DECIMAL || sample->value.scale > MOST_SCALE)
		fake_host_breach(fake, "%s: no such form or scale", series->text);
	if (sample->start_ns != 0 && sample->start_ns >= time_ns)
		fake_host_breach(fake, "%s: starts after its time", series->text);
	if (metric->kind == RK_DELTA && sample->start_ns == 0)
		fake_host_breach(fake, "%s: a delta without a start", series->text);
	if (metric->kind == RK_GAUGE && sample->start_ns != 0)
		fake_host_breach(fake, "%s: a level with a start", series->text);
	if (sample->confidence != RK_AS_DECLARED &&
		sample->confidence < metric->confidence)
		fake_host_breach(fake, "%s: confidence is raised", series->text);
}

static void check_is_single(struct fake_host *fake, struct fake_series *series,
	const struct rk_sample *sample)
{
	if (series->run == fake->n_runs && series->time_ns == sample->time_ns)
		fake_host_breach(fake, "%s: two samples of one time", series->text);
	series->run = fake->n_runs;
	series->time_ns = sample->time_ns;
}

static void keep_sample(struct fake_host *fake, const struct rk_sample *sample)
{
	size_t series = fake_series_index(fake, sample->series);

	if (sample->series == RK_NO_SERIES)
		return;
	if (series == SIZE_MAX) {
		fake_host_breach(fake, "a sample of unknown series %u", sample->series);
		return;
	}
	check_sample(fake, &fake->series[series], sample);
	check_is_single(fake, &fake->series[series], sample);
	if (fake->n_samples == fake->capacity) {
		fake->capacity = fake->capacity ? 2 * fake->capacity : 256;
		fake->samples =
			realloc(fake->samples, fake->capacity * sizeof(*fake->samples));
		assert_non_null(fake->samples);
	}
	fake->samples[fake->n_samples++] = (struct fake_sample){ series, *sample };
}

static int on_emit(struct rk_run *run, const struct rk_sample *samples, size_t n)
{
	struct fake_host *fake = run->fake;
	size_t capacity =
		fake->plan.part_capacity ? fake->plan.part_capacity : PART_CAPACITY;

	if (!fake->run_is_open) {
		fake_host_breach(fake, "emit without an open run");
		return -ECANCELED;
	}
	if (fake->was_cancelled)
		return -ECANCELED;
	if (fake->in_part + n > capacity)
		return -E2BIG;
	for (size_t i = 0; i < n; i++)
		keep_sample(fake, &samples[i]);
	fake->in_part += n;
	return 0;
}

static int on_event(struct rk_run *run, const struct rk_event *event)
{
	if (!run->fake->run_is_open)
		fake_host_breach(run->fake, "event without an open run");
	if (!event->type || !event->insight)
		fake_host_breach(run->fake, "an event without type or insight");
	return run->fake->was_cancelled ? -ECANCELED : 0;
}

static int on_commit(struct rk_run *run)
{
	struct fake_host *fake = run->fake;

	if (!fake->run_is_open)
		fake_host_breach(fake, "commit without an open run");
	if (fake->plan.commit_result < 0)
		return fake->plan.commit_result;
	fake->n_commits++;
	fake->in_part = 0;
	return 0;
}

static void on_done(struct rk_run *run, int result, const char *why)
{
	struct fake_host *fake = run->fake;

	fake->n_done++;
	if (!fake->run_is_open)
		fake_host_breach(fake, "done without an open run");
	if (result > RK_PARTIAL)
		fake_host_breach(fake, "%d is no result of a run", result);
	if (result != 0 && !why)
		fake_host_breach(fake, "result %d without a why", result);
	fake->run_is_open = false;
	fake->result = result;
	snprintf(fake->why, sizeof(fake->why), "%s", why ? why : "");
}

static bool on_cancelled(const struct rk_run *run)
{
	struct fake_host *fake = run->fake;

	fake->n_questions++;
	if (fake->plan.cancel_at > 0 && fake->n_questions >= fake->plan.cancel_at)
		fake->was_cancelled = true;
	return fake->was_cancelled;
}

static const struct rk_request *on_request(const struct rk_run *run)
{
	return &run->fake->plan.request;
}

static int64_t on_now_ns(const struct rk_host *host)
{
	const struct fake_host *fake = host->impl;

	return fake->plan.now_ns;
}

static void on_fault(struct rk_faults *faults, const char *path, const char *format, ...)
{
	struct fake_host *fake = faults->fake;
	va_list list;

	fake_host_append(&fake->faults, "%s: ", path);
	va_start(list, format);
	append_list(&fake->faults, format, list);
	va_end(list);
	fake_host_append(&fake->faults, "\n");
}

static const void *on_extension(const struct rk_host *host, const char *id)
{
	(void)id;
	expect_home(host->impl, "extension");
	return NULL;
}

struct fake_host *fake_host_create(
	const struct rk_plugin *plugin, const char *const *options)
{
	struct fake_host *fake = calloc(1, sizeof(*fake));

	assert_non_null(fake);
	*fake = (struct fake_host){
		.host = {
			.abi = RK_ABI,
			.size = sizeof(struct rk_host),
			.impl = fake,
			.log = on_log,
			.series = on_series,
			.forget = on_forget,
			.emit = on_emit,
			.event = on_event,
			.commit = on_commit,
			.done = on_done,
			.cancelled = on_cancelled,
			.request = on_request,
			.now_ns = on_now_ns,
			.fault = on_fault,
			.extension = on_extension,
		},
		.plugin = plugin,
		.state = calloc(1, plugin->state_size),
		.home = pthread_self(),
		.log = strdup(""),
		.faults = strdup(""),
		.plan.request.size = sizeof(struct rk_request),
	};
	assert_non_null(fake->state);
	fake->options = fake_options_fill(plugin, options, fake->state);
	return fake;
}

void fake_host_destroy(struct fake_host *fake)
{
	size_t breaches;

	if (fake->started)
		fake_host_stop(fake);
	breaches = fake->breaches;
	fake_series_finish(fake);
	fake_options_destroy(fake->options);
	free(fake->samples);
	free(fake->state);
	free(fake->log);
	free(fake->faults);
	free(fake);
	assert_int_equal(breaches, 0);
}

void fake_host_check(struct fake_host *fake)
{
	struct rk_faults faults = { fake };

	if (fake->plugin->check)
		fake->plugin->check(fake->state, &fake->host, &faults);
}

int fake_host_start(struct fake_host *fake)
{
	fake->started = true;
	return fake->plugin->start ? fake->plugin->start(fake->state, &fake->host) : 0;
}

void fake_host_stop(struct fake_host *fake)
{
	fake->started = false;
	if (fake->plugin->stop)
		fake->plugin->stop(fake->state);
}

int fake_host_collect(struct fake_host *fake)
{
	struct rk_run run = { fake };

	fake->n_samples = fake->in_part = fake->n_commits = 0;
	fake->n_questions = 0;
	fake->was_cancelled = false;
	fake->run_is_open = true;
	fake->n_done = 0;
	fake->n_runs++;
	fake->plugin->collect(fake->state, &run);
	if (fake->n_done != 1)
		fake_host_breach(fake, "done was called %u times", fake->n_done);
	fake->run_is_open = false;
	return fake->result;
}
