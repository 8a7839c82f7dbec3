/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_host_tables.h"

#include "cases.h"
#include "fake_host_series.h"

#include <string.h>

static void check_sentence(const char *subject, const char *sentence)
{
	size_t n = sentence ? strlen(sentence) : 0;

	if (n < 10 || sentence[n - 1] != '.')
		fail_msg("'%s' is not explained in a sentence", subject);
}

static void check_options(
	const struct rk_option *options, size_t n, size_t row_size, int depth)
{
	assert_true(depth <= 4);
	for (size_t i = 0; i < n; i++) {
		const struct rk_option *option = &options[i];

		if (!option->name || !fake_name_is_valid(option->name) ||
			strchr(option->name, '.'))
			fail_msg("option %zu has no valid name", i);
		check_sentence(option->name, option->help);
		if (option->offset >= row_size)
			fail_msg("option '%s' is outside its struct", option->name);
		if (option->type == RK_TYPE_CHOICE && !option->choices)
			fail_msg("option '%s' has no choices", option->name);
		if (option->type == RK_TYPE_GROUP || option->type == RK_TYPE_TABLE)
			check_options(option->columns->options,
				option->columns->n_options, option->columns->row_size,
				depth + 1);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(options[k].name, option->name);
	}
}

static void check_metrics(const struct rk_plugin *plugin)
{
	for (size_t i = 0; i < plugin->n_metrics; i++) {
		const struct rk_metric *metric = &plugin->metrics[i];

		if (!metric->name || !fake_name_is_valid(metric->name))
			fail_msg("metric %zu has no valid name", i);
		check_sentence(metric->name, metric->help);
		if (!metric->unit || !metric->unit[0] || metric->kind > RK_CUMULATIVE ||
			metric->confidence < RK_EXACT ||
			metric->confidence > RK_DIRECTIONAL)
			fail_msg("metric '%s' has no unit, kind or confidence",
				metric->name);
		for (size_t k = 0; metric->labels[k]; k++) {
			if (!fake_name_is_valid(metric->labels[k]))
				fail_msg("'%s' is no label", metric->labels[k]);
		}
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(plugin->metrics[k].name, metric->name);
	}
}

void fake_tables_check(const struct rk_plugin *plugin)
{
	assert_int_equal(plugin->abi, RK_ABI);
	assert_int_equal(plugin->size, sizeof(struct rk_plugin));
	assert_int_equal(plugin->option_size, sizeof(struct rk_option));
	assert_int_equal(plugin->metric_size, sizeof(struct rk_metric));
	check_sentence(plugin->name, plugin->summary);
	assert_non_null(plugin->version);
	check_options(plugin->options, plugin->n_options, plugin->state_size, 1);
	check_metrics(plugin);
}
