/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plugins as files: where they are searched, which are refused and why, and what
 * loaded ones offer. A file that was loaded stays so until the process ends, since
 * nobody knows what a foreign plugin left behind.
 */
#ifndef HOST_OBJECT_H
#define HOST_OBJECT_H

#include "model/description.h"

#include <rookery/plugin.h>
#include <stdbool.h>
#include <stddef.h>

struct buffer;

struct object {
	char *name, *path; /* owned */
	/* What the plugin offers, zero behind what it knows; all zero where it was
	 * refused. */
	struct rk_plugin plugin;
	struct description description;
	char *refusal;     /* owned; why it is not to be used; NULL: it is */
	const void *entry; /* within the loaded file; NULL: it is not loaded */
};

/* Loads one file, which messages call path; whether it may be loaded is the caller's to
 * know. NULL: memory ran out; else what became of it, owned by the caller. Blocks. */
struct object *object_open(const char *name, const char *path, const char *file);

/* Frees what is known about it; its code stays. Accepts NULL. */
void object_destroy(struct object *object);

struct objects;

/* folders: searched in this order, copied; ends with NULL. NULL: memory ran out. */
struct objects *objects_create(const char *const *folders);

/* Frees what is known about plugins; their code stays. Accepts NULL. */
void objects_destroy(struct objects *objects);

/* The plugin of this name, loaded once. NULL: it is not there, or refused, or
 * memory ran out, which is appended to why. Borrowed from objects. Blocks. */
const struct object *objects_load(
	struct objects *objects, const char *name, struct buffer *why);

#endif
