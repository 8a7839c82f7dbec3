/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plugins that there are, without loading any of them here: where their files are,
 * which are refused and why, and what the others offer, as a child says that loaded them
 * (isolate/probe.h).
 *
 * What was found out about a file counts for as long as its inode, size and time are the
 * same; another file under the same name is another plugin_file, and those before stay,
 * since children are made from them.
 */
#ifndef ISOLATE_PLUGINS_H
#define ISOLATE_PLUGINS_H

#include "plugin_file.h"

struct buffer;
struct plugins;
struct values;

/* folders: searched in this order, copied; ends with NULL. program: plugin-host, open;
 * stays the caller's. NULL: memory ran out. */
struct plugins *plugins_create(const char *const *folders, int program);

/* Accepts NULL. */
void plugins_destroy(struct plugins *plugins);

/* The plugin of this name as its file is now. NULL: it is not there, or refused, or
 * memory ran out, which is appended to why. Borrowed from plugins. Blocks. */
const struct plugin_file *plugins_find(
	struct plugins *plugins, const char *name, struct buffer *why);

/* As plugins_find found it last; NULL where it did not. [loop] */
const struct plugin_file *plugins_known(const struct plugins *plugins, const char *name);

/* Has a plugin that was found look at values of its options. 0, or a negative errno with
 * a reason appended to why. Blocks. */
int plugins_check(struct plugins *plugins, const char *name, const struct values *values,
	void (*on_fault)(void *context, const char *path, const char *text),
	void *context, struct buffer *why);

/* The names of all plugin files on the path, sorted; ends with NULL. Borrowed from
 * plugins; NULL where memory ran out. Blocks. */
const char *const *plugins_names(struct plugins *plugins);

/* Ends the children that were asked; the next question starts others. */
void plugins_rest(struct plugins *plugins);

#endif
