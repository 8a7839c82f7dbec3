/* SPDX-License-Identifier: Apache-2.0 */
/* rk.metrics/1: metrics that a plugin defines when it runs count as those that it
 * declares. */
#include "base/pack.h"
#include "model/frame.h"
#include "model/part.h"
#include "model/series.h"

#include <rookery/ext/metrics.h>

#include "cases.h"
#include "hosted.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct hosted *hosted; /* one case runs at a time */
static const struct rk_host *host;
static const struct rk_metrics *ext;
static void (*script)(struct rk_run *run);

/* ---- the plugin -------------------------------------------------------- */

static const char *const one_label[] = { "name", NULL };

static const struct rk_metric metrics[] = {
	{ .name = "test.declared",
		.kind = RK_GAUGE,
		.confidence = RK_EXACT,
		.unit = "1",
		.labels = one_label,
		.help = "In the table." },
};

static int start(void *self, const struct rk_host *given)
{
	(void)self;
	host = given;
	ext = host->extension(host, RK_METRICS);
	return 0;
}

static void collect(void *self, struct rk_run *run)
{
	(void)self;
	script(run);
}

static const struct rk_plugin plugin = {
	RK_PLUGIN_ABI,
	.name = "scripted",
	.summary = "Does what the test says.",
	.version = "1",
	.interval = "1s",
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.start = start,
	.collect = collect,
};

static int setup(void **state)
{
	(void)state;
	hosted = hosted_open(&plugin, NULL);
	assert_int_equal(hosted_start(hosted), 0);
	assert_non_null(ext);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	hosted_close(hosted);
	return 0;
}

static void run(void (*what)(struct rk_run *run))
{
	script = what;
	assert_int_equal(hosted_collect(hosted), 0);
}

/* ---- definitions ------------------------------------------------------- */

static struct rk_metric metric_named(const char *name)
{
	return (struct rk_metric){
		.name = name,
		.kind = RK_DELTA,
		.confidence = RK_EXACT,
		.unit = "By",
		.labels = one_label,
		.help = "Found.",
	};
}

static int define(const char *name)
{
	struct rk_metric metric = metric_named(name);

	return ext->define(host, &metric);
}

static void defines_two(struct rk_run *run)
{
	assert_int_equal(define("test.first"), 1);
	assert_int_equal(define("test.second"), 2);
	assert_int_equal(define("test.first"), 1);
	host->done(run, 0, NULL);
}

static void indexes_follow_those_of_the_table_and_stay(void **state)
{
	(void)state;
	run(defines_two);
	run(defines_two);
}

static void emits_of_a_defined(struct rk_run *run)
{
	char name[] = "test.gone", unit[] = "By", label[] = "name";
	const char *labels[] = { label, NULL };
	struct rk_metric metric = metric_named(name);
	struct rk_label value = { "name", "x" };
	struct rk_sample sample = { .value = { .digits = 1, .form = RK_DECIMAL } };
	int index;

	metric.unit = unit;
	metric.labels = labels;
	metric.confidence = RK_APPROXIMATE;
	index = ext->define(host, &metric);
	assert_int_equal(index, 1);
	name[0] = unit[0] = label[0] = '!'; /* the host has a copy */
	sample.series = host->series(host, (uint32_t)index, &value, 1);
	assert_int_not_equal(sample.series, RK_NO_SERIES);
	assert_int_equal(host->emit(run, &sample, 1), 0);
	sample.confidence = RK_EXACT; /* higher than defined: stays as it is */
	assert_int_equal(host->emit(run, &sample, 1), 0);
	assert_int_equal(host->series(host, 2, &value, 1), RK_NO_SERIES);
	host->done(run, 0, NULL);
}

static void a_defined_metric_has_series_and_samples(void **state)
{
	struct unpack from;
	struct series_view view;
	struct slice packed;
	uint32_t number;

	(void)state;
	run(emits_of_a_defined);
	assert_int_equal(hosted->n_parts, 1);
	assert_int_equal(hosted->parts[0]->n_samples, 2);
	from = unpack_start(
		hosted->parts[0]->definitions.data, hosted->parts[0]->definitions.size);
	assert_true(frame_next_definition(&from, &number, &packed));
	assert_int_equal(series_unpack(packed.at, packed.n, &view), 0);
	assert_true(slice_equal(view.metric, slice_of("test.gone")));
	assert_true(slice_equal(view.unit, slice_of("By")));
	assert_int_equal(view.kind, RK_DELTA);
	assert_int_equal(view.confidence, RK_APPROXIMATE);
	assert_int_equal(view.n_labels, 1);
}

/* ---- what is refused --------------------------------------------------- */

static void defines_otherwise(struct rk_run *run)
{
	struct rk_metric other = metric_named("test.a");

	assert_int_equal(define("test.a"), 1);
	other.kind = RK_GAUGE;
	assert_int_equal(ext->define(host, &other), -EEXIST);
	other = metric_named("test.a");
	other.unit = "1";
	assert_int_equal(ext->define(host, &other), -EEXIST);
	other = metric_named("test.a");
	other.confidence = RK_DIRECTIONAL;
	assert_int_equal(ext->define(host, &other), -EEXIST);
	other = metric_named("test.a");
	other.help = "In other words.";
	assert_int_equal(ext->define(host, &other), 1);
	host->done(run, 0, NULL);
}

