/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin's description as bytes. The child that read it from a foreign file may not
 * be its own master any more, so the agent checks again what it relies on. */
#include "transfer.h"

#include "base/arena.h"
#include "base/text.h"
#include "series.h"

#include <string.h>

#define MAX_SENTENCE 16384
#define MAX_OPTIONS  256
#define MAX_CHOICES  1000
#define MAX_METRICS  4096

/* ---- packing ----------------------------------------------------------- */

static void option_set_pack(struct buffer *to, const struct option_set *set);

static void option_pack(struct buffer *to, const struct option *option)
{
	pack_text(to, option->name);
	pack_unsigned(to, option->type);
	pack_unsigned(to, option->flags);
	pack_optional(to, option->preset);
	pack_optional(to, option->range);
	pack_optional(to, option->help);
	pack_unsigned(to, option->n_choices);
	for (size_t i = 0; i < option->n_choices; i++)
		pack_text(to, option->choices[i]);
	option_set_pack(to, &option->columns);
}

static void option_set_pack(struct buffer *to, const struct option_set *set)
{
	pack_unsigned(to, set->n);
	for (size_t i = 0; i < set->n; i++)
		option_pack(to, &set->items[i]);
}

static void metric_pack(struct buffer *to, const struct metric *metric)
{
	pack_text(to, metric->name);
	pack_text(to, metric->unit);
	pack_text(to, metric->help);
	pack_unsigned(to, metric->kind);
	pack_unsigned(to, metric->confidence);
	pack_unsigned(to, metric->n_labels);
	for (size_t i = 0; i < metric->n_labels; i++)
		pack_text(to, metric->labels[i]);
}

void description_pack(struct buffer *to, const struct description *description)
{
	pack_text(to, description->name);
	pack_text(to, description->summary);
	pack_text(to, description->version);
	pack_optional(to, description->interval);
	pack_optional(to, description->timeout);
	pack_unsigned(to, description->flags);
	pack_unsigned(to, description->needs);
	option_set_pack(to, &description->options);
	pack_unsigned(to, description->n_metrics);
	for (size_t i = 0; i < description->n_metrics; i++)
		metric_pack(to, &description->metrics[i]);
}

/* ---- unpacking --------------------------------------------------------- */

/* A name: [a-z][a-z0-9_]*, with also added. */
static const char *unpack_name(
	struct unpack *from, struct arena *arena, size_t most, const char *also)
{
	const char *name = unpack_text(from, arena, most);

	if (!name || !text_is_name(name, most, also))
		from->failed = true;
	return name;
}

static void unpack_option_set(struct unpack *from, struct arena *arena,
	unsigned int depth, struct option_set *ret_set);

static void unpack_choices(
	struct unpack *from, struct arena *arena, struct option *option)
{
	size_t n = (size_t)unpack_up_to(from, MAX_CHOICES);
	const char **choices = arena_take(arena, (n + 1) * sizeof(*choices));

	from->failed |= !choices || (n > 0) != (option->type == RK_TYPE_CHOICE);
	for (size_t i = 0; i < n && !from->failed; i++)
		choices[i] = unpack_text(from, arena, MAX_SENTENCE);
	option->choices = choices;
	option->n_choices = n;
}

static void unpack_option(struct unpack *from, struct arena *arena, unsigned int depth,
	struct option *option)
{
	option->name = unpack_name(from, arena, SERIES_MAX_NAME, "");
	option->type = (uint32_t)unpack_up_to(from, RK_TYPE_GROUP);
	option->flags = (uint32_t)unpack_up_to(from, UINT32_MAX);
	option->preset = unpack_optional(from, arena, MAX_SENTENCE);
	option->range = unpack_optional(from, arena, MAX_SENTENCE);
	option->help = unpack_optional(from, arena, MAX_SENTENCE);
	from->failed |= option->help == NULL;
	unpack_choices(from, arena, option);
	unpack_option_set(from, arena, depth + 1, &option->columns);
	if (option->columns.n > 0 && option->type != RK_TYPE_GROUP &&
		option->type != RK_TYPE_TABLE)
		from->failed = true;
}

static void unpack_option_set(struct unpack *from, struct arena *arena,
	unsigned int depth, struct option_set *ret_set)
{
	size_t n = (size_t)unpack_up_to(from, depth > OPTION_MAX_DEPTH ? 0 : MAX_OPTIONS);
	struct option *items = arena_take(arena, (n + 1) * sizeof(*items));

	from->failed |= items == NULL;
	for (size_t i = 0; i < n && !from->failed; i++)
		unpack_option(from, arena, depth, &items[i]);
	*ret_set = (struct option_set){ items, n };
}

static void unpack_metric(struct unpack *from, struct arena *arena, struct metric *metric)
{
	const char **labels;

	metric->name = unpack_name(from, arena, SERIES_MAX_NAME, ".");
	metric->unit = unpack_text(from, arena, SERIES_MAX_NAME);
	metric->help = unpack_text(from, arena, MAX_SENTENCE);
	metric->kind = (uint32_t)unpack_up_to(from, RK_CUMULATIVE);
	metric->confidence = (uint32_t)unpack_up_to(from, RK_DIRECTIONAL);
	metric->n_labels = (size_t)unpack_up_to(from, SERIES_MAX_LABELS);
	labels = arena_take(arena, (metric->n_labels + 1) * sizeof(*labels));
	from->failed |= !labels || metric->confidence == RK_AS_DECLARED;
	for (size_t i = 0; i < metric->n_labels && !from->failed; i++)
		labels[i] = unpack_name(from, arena, SERIES_MAX_NAME, ".");
	metric->labels = labels;
}

static void unpack_metrics(struct unpack *from, struct description *description)
{
	size_t n = (size_t)unpack_up_to(from, MAX_METRICS);
	struct metric *metrics =
		arena_take(&description->arena, (n + 1) * sizeof(*metrics));

	from->failed |= metrics == NULL;
	for (size_t i = 0; i < n && !from->failed; i++)
		unpack_metric(from, &description->arena, &metrics[i]);
	description->metrics = metrics;
	description->n_metrics = n;
}

void description_unpack(struct unpack *from, struct description *ret_description)
{
	struct arena *arena = &ret_description->arena;

	ret_description->name = unpack_name(from, arena, SERIES_MAX_NAME, "");
	ret_description->summary = unpack_text(from, arena, MAX_SENTENCE);
	ret_description->version = unpack_text(from, arena, MAX_SENTENCE);
	ret_description->interval = unpack_optional(from, arena, SERIES_MAX_NAME);
	ret_description->timeout = unpack_optional(from, arena, SERIES_MAX_NAME);
	ret_description->flags = (uint32_t)unpack_up_to(from, UINT32_MAX);
	ret_description->needs = (uint32_t)unpack_up_to(from, UINT32_MAX);
	unpack_option_set(from, arena, 1, &ret_description->options);
	unpack_metrics(from, ret_description);
}
