/* SPDX-License-Identifier: Apache-2.0 */
#include "wire_part.h"

#include "base/cleanup.h"
#include "base/macros.h"
#include "base/text.h"
#include "base/utf8.h"
#include "model/frame.h"
#include "wire.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int part_inspector_init(struct part_inspector *inspector, const struct state *state,
	const struct rk_list *tenants)
{
	*inspector = (struct part_inspector){ .tenants = *tenants };
	return state ? state_copy(&inspector->state, state) : 0;
}

void part_inspector_finish(struct part_inspector *inspector)
{
	free(inspector->sizes);
	free(inspector->marks);
	state_finish(&inspector->state);
}

static struct slice slice_of_buffer(const struct buffer *buffer)
{
	return (struct slice){ (const char *)buffer->data, buffer->size };
}

void wire_put_part(struct buffer *to, uint32_t number, const struct part *part)
{
	size_t begin = wire_begin(to, WIRE_PART);

	pack_unsigned(to, number);
	pack_signed(to, part->base_ns);
	pack_unsigned(to, part->n_samples);
	pack_unsigned(to, part->n_events);
	pack_slice(to, slice_of_buffer(&part->definitions));
	pack_slice(to, slice_of_buffer(&part->samples));
	pack_slice(to, slice_of_buffer(&part->events));
	pack_slice(to, slice_of_buffer(&part->state));
	wire_end(to, begin);
}

/* ---- what is believed -------------------------------------------------- */

#define REFUSE(why, ...) (buffer_append_format(why, __VA_ARGS__), -EBADMSG)

static bool text_is_sound(struct slice text, size_t most)
{
	return text.n <= most && !memchr(text.at, '\0', text.n) &&
	       utf8_valid_prefix(text.at, text.n) == text.n;
}

static bool name_is_sound(struct slice name, size_t most)
{
	char text[EVENT_MAX_KEY + 1];

	if (name.n == 0 || name.n > most || memchr(name.at, '\0', name.n))
		return false;
	memcpy(text, name.at, name.n);
	text[name.n] = '\0';
	return text_is_name(text, most, ".");
}

/* Sorted, each once, with a value. */
static bool labels_are_sound(const struct label *labels, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!name_is_sound(labels[i].name, SERIES_MAX_NAME) ||
			labels[i].value.n == 0 ||
			!text_is_sound(labels[i].value, SERIES_MAX_LABEL_VALUE))
			return false;
	}
	for (size_t i = 1; i < n; i++) {
		size_t shorter = MIN(labels[i - 1].name.n, labels[i].name.n);
		int order = memcmp(labels[i - 1].name.at, labels[i].name.at, shorter);

		if (order > 0 || (order == 0 && labels[i - 1].name.n >= labels[i].name.n))
			return false;
	}
	return true;
}

static bool tenant_is_allowed(const struct rk_list *tenants, struct slice tenant)
{
	for (size_t i = 0; i < tenants->n; i++) {
		if (text_equal(tenants->items[i], "*") ||
			slice_equal(slice_of(tenants->items[i]), tenant))
			return true;
	}
	return tenant.n == 0;
}

static int check_series(
	const struct part_inspector *inspector, struct slice packed, struct buffer *why)
{
	struct series_view view;

	if (series_unpack(packed.at, packed.n, &view) < 0 ||
		!name_is_sound(view.metric, SERIES_MAX_NAME) || view.unit.n == 0 ||
		!text_is_sound(view.unit, SERIES_MAX_NAME) ||
		view.confidence == RK_AS_DECLARED ||
		!labels_are_sound(view.labels, view.n_labels))
		return REFUSE(why, "a series that no host makes");
	if (!text_is_sound(view.tenant, SERIES_MAX_LABEL_VALUE) ||
		!tenant_is_allowed(&inspector->tenants, view.tenant))
		return REFUSE(why, "a tenant that is not among the collector's");
	return 0;
}

/* Room for a number; it doubles, so that numbers that grow one by one cost little. */
static int reserve_number(struct part_inspector *inspector, uint32_t number)
{
	size_t n = inspector->n ? inspector->n : 64;
	uint32_t *sizes, *marks;

	if (number < inspector->n)
		return 0;
	while (n <= number)
		n *= 2;
	sizes = realloc(inspector->sizes, n * sizeof(*sizes));
	if (!sizes)
		return -ENOMEM;
	inspector->sizes = sizes;
	marks = realloc(inspector->marks, n * sizeof(*marks));
	if (!marks)
		return -ENOMEM;
	inspector->marks = marks;
	memset(sizes + inspector->n, 0, (n - inspector->n) * sizeof(*sizes));
	memset(marks + inspector->n, 0, (n - inspector->n) * sizeof(*marks));
	inspector->n = n;
	return 0;
}

static int check_definitions(
	struct part_inspector *inspector, struct slice definitions, struct buffer *why)
{
	struct unpack from = unpack_start(definitions.at, definitions.n);
	struct slice packed;
	uint32_t number;

