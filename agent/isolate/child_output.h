/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a child writes to its standard output and error, which no plugin should use: lines
 * of the log, as far as they come slowly, and the last one for the report of a crash.
 */
#ifndef ISOLATE_CHILD_OUTPUT_H
#define ISOLATE_CHILD_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#define OUTPUT_LINE_SIZE 400

struct child_output {
	uv_poll_t poll;
	int fd;          /* owned; -1: closed */
	const char *who; /* borrowed: a plugin's name */
	char line[OUTPUT_LINE_SIZE];
	size_t n;
	char last[OUTPUT_LINE_SIZE]; /* the last whole one; empty: none */
	int64_t second;              /* which lines are counted for */
	unsigned int n_in_second;
	uint64_t n_dropped;
	/* Takes secrets out of a line. */
	void (*hide)(struct child_output *output, char *line);
	void (*on_closed)(struct child_output *output);
};

/* Takes the reading end of a pipe over, also where that fails. who, hide and on_closed
 * are set before. 0 or a negative errno. */
int child_output_open(struct child_output *output, uv_loop_t *loop, int fd);

/* Reads what is there now: the other end is closed. */
void child_output_drain(struct child_output *output);

/* on_closed comes on a later turn of the loop. */
void child_output_close(struct child_output *output);

/* Notes and logs one line from elsewhere, under the same bounds. */
bool child_output_may_log(struct child_output *output);

#endif
