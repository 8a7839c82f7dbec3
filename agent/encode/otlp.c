/* SPDX-License-Identifier: Apache-2.0 */
#include "otlp.h"

#include <string.h>

static bool is_money(const struct series_view *series)
{
	return slice_equal(series->unit, slice_of("{currency}"));
}

enum otlp_data otlp_data(const struct series_view *series)
{
	return series->kind == RK_GAUGE ? OTLP_GAUGE : OTLP_SUM;
}

int otlp_temporality(const struct series_view *series)
{
	return series->kind == RK_DELTA ? 1 : 2;
}

bool otlp_is_monotonic(const struct series_view *series)
{
	return !is_money(series);
}

bool otlp_is_integer(const struct known_series *series, const struct rk_number *value)
{
	/* Amounts of money are whole by chance. */
	return value->form == RK_DECIMAL && value->scale == 0 && !is_money(&series->view);
}

int otlp_severity(uint32_t severity)
{
	/* SEVERITY_NUMBER_INFO, _WARN, _ERROR. */
	static const int numbers[] = { 9, 13, 17 };

	return severity < RK_LEN(numbers) ? numbers[severity] : 9;
}

const char *otlp_lowered(
	const struct known_series *series, const struct rk_sample *sample)
{
	if (sample->confidence == RK_AS_DECLARED ||
		sample->confidence == series->view.confidence)
		return NULL;
	return confidence_name(sample->confidence);
}

/* ---- attributes -------------------------------------------------------- */

void otlp_resource(struct tags *tags, const struct known_source *source)
{
	tags_add(tags, "service.name", slice_of("rookery"));
	tags_add(tags, "host.name", source->view.host);
	tags_add(tags, "rookery.collector", source->view.collector);
}

void otlp_point(struct tags *tags, const struct known_source *source,
	const struct known_series *series)
{
	const struct series_view *view = &series->view;

	tags_add(tags, "rookery.confidence", slice_of(confidence_name(view->confidence)));
	tags_add(tags, "rookery.tenant", encoder_tenant(source, series));
	tags_add_labels(tags, source, view->labels, view->n_labels);
	tags_sort(tags);
}

void otlp_event(struct tags *tags, const struct known_source *source,
	const struct event_view *event, const char *id)
{
	tags_add(tags, "rookery.id", (struct slice){ id, 32 });
	tags_add(tags, "rookery.key", event->key);
	tags_add(tags, "rookery.phase", slice_of(phase_name(event->phase)));
	tags_add(tags, "rookery.action", event->action);
	tags_add(tags, "rookery.tenant", source->view.tenant);
	tags_add_labels(tags, source, event->labels, event->n_labels);
	tags_sort(tags);
}

/* ---- groups ------------------------------------------------------------ */

void otlp_begin(struct encoder *encoder, struct buffer *to)
{
	(void)to;
	memset(encoder->groups, 0, sizeof(encoder->groups));
}

bool otlp_is_open(const struct encoder *encoder, const struct buffer *to,
	enum otlp_level level, struct slice bytes, int field)
{
	const struct open_group *group = &encoder->groups[level];

	return group->all == bytes.n && group->field == field &&
	       memcmp(to->data + group->at, bytes.at, bytes.n) == 0;
}

void otlp_open(struct encoder *encoder, struct buffer *to, enum otlp_level level,
	struct slice bytes, size_t outer)
{
	encoder->groups[level] =
		(struct open_group){ .at = to->size, .outer = outer, .all = bytes.n };
	buffer_append(to, bytes.at, bytes.n);
}

void *otlp_end_text(struct buffer *out, const void *head, size_t size)
{
	if (buffer_failed(out)) {
		buffer_finish(out);
		return NULL;
	}
	memcpy(out->data, head, size);
	return out->data;
}
