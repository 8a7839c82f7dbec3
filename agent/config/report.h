/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is wrong with a configuration, all of it at once:
 *
 *	conf.d/10-mail.yaml:4:3: error: unknown key 'intervall'; did you mean 'interval'?
 *	    4 |   intervall: 10s
 *	      |   ^~~~~~~~~
 *
 * They are told in the order of files, lines and columns.
 */
#ifndef CONFIG_REPORT_H
#define CONFIG_REPORT_H

#include "base/arena.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>

struct document_set;

enum severity { SEVERITY_WARNING, SEVERITY_ERROR };

struct problem {
	enum severity severity;
	struct place place; /* its file is the report's own copy */
	unsigned int width; /* how many characters are underlined; at least 1 */
	const char *message;
};

/* More problems than these are counted, not kept. */
#define REPORT_MAX_PROBLEMS 200

/* A zeroed struct is an empty report. */
struct report {
	struct problem *problems; /* owned */
	struct arena arena;       /* their texts */
	size_t n, capacity;
	size_t n_errors, n_warnings; /* also of those that were not kept */
};

void report_finish(struct report *report);

/* A message is lower case without a full stop. What it quotes may be anything: where
 * it is printed, it is cut, and what no terminal should see is replaced. */
void report_add(struct report *report, enum severity severity, struct place place,
	unsigned int width, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
#define report_error(report, place, width, ...)                                          \
	report_add(report, SEVERITY_ERROR, place, width, __VA_ARGS__)
#define report_warning(report, place, width, ...)                                        \
	report_add(report, SEVERITY_WARNING, place, width, __VA_ARGS__)

/* Writes all problems, sorted, with the source lines that documents (may be NULL)
 * still has, and at the end how many were not shown. colour: for a terminal. Of
 * a line that holds a secret in clear, the secret is not shown. */
struct buffer;
void report_print(struct report *report, const struct document_set *documents,
	bool colour, struct buffer *to);

#endif