static void a_name_is_taken_by_its_kind_unit_and_confidence(void **state)
{
	(void)state;
	run(defines_otherwise);
}

static void defines_what_is_declared(struct rk_run *run)
{
	static const char *const two_labels[] = { "name", "colour", NULL };
	struct rk_metric metric = metrics[0];

	assert_int_equal(ext->define(host, &metric), 0);
	metric.labels = NULL;
	assert_int_equal(ext->define(host, &metric), 0);
	metric.labels = two_labels;
	assert_int_equal(ext->define(host, &metric), -EEXIST);
	assert_int_equal(define("test.declared"), -EEXIST);
	host->done(run, 0, NULL);
}

static void a_declared_metric_stays_as_it_is(void **state)
{
	(void)state;
	run(defines_what_is_declared);
}

static void defines_more_labels(struct rk_run *run)
{
	static const char *const others[] = { "colour", "name", NULL };
	struct rk_label both[] = { { "name", "x" }, { "colour", "red" } };
	struct rk_metric metric = metric_named("test.a");
	const char *many[34] = { 0 };
	char names[33][8];

	assert_int_equal(ext->define(host, &metric), 1);
	assert_int_equal(host->series(host, 1, both, 2), RK_NO_SERIES);
	metric.labels = others;
	assert_int_equal(ext->define(host, &metric), 1);
	assert_int_not_equal(host->series(host, 1, both, 2), RK_NO_SERIES);
	for (size_t i = 0; i < 33; i++) {
		snprintf(names[i], sizeof(names[i]), "l%zu", i);
		many[i] = names[i];
	}
	metric.labels = many;
	assert_int_equal(ext->define(host, &metric), -EINVAL); /* 33 */
	many[31] = NULL;
	assert_int_equal(ext->define(host, &metric), -EINVAL); /* 2 and 31 */
	many[30] = NULL;
	assert_int_equal(ext->define(host, &metric), 1);
	host->done(run, 0, NULL);
}

static void labels_that_come_later_are_added(void **state)
{
	(void)state;
	run(defines_more_labels);
}

static void defines_against_the_rules(struct rk_run *run)
{
	static const char *const bad_labels[] = { "Not a name", NULL };
	static char long_help[1026];
	struct rk_metric wrong[9];

	memset(long_help, 'x', sizeof(long_help) - 1);
	for (size_t i = 0; i < RK_LEN(wrong); i++)
		wrong[i] = metric_named("test.a");
	wrong[0].name = NULL;
	wrong[1].name = "Test A";
	wrong[2].unit = "";
	wrong[3].kind = 3;
	wrong[4].confidence = RK_AS_DECLARED;
	wrong[5].confidence = 4;
	wrong[6].labels = bad_labels;
	wrong[7].help = NULL;
	wrong[8].help = long_help;
	for (size_t i = 0; i < RK_LEN(wrong); i++)
		assert_int_equal(ext->define(host, &wrong[i]), -EINVAL);
	assert_int_equal(define("test.a"), 1);
	host->done(run, 0, NULL);
}

static void the_rules_are_those_for_declared_ones(void **state)
{
	(void)state;
	run(defines_against_the_rules);
}

static void defines_too_many(struct rk_run *run)
{
	char name[32];

	for (int i = 1; i < 4096; i++) {
		snprintf(name, sizeof(name), "test.m%d", i);
		assert_int_equal(define(name), i);
	}
	assert_int_equal(define("test.more"), -ENOSPC);
	assert_int_equal(define("test.m4095"), 4095);
	host->done(run, 0, NULL);
}

static void metrics_are_bounded(void **state)
{
	(void)state;
	run(defines_too_many);
}

/* ---- threads ------------------------------------------------------------- */

static void *define_many(void *context)
{
	char name[32];

	(void)context;
	for (int i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "test.m%d", i);
		assert_true(define(name) > 0);
	}
	return NULL;
}

static void defines_on_two_threads(struct rk_run *run)
{
	struct rk_label label = { "name", "x" };
	struct rk_sample sample = { .value = { .digits = 1, .form = RK_DECIMAL } };
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, define_many, NULL), 0);
	for (int i = 0; i < 200; i++) {
		sample.series =
			host->series(host, (uint32_t)define("test.m0"), &label, 1);
		sample.confidence = RK_DIRECTIONAL;
		assert_int_equal(host->emit(run, &sample, 1), 0);
	}
	pthread_join(thread, NULL);
	host->done(run, 0, NULL);
}

static void any_thread_may_define(void **state)
{
	(void)state;
	run(defines_on_two_threads);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest cases[] = {
	CASE(indexes_follow_those_of_the_table_and_stay),
	CASE(a_defined_metric_has_series_and_samples),
	CASE(a_name_is_taken_by_its_kind_unit_and_confidence),
	CASE(a_declared_metric_stays_as_it_is),
	CASE(labels_that_come_later_are_added),
	CASE(the_rules_are_those_for_declared_ones),
	CASE(metrics_are_bounded),
	CASE(any_thread_may_define),
};

CASES_MAIN(cases)
