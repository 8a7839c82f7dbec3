/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the schema of the fake catalogue into a folder, and every file of good/ and
 * broken/ as JSON, for check_schema.py to compare. What is good must load without an
 * error, and what is broken must not, so that schema and loader say the same.
 *
 *	write_schema SOURCES FOLDER
 */
#include "fake_catalogue.h"

#include "config/document.h"
#include "config/json.h"
#include "config/report.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "model/description.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "write_schema: %s\n", what);
	exit(1);
}

static void write_text(const char *folder, const char *name, const char *text)
{
	CLEANUP_FREE char *path = path_join(folder, name);
	CLEANUP_FCLOSE FILE *file = fopen(path, "w");

	must(file && fputs(text, file) >= 0, path);
}

static void write_instance(const char *folder, const char *name, const struct node *root)
{
	json_t *tree = root ? json_from_node(root) : json_null();
	char *text = json_dumps(tree, JSON_ENCODE_ANY | JSON_INDENT(2));
	CLEANUP_FREE char *file = NULL;

	must(text && asprintf(&file, "%s.json", name) > 0, "no memory");
	write_text(folder, file, text);
	free(text);
	json_decref(tree);
}

/* The loader's verdict. */
static void check_load(const char *path, bool is_good)
{
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };
	struct config *config = config_load(path, fake_catalogue(), &report);

	must(config != NULL, "no memory");
	report_print(&report, config->documents, false, &printed);
	config_unref(config);
	if (is_good)
		must(report.n_errors == 0, buffer_text(&printed));
	else
		must(report.n_errors > 0, path);
}

static void take_file(const char *from, const char *to, const char *name, bool is_good)
{
	CLEANUP_FREE char *path = path_join(from, name);
	CLEANUP(report_finish) struct report report = { 0 };
	struct document_set *set = document_set_create();
	const struct document *document = document_read(set, path, &report);

	must(document && report.n_errors == 0, path);
	check_load(path, is_good);
	write_instance(to, name, document->root);
	document_set_destroy(set);
}

static void take_folder(const char *sources, const char *folder, const char *name)
{
	CLEANUP_FREE char *from = path_join(sources, name);
	CLEANUP_FREE char *to = path_join(folder, name);
	CLEANUP_CLOSEDIR DIR *files = opendir(from);
	struct dirent *entry;

	must(files && folder_create(to, 0755) == 0, from);
	while ((entry = readdir(files))) {
		if (strstr(entry->d_name, ".yaml"))
			take_file(from, to, entry->d_name, strcmp(name, "good") == 0);
	}
}

/* Samples are good, too. */
static void take_samples(const char *folder)
{
	const struct catalogue *catalogue = fake_catalogue();
	CLEANUP_FREE char *to = path_join(folder, "good");

	for (size_t i = 0; catalogue->plugins[i]; i++) {
		CLEANUP(buffer_finish) struct buffer why = { 0 }, sample = { 0 };
		CLEANUP(report_finish) struct report report = { 0 };
		CLEANUP_FREE char *name = NULL;
		struct document_set *set = document_set_create();
		const struct description *plugin =
			catalogue->plugin(catalogue, catalogue->plugins[i], &why);

		if (plugin) {
			config_sample(plugin, &sample);
			must(asprintf(&name, "sample_%s", plugin->name) > 0, "no memory");
			write_instance(to, name,
				document_parse(set, "sample", buffer_text(&sample),
					sample.size, &report)
					->root);
		}
		document_set_destroy(set);
	}
}

int main(int argc, char **argv)
{
	CLEANUP(buffer_finish) struct buffer schema = { 0 };

	must(argc == 3, "usage: write_schema SOURCES FOLDER");
	must(folder_create(argv[2], 0755) == 0, argv[2]);
	must(config_schema(fake_catalogue(), &schema) == 0, "no schema");
	write_text(argv[2], "schema.json", buffer_text(&schema));
	take_folder(argv[1], argv[2], "good");
	take_folder(argv[1], argv[2], "broken");
	take_samples(argv[2]);
	return 0;
}
