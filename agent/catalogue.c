/* SPDX-License-Identifier: Apache-2.0 */
#include "catalogue.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/text.h"
#include "config/report.h"
#include "deliver/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM "plugin-host"

static const struct agent_catalogue *own(const struct catalogue *catalogue)
{
	return container_of_const(catalogue, struct agent_catalogue, catalogue);
}

static const struct description *describe_plugin(
	const struct catalogue *catalogue, const char *name, struct buffer *why)
{
	const struct plugin_file *plugin =
		plugins_find(own(catalogue)->plugins, name, why);

	return plugin ? &plugin->description : NULL;
}

static const struct description *find_plugin(
	const struct catalogue *catalogue, const char *name, struct buffer *why)
{
	size_t i = 0;

	/* Without a reason, configuration tells which names there are. */
	while (catalogue->plugins[i] && !text_equal(catalogue->plugins[i], name))
		i++;
	if (!catalogue->plugins[i])
		return NULL;
	return describe_plugin(catalogue, name, why);
}

struct check {
	const struct values *values;
	struct report *report;
};

static void on_fault(void *context, const char *path, const char *text)
{
	struct check *check = context;
	struct place place = values_find_place(check->values, path);

	if (*path)
		report_error(check->report, place, 1, "%s: %s", path, text);
	else
		report_error(check->report, place, 1, "%s", text);
}

static void check_plugin(const struct catalogue *catalogue, const char *plugin,
	const struct values *values, struct report *report)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct check check = { values, report };
	int r = plugins_check(
		own(catalogue)->plugins, plugin, values, on_fault, &check, &why);

	if (r < 0)
		report_error(report, values->place, 1,
			"plugin '%s' cannot say whether it agrees: %s", plugin,
			why.size > 0 ? buffer_text(&why) : strerror(-r));
}

/* ---- the program of the children ---------------------------------------- */

/* It lies beside this one where that was built, or where it was installed. An upgrade
 * later does not reach what is open. Negative: it is nowhere. */
static int open_program(void)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - sizeof(PROGRAM));
	char *name = n > 0 ? memrchr(path, '/', (size_t)n) : NULL;
	int fd = -1;

	if (name) {
		memcpy(name + 1, PROGRAM, sizeof(PROGRAM));
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	return fd >= 0 ? fd : open(ROOKERY_LIBEXEC_DIR "/" PROGRAM, O_RDONLY | O_CLOEXEC);
}

/* ---- filling it -------------------------------------------------------- */

/* Adds each part of a text with colons to a list of folders that has room. */
static int add_folders(
	struct arena *arena, const char *text, const char **folders, size_t *n)
{
	while (text && *text) {
		size_t size = strcspn(text, ":");

		if (size > 0) {
			folders[*n] = arena_copy_text(arena, text, size);
			if (!folders[(*n)++])
				return -ENOMEM;
		}
		text += size + (text[size] == ':');
	}
	return 0;
}

static size_t count_parts(const char *text)
{
	size_t n = 1;

	for (; text && *text; text++)
		n += *text == ':';
	return n;
}

static int find_plugins(struct agent_catalogue *catalogue, const char *given)
{
	const char *environment = getenv("ROOKERY_PLUGIN_PATH");
	size_t n = 0, room = count_parts(given) + count_parts(environment) + 2;
	const char **folders = arena_take(&catalogue->arena, room * sizeof(*folders));

	if (!folders || add_folders(&catalogue->arena, given, folders, &n) < 0 ||
		add_folders(&catalogue->arena, environment, folders, &n) < 0)
		return -ENOMEM;
	folders[n] = ROOKERY_PLUGIN_DIR;
	catalogue->objects = objects_create(folders);
	catalogue->plugins = plugins_create(folders, catalogue->program);
	if (!catalogue->objects || !catalogue->plugins)
		return -ENOMEM;
	catalogue->catalogue.plugins = plugins_names(catalogue->plugins);
	return catalogue->catalogue.plugins ? 0 : -ENOMEM;
}

/* The names of the formats that a transport can carry (NULL: all); NULL: no memory. */
static const char **name_formats(
	struct agent_catalogue *catalogue, const struct transport *transport)
{
	const char **names =
		arena_take(&catalogue->arena, (n_encoder_types + 1) * sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; names && i < n_encoder_types; i++) {
		if (!transport || transport_carries(transport, encoder_types[i]))
			names[n++] = encoder_types[i]->name;
	}
	return names;
}

static int list_transports(struct agent_catalogue *catalogue)
{
	struct sink_type *types =
		arena_take(&catalogue->arena, n_transports * sizeof(*types));

	if (!types)
		return -ENOMEM;
	for (size_t i = 0; i < n_transports; i++) {
		const struct transport *transport = transports[i];
		int r = option_set_copy(&catalogue->arena, transport->options,
			sizeof(*transport->options), transport->n_options,
			&types[i].options);

		if (r < 0)
			return r;
		types[i].name = transport->name;
		types[i].summary = transport->summary;
		types[i].check = transport->check;
		types[i].formats = name_formats(catalogue, transport);
		if (!types[i].formats)
			return -ENOMEM;
	}
	catalogue->catalogue.sink_types = types;
	catalogue->catalogue.n_sink_types = n_transports;
	return 0;
}

/* Those that have options. */
static int describe_formats(struct agent_catalogue *catalogue)
{
	struct format_type *types =
		arena_take(&catalogue->arena, n_encoder_types * sizeof(*types));
	size_t n = 0;

	if (!types)
		return -ENOMEM;
	for (size_t i = 0; i < n_encoder_types; i++) {
		const struct encoder_type *type = encoder_types[i];
		int r;

		if (type->n_options == 0)
			continue;
		r = option_set_copy(&catalogue->arena, type->options,
			sizeof(*type->options), type->n_options, &types[n].options);
		if (r < 0)
			return r;
		types[n++].name = type->name;
	}
	catalogue->catalogue.format_types = types;
	catalogue->catalogue.n_format_types = n;
	return 0;
}

static int list_formats(struct agent_catalogue *catalogue)
{
	catalogue->catalogue.formats = name_formats(catalogue, NULL);
	return catalogue->catalogue.formats ? describe_formats(catalogue) : -ENOMEM;
}

int catalogue_init(struct agent_catalogue *catalogue, const char *given)
{
	int r;

	*catalogue = (struct agent_catalogue){
		.catalogue = { .plugin = find_plugin, .check = check_plugin },
		.program = open_program(),
	};
	r = find_plugins(catalogue, given);
	if (r == 0)
		r = list_transports(catalogue);
	if (r == 0)
		r = list_formats(catalogue);
	if (r < 0)
		catalogue_finish(catalogue);
	return r;
}

void catalogue_rest(struct agent_catalogue *catalogue)
{
	plugins_rest(catalogue->plugins);
}

void catalogue_finish(struct agent_catalogue *catalogue)
{
	plugins_destroy(catalogue->plugins);
	objects_destroy(catalogue->objects);
	if (catalogue->program >= 0)
		close(catalogue->program);
	arena_finish(&catalogue->arena);
	*catalogue = (struct agent_catalogue){ .program = -1 };
}
