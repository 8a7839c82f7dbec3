/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"
#include "name.h"

#include <stdio.h>
#include <string.h>

const char *const exec_kinds[] = { "gauge", "delta", "cumulative", NULL };
const char *const exec_confidences[] = { "exact", "approximate", "directional", NULL };
static const char *const modes[] = { "run", "keep", NULL };

enum { MAX_EXPECT = 1024 };

static const struct rk_option secret_options[] = {
	{ .name = "name",
		RK_FIELD(struct secret_row, name),
		.flags = RK_REQUIRED,
		.help = "The variable's name." },
	{ .name = "value",
		RK_FIELD(struct secret_row, value),
		.flags = RK_REQUIRED,
		.help = "Its value." },
};

static const struct rk_option expect_options[] = {
	{ .name = "name",
		RK_FIELD(struct expect_row, name),
		.flags = RK_REQUIRED,
		.help = "The metric's name." },
	{ .name = "kind",
		RK_FIELD(struct expect_row, kind),
		.choices = exec_kinds,
		.preset = "gauge",
		.help = "What its value is: a level, an amount over a period, or a "
			"running total." },
	{ .name = "unit",
		RK_FIELD(struct expect_row, unit),
		.preset = "1",
		.help = "Its unit in UCUM, such as By, s or {message}; money is "
			"{currency}." },
	{ .name = "confidence",
		RK_FIELD(struct expect_row, confidence),
		.choices = exec_confidences,
		.preset = "exact",
		.help = "How far to trust it; a line can lower this, never raise it." },
	{ .name = "labels",
		RK_FIELD(struct expect_row, labels),
		.help = "The names of the labels that a line may have." },
	{ .name = "help",
		RK_FIELD(struct expect_row, help),
		.preset = "Reported by an external program.",
		.help = "One sentence about it." },
};

const struct rk_option exec_options[EXEC_OPTIONS] = {
	{ .name = "command",
		RK_FIELD(struct settings, command),
		.flags = RK_REQUIRED,
		.help = "The program and its arguments, without a shell in between; a "
			"program without a slash is searched on PATH." },
	{ .name = "mode",
		RK_FIELD(struct settings, mode),
		.choices = modes,
		.preset = "run",
		.help = "Whether the program is started for each collection and ends by "
			"itself, or is kept running and asked for each on its standard "
			"input." },
	{ .name = "environment",
		RK_FIELD(struct settings, environment),
		.help = "Variables of the program's environment, which has PATH and LANG "
			"besides, and nothing else." },
	{ .name = "secrets",
		RK_FIELD(struct settings, secrets),
		.columns = RK_COLUMNS(secret_row, secret_options),
		.help = "Variables of its environment whose values are secrets." },
	{ .name = "folder",
		RK_FIELD(struct settings, folder),
		.preset = "/",
		.help = "The folder that the program starts in." },
	{ .name = "expect",
		RK_FIELD(struct settings, expect),
		.columns = RK_COLUMNS(expect_row, expect_options),
		.help = "The metrics that the program reports; lines of others, or that "
			"do not fit, are left out. Without it each line says kind and "
			"unit." },
	{ .name = "grace",
		RK_FIELD(struct settings, grace),
		.preset = "2s",
		.range = "10ms..4s",
		.help = "How long the program may take to end after SIGTERM, before "
			"SIGKILL." },
	{ .name = "max_line",
		RK_FIELD(struct settings, max_line),
		.preset = "64KiB",
		.range = "1KiB..1MiB",
		.help = "The longest line that is read; longer ones are left out." },
	{ .name = "max_lines",
		RK_FIELD(struct settings, max_lines),
		.preset = "100000",
		.range = "1..10000000",
		.help = "The most lines that a collection may have; with more the "
			"program "
			"is ended." },
	{ .name = "max_output",
		RK_FIELD(struct settings, max_output),
		.preset = "64MiB",
		.range = "1KiB..4GiB",
		.help = "The most bytes that a collection may have; with more the "
			"program "
			"is ended." },
	{ .name = "max_messages",
		RK_FIELD(struct settings, max_messages),
		.preset = "20",
		.range = "0..10000",
		.help = "How many lines of the program's standard error are logged in a "
			"collection; further ones are counted." },
};

static void check_variable(const char *name, const char *path, const struct rk_host *host,
	struct rk_faults *faults)
{
	if (!*name || strchr(name, '='))
		host->fault(faults, path, "'%s' is no name of a variable", name);
}

static void check_expect(const struct settings *settings, const struct rk_host *host,
	struct rk_faults *faults)
{
	const struct expect_row *rows = settings->expect.rows;
	char path[48];

	if (settings->expect.n > MAX_EXPECT)
		host->fault(faults, "expect", "has more than %d metrics", MAX_EXPECT);
	for (size_t i = 0; i < settings->expect.n && i < MAX_EXPECT; i++) {
		snprintf(path, sizeof(path), "expect[%zu].name", i);
		if (!name_is_proper(rows[i].name))
			host->fault(faults, path, "'%s' " NAME_RULE, rows[i].name);
		for (size_t k = 0; k < i; k++) {
			if (strcmp(rows[k].name, rows[i].name) == 0)
				host->fault(faults, path, "'%s' is there already",
					rows[i].name);
		}
		snprintf(path, sizeof(path), "expect[%zu].unit", i);
		if (!*rows[i].unit || strlen(rows[i].unit) > NAME_MAX_SIZE)
			host->fault(faults, path, "is empty or has more than 64 bytes");
		snprintf(path, sizeof(path), "expect[%zu].labels", i);
		if (rows[i].labels.n > 32)
			host->fault(faults, path, "has more than 32 names");
		for (size_t k = 0; k < rows[i].labels.n; k++) {
			if (!name_is_proper(rows[i].labels.items[k]))
				host->fault(faults, path, "'%s' " NAME_RULE,
					rows[i].labels.items[k]);
		}
	}
}

void options_check(const struct settings *settings, const struct rk_host *host,
	struct rk_faults *faults)
{
	const struct secret_row *secrets = settings->secrets.rows;

	if (settings->command.n > 0 && !*settings->command.items[0])
		host->fault(faults, "command", "names no program");
	if (settings->command.n == 0)
		host->fault(faults, "command", "is empty");
	if (settings->folder[0] != '/')
		host->fault(faults, "folder", "is no absolute path");
	for (size_t i = 0; i < settings->environment.n; i++)
		check_variable(
			settings->environment.items[i].name, "environment", host, faults);
	for (size_t i = 0; i < settings->secrets.n; i++)
		check_variable(secrets[i].name, "secrets", host, faults);
	check_expect(settings, host, faults);
}
