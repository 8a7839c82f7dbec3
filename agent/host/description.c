/* SPDX-License-Identifier: Apache-2.0 */
#include "description.h"

#include "base/macros.h"
#include "base/text.h"
#include "base/units.h"
#include "metric.h"
#include "model/series.h"
#include "model/value.h"

#include <errno.h>
#include <string.h>

#define MAX_OPTIONS 256
#define KNOWN_FLAGS (RK_STREAM | RK_BLOCKING)
#define KNOWN_NEEDS                                                                      \
	(RK_NEED_NET | RK_NEED_UNIX | RK_NEED_RAW | RK_NEED_EXEC | RK_NEED_FILES |       \
		RK_NEED_WRITE)
#define KNOWN_OPTION_FLAGS (RK_REQUIRED | RK_DEPRECATED | RK_PATH_READ | RK_PATH_WRITE)

static const size_t field_sizes[] = {
	[RK_TYPE_BOOL] = sizeof(bool),
	[RK_TYPE_INT] = sizeof(int64_t),
	[RK_TYPE_REAL] = sizeof(double),
	[RK_TYPE_DECIMAL] = sizeof(struct rk_number),
	[RK_TYPE_STRING] = sizeof(const char *),
	[RK_TYPE_DURATION] = sizeof(struct rk_duration),
	[RK_TYPE_TIME] = sizeof(struct rk_time),
	[RK_TYPE_SIZE] = sizeof(struct rk_size),
	[RK_TYPE_CHOICE] = sizeof(struct rk_choice),
	[RK_TYPE_SECRET] = sizeof(struct rk_secret),
	[RK_TYPE_LIST] = sizeof(struct rk_list),
	[RK_TYPE_MAP] = sizeof(struct rk_map),
	[RK_TYPE_TABLE] = sizeof(struct rk_table),
	[RK_TYPE_GROUP] = 0,
};

/* The reader of one plugin's tables: what is wrong goes to why. */
struct inspection {
	const struct rk_plugin *plugin;
	struct description *description;
	struct buffer *why;
};

#define REFUSE(inspection, ...)                                                          \
	(buffer_append_format((inspection)->why, __VA_ARGS__), -EINVAL)

/* ---- options ----------------------------------------------------------- */

/* One option at any depth of nesting, as the plugin states it. */
static struct rk_option option_at(const struct rk_columns *columns, size_t i)
{
	struct rk_option option = { 0 };
	size_t size = MIN(columns->option_size, sizeof(option));

	memcpy(&option, (const char *)columns->options + i * columns->option_size, size);
	return option;
}

static int check_option_type(
	struct inspection *inspection, const struct rk_option *option, size_t struct_size)
{
	bool nests = option->type == RK_TYPE_GROUP || option->type == RK_TYPE_TABLE;
	size_t size;

	if (option->type >= LENGTH(field_sizes))
		return REFUSE(inspection,
			"option '%s' is of type %u, which this agent does not know",
			option->name, option->type);
	if (option->flags & ~KNOWN_OPTION_FLAGS)
		return REFUSE(inspection,
			"option '%s' has flags 0x%x, which this agent does not know",
			option->name, option->flags & ~KNOWN_OPTION_FLAGS);
	if (nests != (option->columns != NULL))
		return REFUSE(inspection,
			"option '%s' must have columns where it is a table or a group",
			option->name);
	if ((option->type == RK_TYPE_CHOICE) != (option->choices != NULL))
		return REFUSE(inspection, "option '%s' must have choices where it is one",
			option->name);
	size = option->type == RK_TYPE_GROUP ? option->columns->row_size
					     : field_sizes[option->type];
	if (option->offset > struct_size || size > struct_size - option->offset)
		return REFUSE(inspection,
			"option '%s' lies beyond its struct of %zu bytes", option->name,
			struct_size);
	return 0;
}

static int check_columns(struct inspection *inspection, const struct rk_columns *columns,
	size_t struct_size, int depth)
{
	if (columns->n_options > MAX_OPTIONS ||
		columns->option_size < FIRST_OPTION_SIZE || depth > OPTION_MAX_DEPTH)
		return REFUSE(
			inspection, "a table of options is damaged or nests too deep");
	for (size_t i = 0; i < columns->n_options; i++) {
		struct rk_option option = option_at(columns, i);
		int r;

		if (!option.name || !text_is_name(option.name, SERIES_MAX_NAME, ""))
			return REFUSE(inspection, "option %zu has no proper name: '%s'",
				i + 1, option.name ? option.name : "");
		if (!option.help)
			return REFUSE(inspection, "option '%s' has no help", option.name);
		r = check_option_type(inspection, &option, struct_size);
		if (r < 0)
			return r;
		if (!option.columns)
			continue;
		r = check_columns(
			inspection, option.columns, option.columns->row_size, depth + 1);
		if (r < 0)
			return r;
	}
	return 0;
}

static bool is_scalar(uint32_t type)
{
	return type != RK_TYPE_LIST && type != RK_TYPE_MAP && type != RK_TYPE_TABLE &&
	       type != RK_TYPE_GROUP;
}

