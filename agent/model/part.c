/* SPDX-License-Identifier: Apache-2.0 */
#include "part.h"

#include <errno.h>
#include <stdlib.h>

struct part *part_create(int64_t base_ns)
{
	struct part *part = calloc(1, sizeof(*part));

	if (!part)
		return NULL;
	part->base_ns = base_ns;
	part->codec = sample_codec_start(base_ns);
	return part;
}

void part_destroy(struct part *part)
{
	if (!part)
		return;
	buffer_finish(&part->samples);
	buffer_finish(&part->events);
	buffer_finish(&part->state);
	buffer_finish(&part->definitions);
	free(part->used);
	free(part);
}

static size_t part_size(const struct part *part)
{
	return part->samples.size + part->events.size + part->state.size +
	       part->used_size;
}

bool part_has_room(const struct part *part, size_t n_samples, size_t definitions_size)
{
	if (n_samples > PART_MAX_SAMPLES - part->n_samples)
		return false;
	return part_size(part) + n_samples * SAMPLE_MAX_SIZE + definitions_size <=
	       PART_MAX_SIZE;
}

static size_t labels_size(const struct label *labels, size_t n)
{
	size_t size = VARINT_MAX_SIZE;

	for (size_t i = 0; i < n; i++)
		size += labels[i].name.n + labels[i].value.n +
			2 * (size_t)VARINT_MAX_SIZE;
	return size;
}

bool part_has_room_for_event(const struct part *part, const struct event_view *event)
{
	size_t size = event->type.n + event->key.n + event->insight.n + event->action.n +
		      labels_size(event->labels, event->n_labels) +
		      labels_size(event->details, event->n_details) +
		      8 * (size_t)VARINT_MAX_SIZE;

	return part->n_events < PART_MAX_SAMPLES &&
	       part_size(part) + size <= PART_MAX_SIZE;
}

bool part_has_room_for_state(const struct part *part, size_t size)
{
	return part_size(part) + size + 3 * (size_t)VARINT_MAX_SIZE <= PART_MAX_SIZE;
}

int part_use_series(struct part *part, uint32_t series, size_t packed_size)
{
	if (part->n_used == part->used_capacity) {
		size_t capacity = part->used_capacity ? 2 * part->used_capacity : 64;
		uint32_t *used = realloc(part->used, capacity * sizeof(*used));

		if (!used)
			return -ENOMEM;
		part->used = used;
		part->used_capacity = capacity;
	}
	part->used[part->n_used++] = series;
	part->used_size += packed_size;
	return 0;
}

void part_add_event(struct part *part, const struct event_view *event)
{
	event_pack(&part->events, event);
	part->n_events++;
}

void part_define(struct part *part, uint32_t series, struct slice packed)
{
	pack_unsigned(&part->definitions, series);
	pack_slice(&part->definitions, packed);
}

bool part_is_empty(const struct part *part)
{
	return part->n_samples == 0 && part->n_events == 0 && part->state.size == 0;
}

bool part_failed(const struct part *part)
{
	return buffer_failed(&part->samples) || buffer_failed(&part->events) ||
	       buffer_failed(&part->state) || buffer_failed(&part->definitions);
}
