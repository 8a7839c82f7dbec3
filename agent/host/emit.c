/* SPDX-License-Identifier: Apache-2.0 */
/* rk_host.emit: samples into the open part. Every sample that the agent handles
 * comes through here, so it is kept short. */
#include "internal.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>

struct part *instance_open_part(struct instance *instance)
{
	struct rk_run *run = &instance->run;

	if (!run->part) {
		run->part = part_create(run->part_began_ns);
		instance->mark++;
	}
	return run->part;
}

/* Bytes that the definitions of series without samples in this part may take, each
 * series once. */
static size_t new_definitions_size(
	struct instance *instance, const struct rk_sample *samples, size_t n)
{
	uint32_t count = ++instance->count;
	size_t size = 0;

	for (size_t i = 0; i < n; i++) {
		struct series_entry *entry =
			series_table_at(&instance->series, samples[i].series);

		if (!entry || entry->is_dropped || entry->mark == instance->mark ||
			entry->counted == count)
			continue;
		entry->counted = count;
		size += entry->size + 2 * (size_t)VARINT_MAX_SIZE;
	}
	return size;
}

static bool number_is_sound(struct instance *instance, const struct rk_sample *sample,
	const struct series_entry *entry)
{
	const struct rk_number *value = &sample->value;
	bool sound = value->form == RK_REAL
			     ? isfinite(value->real)
			     : value->form == RK_DECIMAL && value->scale <= 18;

	if (!sound)
		instance_misused(instance, MISUSE_NUMBER,
			"a sample of metric '%s' is no finite number: such samples are "
			"left out",
			instance_metric(instance, entry->metric)->name);
	return sound;
}

static bool time_is_sound(struct instance *instance, const struct rk_sample *sample,
	const struct series_entry *entry)
{
	bool sound = sample->start_ns == 0 || sample->start_ns < sample->time_ns;

	if (!sound)
		instance_misused(instance, MISUSE_TIME,
			"a sample of metric '%s' does not start before its time: such "
			"samples are left out",
			instance_metric(instance, entry->metric)->name);
	return sound;
}

/* A sample may lower what its metric declares, never raise it. */
static uint16_t confidence_of(struct instance *instance, const struct rk_sample *sample,
	const struct series_entry *entry)
{
	const struct metric *metric = instance_metric(instance, entry->metric);

	if (sample->confidence == RK_AS_DECLARED ||
		sample->confidence == metric->confidence)
		return RK_AS_DECLARED;
	if (sample->confidence > metric->confidence &&
		sample->confidence <= RK_DIRECTIONAL)
		return sample->confidence;
	instance_misused(instance, MISUSE_CONFIDENCE,
		"a sample of metric '%s' claims another confidence than a lower one: it "
		"keeps the declared",
		metric->name);
	return RK_AS_DECLARED;
}

/* The first sample of a series in this part brings its definition, where the
 * reader does not know it yet. */
static int use_series(struct instance *instance, struct part *part, uint32_t number,
	struct series_entry *entry)
{
	int r;

	if (entry->mark == instance->mark)
		return 0;
	r = part_use_series(part, number, entry->size + 2 * (size_t)VARINT_MAX_SIZE);
	if (r < 0)
		return r;
	entry->mark = instance->mark;
	if (!entry->known)
		part_define(part, number, (struct slice){ entry->packed, entry->size });
	entry->known = true;
	return 0;
}

static int add_sample(
	struct instance *instance, struct part *part, const struct rk_sample *given)
{
	struct series_entry *entry = series_table_at(&instance->series, given->series);
	struct rk_sample sample = *given;
	int r;

	if (!entry) {
		/* RK_NO_SERIES was told of when it was given out. */
		if (given->series == RK_NO_SERIES)
			instance->misuses[MISUSE_SERIES_LIMIT]++;
		else
			instance_misused(instance, MISUSE_SERIES_NUMBER,
				"series %u is not registered: its samples are left out",
				given->series);
		return 0;
	}
	if (entry->is_dropped)
		return 0;
	if (sample.time_ns == 0)
		sample.time_ns = part->base_ns;
	if (!number_is_sound(instance, &sample, entry) ||
		!time_is_sound(instance, &sample, entry))
		return 0;
	sample.confidence = confidence_of(instance, &sample, entry);
	r = use_series(instance, part, given->series, entry);
	if (r == 0)
		part_add_sample(part, &sample);
	return r;
}

int instance_check_run(struct rk_run *run)
{
	if (!run->open) {
		instance_misused(run->instance, MISUSE_LATE_EMIT,
			"emits behind the end of its run: ignored");
		return -ECANCELED;
	}
	if (atomic_load(&run->cancelled)) {
		run->refused = true;
		return -ECANCELED;
	}
	return 0;
}

static int emit_locked(struct rk_run *run, const struct rk_sample *samples, size_t n)
{
	struct instance *instance = run->instance;
	struct part *part;
	int r = instance_check_run(run);

	if (r < 0)
		return r;
	part = instance_open_part(instance);
	if (!part)
		return -ENOMEM;
	if (!part_has_room(part, n, new_definitions_size(instance, samples, n)))
		return -E2BIG;
	for (size_t i = 0; i < n; i++) {
		r = add_sample(instance, part, &samples[i]);
		if (r < 0)
			return r;
	}
	return part_failed(part) ? -ENOMEM : 0;
}

int instance_emit(struct rk_run *run, const struct rk_sample *samples, size_t n)
{
	int r;

	pthread_mutex_lock(&run->instance->lock);
	r = emit_locked(run, samples, n);
	pthread_mutex_unlock(&run->instance->lock);
	return r;
}
