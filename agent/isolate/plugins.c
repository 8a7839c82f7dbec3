/* SPDX-License-Identifier: Apache-2.0 */
#include "plugins.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "host/folders.h"
#include "host/trust.h"
#include "model/transfer.h"
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file, and the child that was asked about it. */
struct entry {
	struct plugin_file plugin;
	struct probe *probe; /* owned; NULL: it rests */
	bool is_old;         /* there is another file under this path now */
};

struct plugins {
	struct folders folders;
	int program;
	struct entry **entries; /* owned */
	size_t n;
};

static void entry_destroy(struct entry *entry)
{
	if (!entry)
		return;
	probe_close(entry->probe);
	description_finish(&entry->plugin.description);
	if (entry->plugin.file >= 0)
		close(entry->plugin.file);
	free(entry->plugin.name);
	free(entry->plugin.path);
	free(entry->plugin.refusal);
	free(entry);
}

struct plugins *plugins_create(const char *const *folders, int program)
{
	struct plugins *plugins = calloc(1, sizeof(*plugins));

	if (!plugins)
		return NULL;
	plugins->program = program;
	if (folders_init(&plugins->folders, folders) < 0) {
		plugins_destroy(plugins);
		return NULL;
	}
	return plugins;
}

void plugins_destroy(struct plugins *plugins)
{
	if (!plugins)
		return;
	for (size_t i = 0; i < plugins->n; i++)
		entry_destroy(plugins->entries[i]);
	free(plugins->entries);
	folders_finish(&plugins->folders);
	free(plugins);
}

/* ---- reading a file ---------------------------------------------------- */

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* What is looked at is what children will load: the open file, not its path. */
static int open_file(struct plugin_file *plugin, struct buffer *why)
{
	struct stat there;
	int r = trust_check(plugin->path, why);

	if (r < 0)
		return r;
	plugin->file = open(plugin->path, O_RDONLY | O_CLOEXEC);
	if (plugin->file < 0 || fstat(plugin->file, &plugin->status) < 0 ||
		stat(plugin->path, &there) < 0)
		return -errno;
	return is_same_file(&there, &plugin->status) ? 0 : -EAGAIN;
}

static void read_entry(struct plugins *plugins, struct entry *entry)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct plugin_file *plugin = &entry->plugin;
	int r;

	if (stat(plugin->path, &plugin->status) < 0)
		plugin->status = (struct stat){ 0 };
	r = open_file(plugin, &why);
	if (r == 0 && plugins->program < 0) {
		buffer_append_text(&why, "the program plugin-host is not installed");
		r = -ENOENT;
	}
	if (r == 0)
		r = probe_open(plugins->program, plugin, &entry->probe, &why);
	if (r == 0)
		return;
	if (why.size == 0)
		buffer_append_text(&why, strerror(-r));
	plugin->refusal = buffer_take_text(&why);
	if (!plugin->refusal)
		plugin->refusal = strdup("out of memory");
}

static struct entry *add_entry(struct plugins *plugins, const char *name, char *path)
{
	struct entry **grown =
		realloc(plugins->entries, (plugins->n + 1) * sizeof(*grown));
	struct entry *entry = calloc(1, sizeof(*entry));

	if (grown)
		plugins->entries = grown;
	if (entry) {
		entry->plugin.file = -1;
		entry->plugin.path = path;
		entry->plugin.name = strdup(name);
	}
	if (!grown || !entry || !entry->plugin.name) {
		if (!entry)
			free(path);
		entry_destroy(entry);
		return NULL;
	}
	plugins->entries[plugins->n++] = entry;
	read_entry(plugins, entry);
	return entry;
}

/* ---- finding ----------------------------------------------------------- */

static struct entry *find_entry(const struct plugins *plugins, const char *name)
{
	for (size_t i = 0; i < plugins->n; i++) {
		struct entry *entry = plugins->entries[i];

		if (!entry->is_old && text_equal(entry->plugin.name, name))
			return entry;
	}
	return NULL;
}

/* Whether what was found out still holds for the file at this path. */
static bool is_current(const struct entry *entry, const char *path)
{
	struct stat status;

	return text_equal(entry->plugin.path, path) && stat(path, &status) == 0 &&
	       is_same_file(&status, &entry->plugin.status);
}

static struct entry *find_current(
	struct plugins *plugins, const char *name, struct buffer *why)
{
	char *path = folders_find(&plugins->folders, name, why);
	struct entry *entry = find_entry(plugins, name);

	if (!path)
		return NULL;
	if (entry && is_current(entry, path)) {
		free(path);
		return entry;
	}
	if (entry)
		entry->is_old = true;
	entry = add_entry(plugins, name, path);
	if (!entry)
		buffer_append_text(why, "out of memory");
	return entry;
}

const struct plugin_file *plugins_find(
	struct plugins *plugins, const char *name, struct buffer *why)
{
	struct entry *entry = find_current(plugins, name, why);

	if (!entry)
		return NULL;
	if (!entry->plugin.refusal)
		return &entry->plugin;
	buffer_append_format(why, "plugin '%s' is refused: %s", entry->plugin.path,
		entry->plugin.refusal);
	return NULL;
}

const struct plugin_file *plugins_known(const struct plugins *plugins, const char *name)
{
	const struct entry *entry = find_entry(plugins, name);

	return entry && !entry->plugin.refusal ? &entry->plugin : NULL;
}

const char *const *plugins_names(struct plugins *plugins)
{
	return folders_names(&plugins->folders);
}

bool plugin_file_is_of(
	const struct plugin_file *plugin, const struct description *description)
{
	CLEANUP(buffer_finish) struct buffer packed = { 0 };
	struct hash128 hash;

	description_pack(&packed, description);
	hash = siphash128(&plugin_hash_key, packed.data, packed.size);
	return !buffer_failed(&packed) && memcmp(&hash, &plugin->hash, sizeof(hash)) == 0;
}

/* ---- asking ------------------------------------------------------------ */

/* The description that is asked for anew is the one that is there. */
static int wake(struct plugins *plugins, struct entry *entry, struct buffer *why)
{
	struct plugin_file again = entry->plugin;
	int r;

	if (entry->probe)
		return 0;
	again.description = (struct description){ 0 };
	r = probe_open(plugins->program, &again, &entry->probe, why);
	description_finish(&again.description);
	return r;
}

int plugins_check(struct plugins *plugins, const char *name, const struct values *values,
	void (*on_fault)(void *context, const char *path, const char *text),
	void *context, struct buffer *why)
{
	struct entry *entry = find_entry(plugins, name);
	int r = entry ? wake(plugins, entry, why) : -ENOENT;

	if (r < 0)
		return r;
	r = probe_check(entry->probe, values, on_fault, context, why);
	if (r < 0) {
		probe_close(entry->probe);
		entry->probe = NULL;
	}
	return r;
}

void plugins_rest(struct plugins *plugins)
{
	for (size_t i = 0; i < plugins->n; i++) {
		probe_close(plugins->entries[i]->probe);
		plugins->entries[i]->probe = NULL;
	}
}
