/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "config/report.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void print_help(const struct command_line *line)
{
	char left[64];

	printf("Usage: rookery %s %s\n%s\n", line->command->name, line->command->usage,
		line->command->help);
	puts("\nOptions:");
	for (size_t i = 0; i < line->n_options; i++) {
		const struct command_option *option = &line->options[i];

		snprintf(left, sizeof(left), "--%s%s%s", option->name,
			option->value ? " " : "", option->value ? option->value : "");
		printf("  %-24s %s\n", left, option->help);
	}
	printf("  %-24s %s\n", "--help", "print this");
}

static int complain(const struct command_line *line, const char *what, const char *which)
{
	const char *name = line->command->name;

	fprintf(stderr, "rookery %s: %s '%s'; 'rookery %s --help' tells what there is\n",
		name, what, which, name);
	return EXIT_WRONG;
}

static const struct command_option *find_option(
	const struct command_line *line, const char *name, size_t size)
{
	for (size_t i = 0; i < line->n_options; i++) {
		const struct command_option *option = &line->options[i];

		if (strlen(option->name) == size && memcmp(option->name, name, size) == 0)
			return option;
	}
	return NULL;
}

/* Reads the option at argv[*i], and its value behind it. EXIT_FINE or EXIT_WRONG. */
static int read_option(const struct command_line *line, char **argv, int *i)
{
	const char *name = argv[*i] + 2;
	size_t size = strcspn(name, "=");
	const struct command_option *option = find_option(line, name, size);

	if (argv[*i][1] != '-' || !option)
		return complain(line, "there is no option", argv[*i]);
	if (!option->value) {
		if (name[size])
			return complain(line, "no value goes with", option->name);
		*option->flag = true;
		return EXIT_FINE;
	}
	*option->text = name[size] ? name + size + 1 : argv[++*i];
	if (!*option->text)
		return complain(line, "a value is missing behind", option->name);
	return EXIT_FINE;
}

static bool asks_for_help(const char *argument)
{
	return text_equal(argument, "--help") || text_equal(argument, "-h");
}

int options_read(const struct command_line *line, int argc, char **argv, int *ret_status)
{
	bool options_ended = false;
	int n = 0;

	*ret_status = EXIT_FINE;
	for (int i = 1; i < argc && *ret_status == EXIT_FINE; i++) {
		bool is_option = !options_ended && argv[i][0] == '-' && argv[i][1];

		if (is_option && asks_for_help(argv[i])) {
			print_help(line);
			return -1;
		}
		if (is_option && text_equal(argv[i], "--"))
			options_ended = true;
		else if (is_option)
			*ret_status = read_option(line, argv, &i);
		else if (n == line->most_arguments)
			*ret_status = complain(line, "one argument too many:", argv[i]);
		else
			argv[n++] = argv[i];
	}
	return *ret_status == EXIT_FINE ? n : -1;
}

const char *config_path_of(const struct common_options *common)
{
	return common->config ? common->config : ROOKERY_CONFIG;
}

int setup_catalogue(struct setup *setup, const struct common_options *common)
{
	*setup = (struct setup){ 0 };
	if (catalogue_init(&setup->catalogue, common->plugin_path) == 0)
		return EXIT_FINE;
	fputs("rookery: out of memory\n", stderr);
	return EXIT_FAILED;
}

int setup_config(struct setup *setup, const struct common_options *common)
{
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	int r = setup_catalogue(setup, common);

	if (r != EXIT_FINE)
		return r;
	setup->config =
		config_load(config_path_of(common), &setup->catalogue.catalogue, &report);
	if (!setup->config) {
		fputs("rookery: out of memory\n", stderr);
		return EXIT_FAILED;
	}
	catalogue_rest(&setup->catalogue);
	report_print(&report, setup->config->documents, isatty(STDERR_FILENO), &text);
	file_write(STDERR_FILENO, text.data, text.size);
	return report.n_errors > 0 ? EXIT_WRONG : EXIT_FINE;
}

void setup_finish(struct setup *setup)
{
	config_unref(setup->config);
	catalogue_finish(&setup->catalogue);
}

int print_buffer(struct buffer *buffer)
{
	int r = buffer_failed(buffer)
			? -1
			: file_write(STDOUT_FILENO, buffer->data, buffer->size);

	if (r == 0)
		return EXIT_FINE;
	fputs("rookery: cannot write to standard output\n", stderr);
	return EXIT_FAILED;
}
