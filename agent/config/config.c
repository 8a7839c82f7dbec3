/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "files.h"
#include "load.h"
#include "report.h"

#include "base/cleanup.h"
#include "base/macros.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct config *config_ref(struct config *config)
{
	config->references++;
	return config;
}

void config_unref(struct config *config)
{
	if (!config || --config->references > 0)
		return;
	arena_wipe(&config->arena);
	arena_finish(&config->arena);
	document_set_destroy(config->documents);
	free(config);
}

/* For CLEANUP. */
static void configs_destroy(struct config **config)
{
	config_unref(*config);
}

static void loader_finish(struct loader *loader)
{
	ids_finish(&loader->collector_ids);
	ids_finish(&loader->sink_ids);
}

/* Where the keys of a file stand. */
struct parts {
	const struct node *agent, *journal, *collectors, *sinks;
};

static const struct {
	const char *key;
	size_t offset; /* in struct parts */
	bool in_main_alone;
} part_keys[] = {
	{ "agent", offsetof(struct parts, agent), true },
	{ "journal", offsetof(struct parts, journal), true },
	{ "collectors", offsetof(struct parts, collectors), false },
	{ "sinks", offsetof(struct parts, sinks), false },
};

static int report_unknown(struct loader *loader, const struct node_entry *entry)
{
	const char *names[LENGTH(part_keys)];
	const struct node *key = entry->key;
	const char *nearest;

	for (size_t i = 0; i < LENGTH(part_keys); i++)
		names[i] = part_keys[i].key;
	nearest = text_nearest(key->text, names, LENGTH(names));
	if (nearest)
		report_error(loader->report, key->place, key->width,
			"unknown key '%s'; did you mean '%s'?", key->text, nearest);
	else
		report_error(loader->report, key->place, key->width,
			"unknown key '%s'; known are agent, journal, collectors, sinks",
			key->text);
	return document_mask(loader->config->documents, entry->value);
}

static int take_part(struct loader *loader, const struct node_entry *entry, bool is_main,
	struct parts *parts)
{
	const struct node *key = entry->key;

	for (size_t i = 0; i < LENGTH(part_keys); i++) {
		const struct node **part =
			(const struct node **)(void *)((char *)parts +
						       part_keys[i].offset);

		if (!text_equal(part_keys[i].key, key->text) ||
			strlen(key->text) != key->size)
			continue;
		*part = entry->value;
		if (is_main || !part_keys[i].in_main_alone)
			return 0;
		*part = NULL;
		report_error(loader->report, key->place, key->width,
			"'%s' belongs into the main file; files in conf.d add to "
			"'collectors' and 'sinks'",
			key->text);
		return document_mask(loader->config->documents, entry->value);
	}
	return report_unknown(loader, entry);
}

static int take_parts(struct loader *loader, const struct document *document,
	bool is_main, struct parts *ret_parts)
{
	const struct node *root = document->root;
	struct parts parts = { 0 };
	int r = 0;

	*ret_parts = parts;
	if (!root || root->kind == NODE_BROKEN || node_is_null(root))
		return 0;
	if (root->kind != NODE_MAPPING) {
		report_error(loader->report, root->place, root->width,
			"expected 'collectors:' or another key, found %s",
			node_kind_name(root));
		return document_mask(loader->config->documents, root);
	}
	for (size_t i = 0; i < root->n_entries && r == 0; i++)
		r = take_part(loader, &root->entries[i], is_main, &parts);
	*ret_parts = parts;
	return r;
}

typedef int load_entry(struct loader *loader, const struct node *node);

static int load_list(struct loader *loader, const struct node *list, load_entry *load)
{
	int r = 0;

	if (!list || list->kind == NODE_BROKEN || node_is_null(list))
		return 0;
	if (list->kind != NODE_SEQUENCE) {
		report_error(loader->report, list->place, list->width,
			"expected a list, each entry of it beginning with '- ', found %s",
			node_kind_name(list));
		return document_mask(loader->config->documents, list);
	}
	for (size_t i = 0; i < list->n_items && r == 0; i++) {
		const struct node *item = list->items[i];

		if (item->kind == NODE_MAPPING) {
			r = load(loader, item);
			continue;
		}
		if (item->kind != NODE_BROKEN)
			report_error(loader->report, item->place, item->width,
				"expected a mapping with an 'id', found %s",
				node_kind_name(item));
		r = document_mask(loader->config->documents, item);
	}
	return r;
}

