/* SPDX-License-Identifier: Apache-2.0 */
/* What can be configured. The tables in options.c fill these structs. */
#ifndef EXEC_OPTIONS_H
#define EXEC_OPTIONS_H

#include <rookery/plugin.h>

enum mode { MODE_RUN, MODE_KEEP };

struct secret_row {
	const char *name;
	struct rk_secret value;
};

/* A metric that the program reports. */
struct expect_row {
	const char *name;
	struct rk_choice kind; /* enum rk_kind */
	const char *unit;
	struct rk_choice confidence; /* enum rk_confidence without its first */
	struct rk_list labels;
	const char *help;
};

struct settings {
	struct rk_list command;
	struct rk_choice mode; /* enum mode */
	struct rk_map environment;
	struct rk_table secrets; /* struct secret_row */
	const char *folder;
	struct rk_table expect; /* struct expect_row */
	struct rk_duration grace;
	struct rk_size max_line, max_output;
	int64_t max_lines, max_messages;
};

enum { EXEC_OPTIONS = 11 };

extern const struct rk_option exec_options[EXEC_OPTIONS];

/* "gauge", ...; "exact", ...; in the order of their enums, ends with NULL. */
extern const char *const exec_kinds[];
extern const char *const exec_confidences[];

void options_check(const struct settings *settings, const struct rk_host *host,
	struct rk_faults *faults);

#endif
