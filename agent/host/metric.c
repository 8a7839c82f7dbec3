/* SPDX-License-Identifier: Apache-2.0 */
#include "metric.h"

#include "base/text.h"
#include "model/series.h"

#include <errno.h>
#include <string.h>

enum { MAX_HELP = 1024 };

#define REFUSE(why, ...) (buffer_append_format((why), __VA_ARGS__), -EINVAL)

static size_t count_texts(const char *const *texts)
{
	size_t n = 0;

	while (texts && texts[n])
		n++;
	return n;
}

static int check_labels(const struct rk_metric *metric, struct buffer *why)
{
	if (count_texts(metric->labels) > SERIES_MAX_LABELS)
		return REFUSE(why, "metric '%s' has more than %d labels", metric->name,
			SERIES_MAX_LABELS);
	for (size_t i = 0; metric->labels && metric->labels[i]; i++) {
		if (!text_is_name(metric->labels[i], SERIES_MAX_NAME, "."))
			return REFUSE(why, "label '%s' of metric '%s' is no proper name",
				metric->labels[i], metric->name);
	}
	return 0;
}

int metric_check(const struct rk_metric *metric, struct buffer *why)
{
	if (!metric->name || !text_is_name(metric->name, SERIES_MAX_NAME, "."))
		return REFUSE(why, "a metric has no proper name: '%s'",
			metric->name ? metric->name : "");
	if (!metric->unit || !*metric->unit || strlen(metric->unit) > SERIES_MAX_NAME)
		return REFUSE(why,
			"metric '%s' has no unit: write \"1\" for a plain number",
			metric->name);
	if (!metric->help)
		return REFUSE(why, "metric '%s' has no help", metric->name);
	if (strlen(metric->help) > MAX_HELP)
		return REFUSE(why, "the help of metric '%s' has more than %d bytes",
			metric->name, MAX_HELP);
	if (metric->kind > RK_CUMULATIVE)
		return REFUSE(why,
			"metric '%s' is of kind %u, which this agent does not know",
			metric->name, metric->kind);
	if (metric->confidence == RK_AS_DECLARED || metric->confidence > RK_DIRECTIONAL)
		return REFUSE(
			why, "metric '%s' must declare its confidence", metric->name);
	return check_labels(metric, why);
}

static const char *copy_text(struct arena *arena, const char *text)
{
	return arena_copy_text(arena, text, strlen(text));
}

int metric_copy(struct arena *arena, const struct rk_metric *from, struct metric *to)
{
	size_t n = count_texts(from->labels);
	const char **labels = arena_take(arena, (n + 1) * sizeof(*labels));

	to->name = copy_text(arena, from->name);
	to->unit = copy_text(arena, from->unit);
	to->help = copy_text(arena, from->help);
	to->kind = from->kind;
	to->confidence = from->confidence;
	if (!labels || !to->name || !to->unit || !to->help)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		labels[i] = copy_text(arena, from->labels[i]);
		if (!labels[i])
			return -ENOMEM;
	}
	to->labels = labels;
	to->n_labels = n;
	return 0;
}

bool metric_has_label(const struct metric *metric, const char *name)
{
	for (size_t i = 0; i < metric->n_labels; i++) {
		if (text_equal(metric->labels[i], name))
			return true;
	}
	return false;
}
