/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/text.h"

#include <stdio.h>

static int show(const struct common_options *common, bool origins)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	struct setup setup = { 0 };
	int status = setup_config(&setup, common);

	if (status == EXIT_FINE) {
		config_show(setup.config, origins, &text);
		status = print_buffer(&text);
	}
	setup_finish(&setup);
	return status;
}

/* What is printed from the tables alone. */
static int print_tables(const struct common_options *common, bool schema)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	struct setup setup = { 0 };
	int status = setup_catalogue(&setup, common);

	if (status == EXIT_FINE) {
		if (schema)
			text.failed |=
				config_schema(&setup.catalogue.catalogue, &text) < 0;
		else
			config_reference(&setup.catalogue.catalogue, &text);
		status = print_buffer(&text);
	}
	setup_finish(&setup);
	return status;
}

static int config_run(int argc, char **argv)
{
	struct common_options common = { 0 };
	bool origins = false;
	const struct command_option options[] = {
		COMMON_OPTIONS(&common),
		{ .name = "origins",
			.flag = &origins,
			.help = "with show: say where each value comes from" },
	};
	const struct command_line line = { &command_config, options, LENGTH(options), 1 };
	int status, n = options_read(&line, argc, argv, &status);

	if (n < 0)
		return status;
	if (n == 1 && text_equal(argv[0], "show"))
		return show(&common, origins);
	if (n == 1 && text_equal(argv[0], "schema"))
		return print_tables(&common, true);
	if (n == 1 && text_equal(argv[0], "reference"))
		return print_tables(&common, false);
	fputs("rookery config: what? One of show, schema, reference\n", stderr);
	return EXIT_WRONG;
}

const struct command command_config = {
	.name = "config",
	.summary = "show the effective configuration, its schema or its manual",
	.usage = "show|schema|reference [OPTION]...",
	.help = "show       prints the effective configuration as YAML, secrets masked\n"
		"schema     prints the JSON Schema (2020-12) of configurations, with all "
		"plugins\n"
		"reference  prints the manual of configurations as Markdown",
	.run = config_run,
};
