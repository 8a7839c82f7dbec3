/* SPDX-License-Identifier: Apache-2.0 */
/* From what lines say to what the host is told. */
#ifndef EXEC_REPORT_H
#define EXEC_REPORT_H

#include "line.h"
#include "options.h"

#include <rookery/ext/metrics.h>
#include <rookery/plugin.h>

struct report {
	const struct rk_host *host;
	const struct rk_metrics *metrics;
	const struct rk_table *expect; /* struct expect_row */
	uint32_t *indexes;             /* owned: of the metrics of expect's rows */
	size_t last;                   /* the row that was found last */
};

/* Defines what is expected. 0 or a negative errno. */
int report_init(struct report *report, const struct rk_host *host,
	const struct settings *settings);
void report_finish(struct report *report);

/* Emits a sample or an event. 0; -EBADMSG: the line is left out, and why says what is
 * wrong with it; -EAGAIN: the journal takes nothing now, try the line again later; or
 * what the host says. */
int report_line(struct report *report, struct rk_run *run, const struct line *line,
	char why[LINE_WHY_SIZE]);

#endif
