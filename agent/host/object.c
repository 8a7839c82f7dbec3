/* SPDX-License-Identifier: Apache-2.0 */
#include "object.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "description.h"
#include "trust.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <ltdl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct objects {
	char **folders; /* owned, n_folders */
	size_t n_folders;
	struct object **items; /* owned */
	size_t n;
	char **names; /* owned, ends with NULL */
};

static void object_destroy(struct object *object)
{
	if (!object)
		return;
	description_finish(&object->description);
	free(object->name);
	free(object->path);
	free(object->refusal);
	free(object);
}

static void names_free(char **names)
{
	for (size_t i = 0; names && names[i]; i++)
		free(names[i]);
	free(names);
}

void objects_destroy(struct objects *objects)
{
	if (!objects)
		return;
	for (size_t i = 0; i < objects->n_folders; i++)
		free(objects->folders[i]);
	for (size_t i = 0; i < objects->n; i++)
		object_destroy(objects->items[i]);
	free(objects->folders);
	free(objects->items);
	names_free(objects->names);
	free(objects);
}

struct objects *objects_create(const char *const *folders)
{
	struct objects *objects = calloc(1, sizeof(*objects));
	size_t n = 0;

	if (!objects)
		return NULL;
	while (folders[n])
		n++;
	objects->folders = calloc(n + 1, sizeof(*objects->folders));
	for (size_t i = 0; objects->folders && i < n; i++) {
		objects->folders[i] = strdup(folders[i]);
		if (!objects->folders[i])
			break;
		objects->n_folders++;
	}
	if (objects->n_folders < n || !objects->folders || lt_dlinit() != 0) {
		objects_destroy(objects);
		return NULL;
	}
	return objects;
}

/* ---- what does it offer ------------------------------------------------ */

static int check_abi(const struct rk_plugin *entry, struct buffer *why)
{
	if (entry->abi >> 16 != RK_ABI_MAJOR)
		buffer_append_format(why,
			"it was built for ABI %u.%u, this agent takes %u.x",
			entry->abi >> 16, entry->abi & 0xffff, RK_ABI_MAJOR);
	else if (entry->size < FIRST_PLUGIN_SIZE)
		buffer_append_format(why,
			"its descriptor has %u bytes, that of ABI 1.0 has %d: it is "
			"damaged",
			entry->size, FIRST_PLUGIN_SIZE);
	else
		return 0;
	return -EINVAL;
}

/* Copies what both know of the descriptor; what the plugin lacks stays zero. */
static void copy_entry(struct object *object, const struct rk_plugin *entry)
{
	size_t size = entry->size < sizeof(object->plugin) ? entry->size
							   : sizeof(object->plugin);

	memcpy(&object->plugin, entry, size);
}

/* Why the dynamic linker does not take a file: libltdl forgets its words. */
static void tell_load_failure(const char *path, struct buffer *why)
{
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const char *reason = handle ? NULL : dlerror();

	buffer_append_format(
		why, "it cannot be loaded: %s", reason ? reason : lt_dlerror());
	if (handle)
		dlclose(handle);
}

static int read_object(struct object *object, struct buffer *why)
{
	const struct rk_plugin *entry;
	lt_dlhandle handle = lt_dlopen(object->path);
	int r;

	if (!handle) {
		tell_load_failure(object->path, why);
		return -ENOEXEC;
	}
	entry = lt_dlsym(handle, "rk_plugin_entry");
	if (!entry) {
		buffer_append_text(why, "it exports no rk_plugin_entry: it is no plugin");
		return -ENOEXEC;
	}
	r = check_abi(entry, why);
	if (r < 0)
		return r;
	copy_entry(object, entry);
	r = description_read(&object->plugin, &object->description, why);
	if (r == 0 && !text_equal(object->description.name, object->name)) {
		buffer_append_format(why,
			"it calls itself '%s': the file must be named so",
			object->description.name);
		r = -EINVAL;
	}
	return r;
}

/* ---- finding ----------------------------------------------------------- */

