/* SPDX-License-Identifier: Apache-2.0 */
#include "object.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "description.h"
#include "folders.h"
#include "trust.h"

#include <dlfcn.h>
#include <errno.h>
#include <ltdl.h>
#include <stdlib.h>
#include <string.h>

struct objects {
	struct folders folders;
	struct object **items; /* owned */
	size_t n;
};

void object_destroy(struct object *object)
{
	if (!object)
		return;
	description_finish(&object->description);
	free(object->name);
	free(object->path);
	free(object->refusal);
	free(object);
}

void objects_destroy(struct objects *objects)
{
	if (!objects)
		return;
	for (size_t i = 0; i < objects->n; i++)
		object_destroy(objects->items[i]);
	folders_finish(&objects->folders);
	free(objects->items);
	free(objects);
}

struct objects *objects_create(const char *const *folders)
{
	struct objects *objects = calloc(1, sizeof(*objects));

	if (!objects)
		return NULL;
	if (folders_init(&objects->folders, folders) < 0 || lt_dlinit() != 0) {
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

static int read_object(struct object *object, const char *file, struct buffer *why)
{
	const struct rk_plugin *entry;
	lt_dlhandle handle = lt_dlopen(file);
	int r;

	if (!handle) {
		tell_load_failure(file, why);
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
	object->entry = entry;
	r = description_read(&object->plugin, &object->description, why);
	if (r == 0 && !text_equal(object->description.name, object->name)) {
		buffer_append_format(why,
			"it calls itself '%s': the file must be named so",
			object->description.name);
		r = -EINVAL;
	}
	return r;
}

/* ---- keeping ----------------------------------------------------------- */

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

static void refuse(struct object *object, int r, struct buffer *reason)
{
	if (reason->size == 0)
		buffer_append_text(reason, strerror(-r));
	object->refusal = buffer_take_text(reason);
	if (!object->refusal)
		object->refusal = strdup("out of memory");
}

struct object *object_open(const char *name, const char *path, const char *file)
{
	CLEANUP(buffer_finish) struct buffer reason = { 0 };
	char *copy = strdup(path);
	struct object *object = copy ? object_create(name, copy) : NULL;
	int r;

	if (!object)
		return NULL;
	r = lt_dlinit() == 0 ? read_object(object, file, &reason) : -ENOMEM;
	if (r < 0)
		refuse(object, r, &reason);
	return object;
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
		r = read_object(object, object->path, &reason);
	if (r < 0)
		refuse(object, r, &reason);
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

const struct object *objects_load(
	struct objects *objects, const char *name, struct buffer *why)
{
	struct object *object;
	char *path;

	for (size_t i = 0; i < objects->n; i++) {
		if (text_equal(objects->items[i]->name, name))
			return use_object(objects->items[i], why);
	}
	path = folders_find(&objects->folders, name, why);
	if (!path)
		return NULL;
	object = object_load(objects, name, path);
	if (!object) {
		buffer_append_text(why, "out of memory");
		return NULL;
	}
	return use_object(object, why);
}
