/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/text.h"
#include "describe.h"

#include <stdio.h>

static int list_plugins(const struct common_options *common)
{
	struct setup setup = { 0 };
	int status = setup_catalogue(&setup, common);
	const char *const *names = setup.catalogue.catalogue.plugins;

	for (size_t i = 0; status == EXIT_FINE && names[i]; i++) {
		CLEANUP(buffer_finish) struct buffer why = { 0 };
		const struct plugin_file *plugin =
			plugins_find(setup.catalogue.plugins, names[i], &why);

		if (plugin)
			printf("%-20s %-8s %s\n", names[i], plugin->description.version,
				plugin->description.summary);
		else
			printf("%-20s %-8s %s\n", names[i], "-", buffer_text(&why));
	}
	setup_finish(&setup);
	return status;
}

static int describe_plugin(const struct common_options *common, const char *name,
	void (*describe)(const struct description *description, struct buffer *to))
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	struct setup setup = { 0 };
	const struct plugin_file *plugin;
	int status = setup_catalogue(&setup, common);

	if (status != EXIT_FINE)
		return status;
	plugin = plugins_find(setup.catalogue.plugins, name, &why);
	if (plugin) {
		describe(&plugin->description, &text);
		status = print_buffer(&text);
	} else {
		fprintf(stderr, "rookery plugin: %s\n", buffer_text(&why));
		status = EXIT_FAILED;
	}
	setup_finish(&setup);
	return status;
}

static int plugin_run(int argc, char **argv)
{
	struct common_options common = { 0 };
	bool json = false, markdown = false, sample = false;
	const struct command_option options[] = {
		{ .name = "plugin-path",
			.value = "FOLDERS",
			.text = &common.plugin_path,
			.help = "search plugins there first; colons between folders" },
		{ .name = "json", .flag = &json, .help = "with describe: as JSON" },
		{ .name = "markdown",
			.flag = &markdown,
			.help = "with describe: as Markdown, the plugin's README" },
		{ .name = "sample",
			.flag = &sample,
			.help = "with describe: a commented configuration for conf.d" },
	};
	const struct command_line line = { &command_plugin, options, LENGTH(options), 2 };
	int status, n = options_read(&line, argc, argv, &status);

	if (n < 0)
		return status;
	if (n == 1 && text_equal(argv[0], "list"))
		return list_plugins(&common);
	if (n == 2 && text_equal(argv[0], "describe"))
		return describe_plugin(&common, argv[1],
			json       ? describe_as_json
			: markdown ? describe_as_markdown
			: sample   ? config_sample
				   : describe_as_text);
	fputs("rookery plugin: what? list, or describe NAME\n", stderr);
	return EXIT_WRONG;
}

const struct command command_plugin = {
	.name = "plugin",
	.summary = "list plugins, or describe one",
	.usage = "list|describe NAME [OPTION]...",
	.help = "list           prints all plugins that are found, and why one is "
		"refused\n"
		"describe NAME  prints a plugin's options and metrics",
	.run = plugin_run,
};