/* The real path of the plugin's file in the first folder that has one. */
static char *find_file(const struct objects *objects, const char *name)
{
	for (size_t i = 0; i < objects->n_folders; i++) {
		CLEANUP_FREE char *path = NULL;
		char *real;

		if (asprintf(&path, "%s/%s.so", objects->folders[i], name) < 0)
			return NULL;
		real = realpath(path, NULL);
		if (real)
			return real;
	}
	return NULL;
}

static struct object *object_create(const char *name, char *path)
{
	struct object *object = calloc(1, sizeof(*object));

	if (object) {
		object->path = path;
		object->name = strdup(name);
	}
	if (!object || !object->name) {
		free(path);
		free(object);
		return NULL;
	}
	return object;
}

static int objects_add(struct objects *objects, struct object *object)
{
	struct object **items =
		realloc(objects->items, (objects->n + 1) * sizeof(*items));

	if (!items)
		return -ENOMEM;
	objects->items = items;
	objects->items[objects->n++] = object;
	return 0;
}

/* Loads a file and keeps what became of it, so that a refusal is told each time
 * without touching the file again. */
static struct object *object_load(struct objects *objects, const char *name, char *path)
{
	CLEANUP(buffer_finish) struct buffer reason = { 0 };
	struct object *object = object_create(name, path);
	int r;

	if (!object || objects_add(objects, object) < 0) {
		object_destroy(object);
		return NULL;
	}
	r = trust_check(object->path, &reason);
	if (r == 0)
		r = read_object(object, &reason);
	if (r < 0) {
		if (reason.size == 0)
			buffer_append_text(&reason, strerror(-r));
		object->refusal = buffer_take_text(&reason);
		if (!object->refusal)
			object->refusal = strdup("out of memory");
	}
	return object;
}

static const struct object *use_object(const struct object *object, struct buffer *why)
{
	if (!object->refusal)
		return object;
	buffer_append_format(
		why, "plugin '%s' is refused: %s", object->path, object->refusal);
	return NULL;
}

static void tell_missing(
	const struct objects *objects, const char *name, struct buffer *why)
{
	buffer_append_format(why, "there is no plugin '%s' in", name);
	for (size_t i = 0; i < objects->n_folders; i++)
		buffer_append_format(why, "%s '%s'", i ? "," : "", objects->folders[i]);
}

const struct object *objects_load(
	struct objects *objects, const char *name, struct buffer *why)
{
	struct object *object;
	char *path;

	for (size_t i = 0; i < objects->n; i++) {
		if (text_equal(objects->items[i]->name, name))
			return use_object(objects->items[i], why);
	}
	path = text_is_name(name, 64, "") ? find_file(objects, name) : NULL;
	if (!path) {
		tell_missing(objects, name, why);
		return NULL;
	}
	object = object_load(objects, name, path);
	if (!object) {
		buffer_append_text(why, "out of memory");
		return NULL;
	}
	return use_object(object, why);
}

/* ---- listing ----------------------------------------------------------- */

static int add_name(char ***names, size_t *n, const char *name, size_t size)
{
	char **grown;

	for (size_t i = 0; i < *n; i++) {
		if (strlen((*names)[i]) == size && memcmp((*names)[i], name, size) == 0)
			return 0;
	}
	grown = realloc(*names, (*n + 2) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*names = grown;
	grown[*n] = strndup(name, size);
	if (!grown[*n])
		return -ENOMEM;
	grown[++*n] = NULL;
	return 0;
}

static int add_names_of(const char *folder, char ***names, size_t *n)
{
	CLEANUP_CLOSEDIR DIR *directory = opendir(folder);
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		size_t size = strlen(entry->d_name);

		if (size > 3 && text_equal(entry->d_name + size - 3, ".so") &&
			add_name(names, n, entry->d_name, size - 3) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

const char *const *objects_names(struct objects *objects)
{
	char **names = calloc(1, sizeof(*names));
	size_t n = 0;
	int r = names ? 0 : -ENOMEM;

	for (size_t i = 0; r == 0 && i < objects->n_folders; i++)
		r = add_names_of(objects->folders[i], &names, &n);
	if (r < 0) {
		names_free(names);
		return NULL;
	}
	qsort(names, n, sizeof(*names), compare_names);
	names_free(objects->names);
	objects->names = names;
	return (const char *const *)names;
}
