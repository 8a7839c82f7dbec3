/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line of a program's output as what it says: a sample, an event, or the end of a
 * collection. The fields are those of docs/DATA-MODEL.md; those that the agent adds
 * itself (observed, collector, plugin, host, id) are passed over.
 */
#ifndef EXEC_LINE_H
#define EXEC_LINE_H

#include "json.h"

#include <rookery/plugin.h>

enum line_type { LINE_SAMPLE = 1, LINE_EVENT = 2, LINE_END = 4 };

/* One of the fields, as a bit of line.given. */
enum {
	GIVEN_METRIC = 1 << 0,
	GIVEN_EVENT = 1 << 1,
	GIVEN_END = 1 << 2,
	GIVEN_VALUE = 1 << 3,
	GIVEN_KIND = 1 << 4,
	GIVEN_UNIT = 1 << 5,
	GIVEN_CONFIDENCE = 1 << 6,
	GIVEN_KEY = 1 << 7,
	GIVEN_PHASE = 1 << 8,
	GIVEN_SEVERITY = 1 << 9,
	GIVEN_INSIGHT = 1 << 10,
	GIVEN_REST = 1 << 11, /* whether the others are there says their value */
};

enum line_end { END_OK, END_PARTIAL, END_FAILED };

/* Texts point into what line_read was given. */
struct line {
	enum line_type type;
	uint32_t given;
	const char *metric, *unit, *tenant;
	const char *event, *key, *insight, *action, *why;
	uint32_t kind, confidence; /* enum rk_kind; enum rk_confidence */
	uint32_t phase, severity, end;
	struct rk_number value;
	int64_t time_ns, start_ns;
	int64_t collect; /* which question an end answers; 0: it does not say */
	bool provisional, follow_up;
	struct rk_label labels[JSON_MAX_PAIRS + 1]; /* room for the tenant */
	struct rk_label details[JSON_MAX_PAIRS];
	size_t n_labels, n_details;
};

enum { LINE_WHY_SIZE = 256 };

/* Reads a line, which is changed. 0, or -EINVAL with a reason for people, such as
 * "'value' is no number: 'abc'". */
int line_read(char *text, struct line *ret_line, char why[LINE_WHY_SIZE]);

#endif
