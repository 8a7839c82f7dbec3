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

static void print_help(
	const struct command *command, const struct command_option *options, size_t n)
{
	char left[64];

	printf("Usage: rookery %s %s\n%s\n", command->name, command->usage,
		command->help);
	puts("\nOptions:");
	for (size_t i = 0; i < n; i++) {
		snprintf(left, sizeof(left), "--%s%s%s", options[i].name,
			options[i].value ? " " : "",
			options[i].value ? options[i].value : "");
		printf("  %-24s %s\n", left, options[i].help);
	}
	printf("  %-24s %s\n", "--help", "print this");
}

static const struct command_option *find_option(
	const struct command_option *options, size_t n, const char *name, size_t size)
{
	for (size_t i = 0; i < n; i++) {
		if (strlen(options[i].name) == size &&
			memcmp(options[i].name, name, size) == 0)
			return &options[i];
	}
	return NULL;
}

static int complain(const struct command *command, const char *what, const char *which)
{
	fprintf(stderr, "rookery %s: %s '%s'; 'rookery %s --help' tells what there is\n",
		command->name, what, which, command->name);
	return EXIT_WRONG;
}

/* Reads the option at argv[*i], and its value behind it. EXIT_FINE or EXIT_WRONG. */
static int read_option(const struct command *command,
	const struct command_option *options, size_t n, char **argv, int *i)
{
	const char *name = argv[*i] + 2;
	size_t size = strcspn(name, "=");
	const struct command_option *option = find_option(options, n, name, size);

	if (!option)
		return complain(command, "there is no option", argv[*i]);
	if (!option->value) {
		if (name[size])
			return complain(command, "no value goes with", option->name);
		*option->flag = true;
		return EXIT_FINE;
	}
	*option->text = name[size] ? name + size + 1 : argv[++*i];
	if (!*option->text)
		return complain(command, "a value is missing behind", option->name);
	return EXIT_FINE;
}

int options_read(const struct command *command, const struct command_option *options,
	size_t n, int argc, char **argv, int most, int *ret_status)
{
	bool only_arguments = false;
	int n_arguments = 0;

	*ret_status = EXIT_FINE;
	for (int i = 1; i < argc; i++) {
		if (!only_arguments &&
			(text_equal(argv[i], "--help") || text_equal(argv[i], "-h"))) {
			print_help(command, options, n);
			return -1;
		}
		if (!only_arguments && text_equal(argv[i], "--")) {
			only_arguments = true;
		} else if (!only_arguments && argv[i][0] == '-' && argv[i][1]) {
			if (argv[i][1] != '-')
				*ret_status =
					complain(command, "there is no option", argv[i]);
			else
				*ret_status = read_option(command, options, n, argv, &i);
		} else if (n_arguments == most) {
			*ret_status =
				complain(command, "one argument too many:", argv[i]);
		} else {
			argv[n_arguments++] = argv[i];
		}
		if (*ret_status != EXIT_FINE)
			return -1;
	}
	return n_arguments;
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
	setup->config = config_load(common->config ? common->config : ROOKERY_CONFIG,
		&setup->catalogue.catalogue, &report);
	if (!setup->config) {
		fputs("rookery: out of memory\n", stderr);
		return EXIT_FAILED;
	}
	report_print(&report, setup->config->documents, isatty(STDERR_FILENO), &text);
	file_write(STDERR_FILENO, text.data, text.size);
	return report.n_errors > 0 ? EXIT_WRONG : EXIT_FINE;
}

void setup_finish(struct setup *setup)
{
	config_destroy(setup->config);
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
