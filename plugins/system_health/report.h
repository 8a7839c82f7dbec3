/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the figures of one run go: the parts hand samples over one by one, the
 * host gets them by the block, all with one time.
 */
#ifndef SYSTEM_HEALTH_REPORT_H
#define SYSTEM_HEALTH_REPORT_H

#include "metrics.h"

#include <rookery/plugin.h>
#include <stdbool.h>
#include <stdint.h>

enum { REPORT_BLOCK = 128, REPORT_REASON_SIZE = 256 };

struct report {
	const struct rk_host *host;
	struct rk_run *run;
	int64_t now_ns;
	int64_t previous_ns; /* when the run before began; 0: this is the first one */
	int64_t boot_ns;     /* since when the kernel counts; 0: unknown */
	struct rk_sample samples[REPORT_BLOCK];
	size_t n;
	uint64_t n_total; /* of the whole run */
	int failure;      /* of emit or commit; sticks, and nothing is added any more */
	char reason[REPORT_REASON_SIZE]; /* why the part at work failed; empty: unsaid */
};

void report_begin(struct report *report, const struct rk_host *host, struct rk_run *run);

/* Hands over what has gathered. 0 or the failure. */
int report_flush(struct report *report);

/* Whether the run was cancelled or the host takes no more. Long work asks now and
 * then. */
bool report_is_over(struct report *report);

/* Notes why the part at work fails, the first time only. Returns r. */
int report_fail(struct report *report, int r, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The host's number of a series, kept so that its labels are hashed only once. A
 * zeroed struct is one that has not been asked for. */
struct handle {
	uint32_t series;
	bool known;
};

uint32_t report_series(struct report *report, struct handle *handle, enum metric metric,
	const struct rk_label *labels, size_t n_labels);
void report_forget(struct report *report, struct handle *handle);

static inline struct rk_number decimal(int64_t digits, uint32_t scale)
{
	return (struct rk_number){ .digits = digits, .form = RK_DECIMAL, .scale = scale };
}

/* Adds a sample whose time is that of the run. */
void report_add(struct report *report, const struct rk_sample *sample);

/* A level now. */
void report_level(struct report *report, uint32_t series, int64_t digits, uint32_t scale);

/* A level that is counted. What does not fit a sample is left out: no kernel means
 * a figure beyond 2^63. */
void report_amount(struct report *report, uint32_t series, uint64_t amount);

/* A running total since start_ns, 0: since boot. What does not fit is left out. */
void report_total(struct report *report, uint32_t series, int64_t start_ns,
	uint64_t digits, uint32_t scale);

/* part / whole, rounded to four digits after the point. An empty or smaller whole
 * has no ratio. */
void report_ratio(struct report *report, uint32_t series, uint64_t part, uint64_t whole);

#endif
