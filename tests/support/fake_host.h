/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A host for the test of a plugin: it fills the options, keeps what the plugin
 * reports, and watches that the plugin keeps the contract of rookery/plugin.h.
 *
 *	struct fake_host *fake = fake_host_create(&rk_plugin_entry, options);
 *	assert_int_equal(fake_host_start(fake), 0);
 *	assert_int_equal(fake_host_collect(fake), 0);
 *	... fake_host_text(fake), fake_host_find(fake, "name{label=value}")
 *	fake_host_destroy(fake);
 *
 * The thread that creates it is the instance's home. A breach of the contract is
 * printed when it happens and fails the test when the host is destroyed.
 */
#ifndef SUPPORT_FAKE_HOST_H
#define SUPPORT_FAKE_HOST_H

#include <pthread.h>
#include <rookery/plugin.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fake_options;

/* How the host behaves; a test may change it between calls. */
struct fake_plan {
	int64_t now_ns;       /* Unix time */
	size_t part_capacity; /* samples that an open part takes; 0: 65,536 */
	size_t max_series;    /* 0: no bound */
	size_t cancel_at;     /* the run is cancelled at this question after it, from
			       * 1 on; 0: never */
	int commit_result;    /* of commit: 0 or a negative errno */
	struct rk_request request;
};

/* A series that was registered at some time. */
struct fake_series {
	char *text; /* owned: "name{label=value,...}", labels sorted */
	uint32_t metric;
	uint32_t number;
	bool live; /* not forgotten */
	/* Of its last sample. */
	uint64_t run;
	int64_t time_ns;
};

struct fake_sample {
	size_t series; /* index into fake_host.series */
	struct rk_sample sample;
};

struct fake_host {
	struct rk_host host;
	const struct rk_plugin *plugin;
	void *state;                  /* owned: exactly state_size bytes */
	struct fake_options *options; /* owned */
	struct fake_plan plan;
	pthread_t home;
	bool started;

	struct fake_series *series; /* owned */
	size_t n_series, n_live;
	size_t *by_number; /* owned: the live series of each number, SIZE_MAX: none */
	size_t n_numbers;

	/* Of the last run. */
	struct fake_sample *samples; /* owned */
	size_t n_samples, capacity, in_part, n_commits;
	bool run_is_open, was_cancelled;
	unsigned int n_done;
	uint64_t n_runs;
	size_t n_questions; /* how often it was asked whether it is cancelled */
	int result;
	char why[2048];

	/* Of all time. */
	char *log;    /* owned: lines "level: text"; never NULL */
	char *faults; /* owned: lines "path: text"; never NULL */
	size_t breaches;
};

/* options: "name=value", "group.name=value", ..., NULL; the others take their
 * presets. Fails the test where they do not fit the plugin's table. */
struct fake_host *fake_host_create(
	const struct rk_plugin *plugin, const char *const *options);

/* Stops the instance where it was started, and fails the test on any breach. */
void fake_host_destroy(struct fake_host *fake);

/* Calls check; the faults are in fake->faults. */
void fake_host_check(struct fake_host *fake);

int fake_host_start(struct fake_host *fake);
void fake_host_stop(struct fake_host *fake);

/* One run of a plugin that ends it before collect returns. Returns its result. */
int fake_host_collect(struct fake_host *fake);

/* The samples of the last run, a line each, sorted: series, value, unit, kind,
 * confidence and start. Owned by the caller. */
char *fake_host_text(const struct fake_host *fake);

/* The sample of the last run that has this series; NULL where it has none. */
const struct rk_sample *fake_host_find(const struct fake_host *fake, const char *series);

/* How many lines of the log hold this text. */
size_t fake_host_count_log(const struct fake_host *fake, const char *text);

/* Notes a breach; the parts of the fake host share it. */
void fake_host_breach(struct fake_host *fake, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds a formatted line to a text that grows. */
void fake_host_append(char **text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
