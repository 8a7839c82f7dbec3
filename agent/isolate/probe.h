/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A child that loads a plugin in order to say what it offers and whether options make
 * sense to it; nothing is collected in it, and its sandbox grants nothing. For the
 * command line and the loading of configuration, which wait for its answers; each has a
 * deadline.
 */
#ifndef ISOLATE_PROBE_H
#define ISOLATE_PROBE_H

#include "plugin_file.h"

struct buffer;
struct probe;
struct values;

/* Starts one and reads the description of a plugin whose name, path and file are known.
 * 0; or a negative errno, with a reason appended to why: it is refused, or its process
 * died. probe_close in no such case. Blocks. */
int probe_open(int program, struct plugin_file *plugin, struct probe **ret_probe,
	struct buffer *why);

/* Has the plugin look at values of its options; on_fault is told of each fault. 0, or a
 * negative errno with a reason appended to why: it did not answer. Blocks. */
int probe_check(struct probe *probe, const struct values *values,
	void (*on_fault)(void *context, const char *path, const char *text),
	void *context, struct buffer *why);

/* Accepts NULL. */
void probe_close(struct probe *probe);

#endif
