/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_host_series.h"

#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LABELS = 32, MOST_NAME = 64, MOST_VALUE = 1024 };

bool fake_name_is_valid(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= MOST_NAME && name[0] >= 'a' && name[0] <= 'z' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.") == n;
}

/* Enough to find bytes of another character set: no stray or missing continuation. */
static bool is_utf8(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at) {
		int more = *at < 0x80                  ? 0
			   : *at >= 0xc2 && *at < 0xe0 ? 1
			   : *at >= 0xe0 && *at < 0xf0 ? 2
			   : *at >= 0xf0 && *at < 0xf5 ? 3
						       : -1;

		if (more < 0)
			return false;
		for (at++; more > 0; more--, at++) {
			if ((*at & 0xc0) != 0x80)
				return false;
		}
	}
	return true;
}

static bool is_declared(const struct rk_metric *metric, const char *name)
{
	if (strcmp(name, "tenant") == 0)
		return true;
	for (size_t i = 0; metric->labels[i]; i++) {
		if (strcmp(metric->labels[i], name) == 0)
			return true;
	}
	return false;
}

static bool label_is_good(struct fake_host *fake, const struct rk_metric *metric,
	const struct rk_label *label)
{
	if (!label->name || !label->value || !fake_name_is_valid(label->name))
		fake_host_breach(fake, "%s: a label without a valid name", metric->name);
	else if (!is_declared(metric, label->name))
		fake_host_breach(fake, "%s: label '%s' is not declared", metric->name,
			label->name);
	else if (strlen(label->value) > MOST_VALUE)
		fake_host_breach(fake, "%s: '%s' is too long", metric->name, label->name);
	else if (!is_utf8(label->value))
		fake_host_breach(fake, "%s: '%s' is no UTF-8", metric->name, label->name);
	else
		return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	const struct rk_label *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* "name{a=b,c=d}" with sorted labels; NULL where they break a rule. */
static char *describe(struct fake_host *fake, const struct rk_metric *metric,
	const struct rk_label *labels, size_t n)
{
	struct rk_label sorted[MOST_LABELS];
	char *text = NULL;
	bool first = true;

	if (n > MOST_LABELS) {
		fake_host_breach(fake, "%s: %zu labels", metric->name, n);
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if (!label_is_good(fake, metric, &labels[i]))
			return NULL;
		sorted[i] = labels[i];
	}
	if (n > 0)
		qsort(sorted, n, sizeof(*sorted), by_name);
	fake_host_append(&text, "%s", metric->name);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(sorted[i].name, sorted[i - 1].name) == 0)
			fake_host_breach(fake, "%s: label '%s' twice", metric->name,
				sorted[i].name);
		if (sorted[i].value[0] == '\0')
			continue;
		fake_host_append(&text, "%s%s=%s", first ? "{" : ",", sorted[i].name,
			sorted[i].value);
		first = false;
	}
	fake_host_append(&text, "%s", first ? "" : "}");
	return text;
}

size_t fake_series_index(const struct fake_host *fake, uint32_t number)
{
	return number < fake->n_numbers ? fake->by_number[number] : SIZE_MAX;
}

/* Numbers of forgotten series are given out again, as plugin.h says. */
static uint32_t free_number(struct fake_host *fake)
{
	uint32_t number = 0;

	while (number < fake->n_numbers && fake->by_number[number] != SIZE_MAX)
		number++;
	if (number < fake->n_numbers)
		return number;
	fake->by_number = realloc(
		fake->by_number, (fake->n_numbers + 1) * sizeof(*fake->by_number));
	assert_non_null(fake->by_number);
	return (uint32_t)fake->n_numbers++;
}

uint32_t fake_series_register(struct fake_host *fake, uint32_t metric,
	const struct rk_label *labels, size_t n_labels)
{
	struct fake_series *series;
	uint32_t number;
	char *text;

	if (metric >= fake->plugin->n_metrics) {
		fake_host_breach(fake, "there is no metric %u", metric);
		return RK_NO_SERIES;
	}
	text = describe(fake, &fake->plugin->metrics[metric], labels, n_labels);
	if (!text)
		return RK_NO_SERIES;
	for (size_t i = 0; i < fake->n_series; i++) {
		if (fake->series[i].live && strcmp(fake->series[i].text, text) == 0) {
			free(text);
			return fake->series[i].number;
		}
	}
	if (fake->plan.max_series > 0 && fake->n_live >= fake->plan.max_series) {
		free(text);
		return RK_NO_SERIES;
	}
	number = free_number(fake);
	series = realloc(fake->series, (fake->n_series + 1) * sizeof(*series));
	assert_non_null(series);
	fake->series = series;
	fake->by_number[number] = fake->n_series;
	series[fake->n_series++] = (struct fake_series){
		.text = text, .metric = metric, .number = number, .live = true
	};
	fake->n_live++;
	return number;
}

void fake_series_forget(struct fake_host *fake, uint32_t number)
{
	size_t i = fake_series_index(fake, number);

	if (i == SIZE_MAX) {
		fake_host_breach(fake, "series %u is forgotten and unknown", number);
		return;
	}
	fake->series[i].live = false;
	fake->by_number[number] = SIZE_MAX;
	fake->n_live--;
}

void fake_series_finish(struct fake_host *fake)
{
	for (size_t i = 0; i < fake->n_series; i++)
		free(fake->series[i].text);
	free(fake->series);
	free(fake->by_number);
}