static size_t list_size(const struct node *list)
{
	return list && list->kind == NODE_SEQUENCE ? list->n_items : 0;
}

/* Room for all entries, so that nobody's place changes. */
static int make_room(struct loader *loader, const struct parts *parts, size_t n)
{
	struct config *config = loader->config;
	size_t n_collectors = 0, n_sinks = 0;

	for (size_t i = 0; i < n; i++) {
		n_collectors += list_size(parts[i].collectors);
		n_sinks += list_size(parts[i].sinks);
	}
	config->collectors =
		arena_take(&config->arena, n_collectors * sizeof(*config->collectors));
	config->sinks = arena_take(&config->arena, n_sinks * sizeof(*config->sinks));
	loader->bound->collectors = arena_take(
		&config->arena, n_collectors * sizeof(*loader->bound->collectors));
	loader->bound->sinks =
		arena_take(&config->arena, n_sinks * sizeof(*loader->bound->sinks));
	return config->collectors && config->sinks && loader->bound->collectors &&
			       loader->bound->sinks
		       ? 0
		       : -ENOMEM;
}

static int load_parts(
	struct loader *loader, const struct parts *parts, size_t n, const char *main)
{
	int r = make_room(loader, parts, n);

	if (r == 0)
		r = load_agent(loader, parts[0].agent, main);
	if (r == 0)
		r = load_journal(loader, parts[0].journal, main);
	for (size_t i = 0; i < n && r == 0; i++)
		r = load_list(loader, parts[i].collectors, load_collector);
	for (size_t i = 0; i < n && r == 0; i++)
		r = load_list(loader, parts[i].sinks, load_sink);
	return r;
}

/* NULL: memory ran out. */
static const struct document *read_file(struct loader *loader, const struct file *file)
{
	struct document_set *documents = loader->config->documents;
	struct document *document;

	if (!file->message)
		return document_read(documents, file->path, loader->report);
	document = document_add(documents, file->path);
	if (document)
		report_add(loader->report, file->severity,
			(struct place){ document->name, 1, 1 }, 1, "%s", file->message);
	return document;
}

static int load_files(struct loader *loader, const struct files *files)
{
	struct parts parts[FILES_MAX_COUNT + 1] = { 0 };
	const char *main = NULL;
	int r = 0;

	for (size_t i = 0; i < files->n && r == 0; i++) {
		const struct document *document = read_file(loader, &files->items[i]);

		if (!document)
			return -ENOMEM;
		if (i == 0)
			main = document->name;
		r = take_parts(loader, document, i == 0, &parts[i]);
	}
	return r < 0 ? r : load_parts(loader, parts, files->n, main);
}

static int load(struct loader *loader, const char *path)
{
	CLEANUP(files_finish) struct files files = { 0 };
	struct config *config = loader->config;
	int r;

	config->documents = document_set_create();
	config->bound = loader->bound =
		arena_take(&config->arena, sizeof(*config->bound));
	if (!config->documents || !config->bound)
		return -ENOMEM;
	loader->binder = (struct binder){
		.arena = &config->arena,
		.documents = config->documents,
		.report = loader->report,
	};
	r = settings_describe(&config->arena, &loader->bound->settings);
	if (r == 0)
		r = files_find(&files, path);
	return r < 0 ? r : load_files(loader, &files);
}

struct config *config_load(
	const char *path, const struct catalogue *catalogue, struct report *report)
{
	CLEANUP(configs_destroy) struct config *config = calloc(1, sizeof(*config));
	CLEANUP(loader_finish)
	struct loader loader = {
		.config = config,
		.catalogue = catalogue,
		.report = report,
	};

	if (!config)
		return NULL;
	config->references = 1;
	return load(&loader, path) < 0 ? NULL : take_pointer(config);
}