	while (frame_next_definition(&from, &number, &packed)) {
		int r = number < SERIES_MAX_NUMBER ? check_series(inspector, packed, why)
						   : REFUSE(why, "series %u", number);

		if (r == 0)
			r = reserve_number(inspector, number);
		if (r < 0)
			return r;
		inspector->sizes[number] = (uint32_t)packed.n;
	}
	return from.failed ? REFUSE(why, "definitions that are none") : 0;
}

static int use_series(
	struct part_inspector *inspector, struct part *part, uint32_t number)
{
	if (inspector->marks[number] == inspector->mark)
		return 0;
	inspector->marks[number] = inspector->mark;
	return part_use_series(
		part, number, inspector->sizes[number] + 2 * (size_t)VARINT_MAX_SIZE);
}

static int check_samples(struct part_inspector *inspector, struct part *part,
	struct slice samples, struct buffer *why)
{
	struct unpack from = unpack_start(samples.at, samples.n);
	struct rk_sample sample;
	int r = 0;

	inspector->mark++;
	for (uint32_t i = 0; i < part->n_samples && r == 0; i++) {
		sample_unpack(&part->codec, &from, &sample);
		if (from.failed ||
			(sample.start_ns != 0 && sample.start_ns >= sample.time_ns))
			return REFUSE(why, "samples that are none");
		if (sample.series >= inspector->n || !inspector->sizes[sample.series])
			return REFUSE(why, "a sample of series %u, which it never told",
				sample.series);
		r = use_series(inspector, part, sample.series);
	}
	if (r == 0 && from.at != from.end)
		return REFUSE(why, "more samples than it says");
	return r;
}

static int check_events(const struct part *part, struct slice events, struct buffer *why)
{
	struct unpack from = unpack_start(events.at, events.n);
	struct event_view view;

	for (uint32_t i = 0; i < part->n_events; i++) {
		event_unpack(&from, &view);
		if (from.failed || !name_is_sound(view.type, EVENT_MAX_KEY) ||
			!text_is_sound(view.key, EVENT_MAX_KEY) || view.insight.n == 0 ||
			!text_is_sound(view.insight, EVENT_MAX_SENTENCE) ||
			!text_is_sound(view.action, EVENT_MAX_SENTENCE))
			return REFUSE(why, "events that are none");
		for (size_t k = 0; k < view.n_labels + view.n_details; k++) {
			const struct label *label =
				k < view.n_labels ? &view.labels[k]
						  : &view.details[k - view.n_labels];

			if (!text_is_sound(label->name, SERIES_MAX_NAME) ||
				!text_is_sound(label->value, SERIES_MAX_LABEL_VALUE))
				return REFUSE(why, "events that are none");
		}
	}
	return from.at == from.end ? 0 : REFUSE(why, "more events than it says");
}

static int check_state(
	struct part_inspector *inspector, struct slice operations, struct buffer *why)
{
	int r = state_apply(&inspector->state, operations);

	if (r == -ENOMEM)
		return r;
	return r < 0 ? REFUSE(why, "changes of its state that are none") : 0;
}

/* ---- a part ------------------------------------------------------------ */

struct part_sections {
	struct slice definitions, samples, events, state;
};

static int fill_part(struct part_inspector *inspector, struct part *part,
	const struct part_sections *sections, struct buffer *why)
{
	int r = check_definitions(inspector, sections->definitions, why);

	if (r == 0)
		r = check_samples(inspector, part, sections->samples, why);
	if (r == 0)
		r = check_events(part, sections->events, why);
	if (r == 0)
		r = check_state(inspector, sections->state, why);
	if (r < 0)
		return r;
	if (part->used_size + sections->samples.n + sections->events.n +
			sections->state.n >
		PART_MAX_SIZE)
		return REFUSE(why, "a part that is too large");
	buffer_append(
		&part->definitions, sections->definitions.at, sections->definitions.n);
	buffer_append(&part->samples, sections->samples.at, sections->samples.n);
	buffer_append(&part->events, sections->events.at, sections->events.n);
	buffer_append(&part->state, sections->state.at, sections->state.n);
	return part_failed(part) ? -ENOMEM : 0;
}

int wire_get_part(struct unpack *from, struct part_inspector *inspector,
	struct part **ret_part, struct buffer *why)
{
	struct part_sections sections;
	struct part *part = part_create(unpack_signed(from));
	size_t size;
	int r;

	if (!part)
		return -ENOMEM;
	part->n_samples = (uint32_t)unpack_up_to(from, PART_MAX_SAMPLES);
	part->n_events = (uint32_t)unpack_up_to(from, PART_MAX_SAMPLES);
	sections.definitions = unpack_slice(from);
	sections.samples = unpack_slice(from);
	sections.events = unpack_slice(from);
	sections.state = unpack_slice(from);
	size = sections.definitions.n + sections.samples.n + sections.events.n +
	       sections.state.n;
	if (from->failed || from->at != from->end || size > PART_MAX_SIZE)
		r = REFUSE(why, "a part that is none");
	else
		r = fill_part(inspector, part, &sections, why);
	if (r == 0 && part->n_samples == 0 && part->n_events == 0 &&
		part->state.size == 0)
		r = REFUSE(why, "an empty part");
	if (r < 0)
		part_destroy(part);
	else
		*ret_part = part;
	return r;
}
