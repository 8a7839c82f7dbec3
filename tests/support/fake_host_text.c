/* SPDX-License-Identifier: Apache-2.0 */
/* What a fake host was told, as text that can be read and compared. */
#include "cases.h"
#include "fake_host.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 4096, NUMBER_SIZE = 48 };

#define NS_PER_SECOND INT64_C(1000000000)

static const char *const kinds[] = { "gauge", "delta", "cumulative" };
static const char *const confidences[] = { "as declared", "exact", "approximate",
	"directional" };

static uint64_t power_of_ten(uint32_t n)
{
	uint64_t power = 1;

	while (n-- > 0)
		power *= 10;
	return power;
}

static void write_decimal(char to[NUMBER_SIZE], int64_t digits, uint32_t scale)
{
	uint64_t magnitude = digits < 0 ? -(uint64_t)digits : (uint64_t)digits;
	uint64_t power = power_of_ten(scale);

	if (scale == 0)
		snprintf(to, NUMBER_SIZE, "%" PRId64, digits);
	else
		snprintf(to, NUMBER_SIZE, "%s%" PRIu64 ".%0*" PRIu64,
			digits < 0 ? "-" : "", magnitude / power, (int)scale,
			magnitude % power);
}

static void write_number(char to[NUMBER_SIZE], const struct rk_number *number)
{
	if (number->form == RK_DECIMAL)
		write_decimal(to, number->digits, number->scale);
	else
		snprintf(to, NUMBER_SIZE, "%.17g", number->real);
}

static void write_line(
	char to[LINE_SIZE], const struct fake_host *fake, const struct fake_sample *kept)
{
	const struct fake_series *series = &fake->series[kept->series];
	const struct rk_metric *metric = &fake->plugin->metrics[series->metric];
	const struct rk_sample *sample = &kept->sample;
	char number[NUMBER_SIZE];
	int n;

	write_number(number, &sample->value);
	n = snprintf(to, LINE_SIZE, "%s %s %s %s %s", series->text, number, metric->unit,
		kinds[metric->kind],
		confidences[sample->confidence ? sample->confidence
					       : metric->confidence]);
	if (sample->start_ns)
		n += snprintf(to + n, LINE_SIZE - (size_t)n, " start=%" PRId64,
			sample->start_ns / NS_PER_SECOND);
	if (sample->time_ns && sample->time_ns != fake->plan.now_ns)
		snprintf(to + n, LINE_SIZE - (size_t)n, " time=%" PRId64,
			sample->time_ns / NS_PER_SECOND);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *fake_host_text(const struct fake_host *fake)
{
	char **lines = calloc(fake->n_samples + 1, sizeof(*lines));
	char *text, *at;
	size_t size = 1;

	assert_non_null(lines);
	for (size_t i = 0; i < fake->n_samples; i++) {
		char line[LINE_SIZE];

		write_line(line, fake, &fake->samples[i]);
		lines[i] = strdup(line);
		size += strlen(line) + 1;
	}
	qsort(lines, fake->n_samples, sizeof(*lines), by_text);
	at = text = malloc(size);
	assert_non_null(text);
	for (size_t i = 0; i < fake->n_samples; i++) {
		at = stpcpy(at, lines[i]);
		*at++ = '\n';
		free(lines[i]);
	}
	*at = '\0';
	free(lines);
	return text;
}

const struct rk_sample *fake_host_find(const struct fake_host *fake, const char *series)
{
	for (size_t i = 0; i < fake->n_samples; i++) {
		if (strcmp(fake->series[fake->samples[i].series].text, series) == 0)
			return &fake->samples[i].sample;
	}
	return NULL;
}

size_t fake_host_count_log(const struct fake_host *fake, const char *text)
{
	size_t n = 0;
	const char *line = fake->log;

	while (*line) {
		const char *end = strchr(line, '\n');

		n += memmem(line, (size_t)(end - line), text, strlen(text)) != NULL;
		line = end + 1;
	}
	return n;
}