/* Presets and ranges must be what the option's type wants. */
static int check_presets(struct inspection *inspection, const struct option_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct option *option = &set->items[i];
		struct value value = { 0 };
		int r;

		for (size_t k = 0; k < i; k++) {
			if (text_equal(set->items[k].name, option->name))
				return REFUSE(inspection, "option '%s' is there twice",
					option->name);
		}
		if (option->preset && is_scalar(option->type)) {
			size_t before = inspection->why->size;

			r = value_from_text(&inspection->description->arena, option,
				option->preset, strlen(option->preset), &value,
				inspection->why);
			if (r == 0)
				r = value_check_range(option, &value, inspection->why);
			if (r < 0) {
				buffer_cut(inspection->why, before);
				return REFUSE(inspection,
					"the preset '%s' of option '%s' does not fit it",
					option->preset, option->name);
			}
		}
		r = check_presets(inspection, &option->columns);
		if (r < 0)
			return r;
	}
	return 0;
}

static int read_options(struct inspection *inspection)
{
	const struct rk_plugin *plugin = inspection->plugin;
	struct description *description = inspection->description;
	struct rk_columns columns = {
		.option_size = plugin->option_size,
		.options = plugin->options,
		.n_options = plugin->n_options,
	};
	int r;

	if (plugin->n_options == 0)
		return 0;
	r = check_columns(inspection, &columns, plugin->state_size, 1);
	if (r == 0)
		r = option_set_copy(&description->arena, plugin->options,
			plugin->option_size, plugin->n_options, &description->options);
	return r < 0 ? r : check_presets(inspection, &description->options);
}

/* ---- metrics ----------------------------------------------------------- */

static int read_metric(struct inspection *inspection, struct metric *metrics, size_t i)
{
	const struct rk_plugin *plugin = inspection->plugin;
	struct rk_metric metric = { 0 };
	int r;

	memcpy(&metric, (const char *)plugin->metrics + i * plugin->metric_size,
		MIN(plugin->metric_size, sizeof(metric)));
	r = metric_check(&metric, inspection->why);
	if (r < 0)
		return r;
	for (size_t k = 0; k < i; k++) {
		if (text_equal(metrics[k].name, metric.name))
			return REFUSE(
				inspection, "metric '%s' is there twice", metric.name);
	}
	return metric_copy(&inspection->description->arena, &metric, &metrics[i]);
}

static int read_metrics(struct inspection *inspection)
{
	const struct rk_plugin *plugin = inspection->plugin;
	struct description *description = inspection->description;
	struct metric *metrics;

	if (plugin->n_metrics == 0)
		return 0;
	if (plugin->n_metrics > MAX_METRICS || plugin->metric_size < FIRST_METRIC_SIZE ||
		!plugin->metrics)
		return REFUSE(inspection, "its table of metrics is damaged");
	metrics = arena_take(&description->arena, plugin->n_metrics * sizeof(*metrics));
	if (!metrics)
		return -ENOMEM;
	for (size_t i = 0; i < plugin->n_metrics; i++) {
		int r = read_metric(inspection, metrics, i);

		if (r < 0)
			return r;
	}
	description->metrics = metrics;
	description->n_metrics = plugin->n_metrics;
	return 0;
}

/* ---- the rest ---------------------------------------------------------- */

static int check_plugin(struct inspection *inspection)
{
	const struct rk_plugin *plugin = inspection->plugin;
	int64_t ns;

	if (!plugin->name || !text_is_name(plugin->name, SERIES_MAX_NAME, ""))
		return REFUSE(inspection, "it has no proper name: '%s'",
			plugin->name ? plugin->name : "");
	if (!plugin->summary || !plugin->version || !plugin->collect)
		return REFUSE(inspection, "it lacks a summary, a version or collect");
	if (plugin->flags & ~KNOWN_FLAGS)
		return REFUSE(inspection,
			"it has flags 0x%x, which this agent does not know",
			plugin->flags & ~KNOWN_FLAGS);
	if (plugin->needs & ~KNOWN_NEEDS)
		return REFUSE(inspection,
			"it has needs 0x%x, which this agent does not know",
			plugin->needs & ~KNOWN_NEEDS);
	if ((plugin->flags & RK_STREAM) && (plugin->flags & RK_BLOCKING))
		return REFUSE(inspection, "RK_BLOCKING does not go with RK_STREAM");
	if (plugin->interval &&
		duration_from_text(plugin->interval, strlen(plugin->interval), &ns) < 0)
		return REFUSE(
			inspection, "its interval '%s' is no duration", plugin->interval);
	if (plugin->timeout &&
		duration_from_text(plugin->timeout, strlen(plugin->timeout), &ns) < 0)
		return REFUSE(
			inspection, "its timeout '%s' is no duration", plugin->timeout);
	return 0;
}

static const char *copy_text(struct description *description, const char *text)
{
	return text ? arena_copy_text(&description->arena, text, strlen(text)) : NULL;
}

int description_read(const struct rk_plugin *plugin, struct description *ret_description,
	struct buffer *why)
{
	struct inspection inspection = { plugin, ret_description, why };
	int r = check_plugin(&inspection);

	if (r < 0)
		return r;
	ret_description->name = copy_text(ret_description, plugin->name);
	ret_description->summary = copy_text(ret_description, plugin->summary);
	ret_description->version = copy_text(ret_description, plugin->version);
	ret_description->interval = copy_text(ret_description, plugin->interval);
	ret_description->timeout = copy_text(ret_description, plugin->timeout);
	ret_description->flags = plugin->flags;
	ret_description->needs = plugin->needs;
	if (!ret_description->name || !ret_description->summary ||
		!ret_description->version)
		return -ENOMEM;
	r = read_options(&inspection);
	return r < 0 ? r : read_metrics(&inspection);
}
