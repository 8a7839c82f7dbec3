/* SPDX-License-Identifier: Apache-2.0 */
#include "tags.h"

/* What the formats write beside labels, tags and fields alike. */
static const struct {
	const char *name, *instead;
} taken[] = {
	{ "action", "label.action" },
	{ "collector", "label.collector" },
	{ "confidence", "label.confidence" },
	{ "details", "label.details" },
	{ "follow_up", "label.follow_up" },
	{ "host", "label.host" },
	{ "insight", "label.insight" },
	{ "key", "label.key" },
	{ "kind", "label.kind" },
	{ "phase", "label.phase" },
	{ "plugin", "label.plugin" },
	{ "provisional", "label.provisional" },
	{ "severity", "label.severity" },
	{ "start", "label.start" },
	{ "tenant", "label.tenant" },
	{ "time", "label.time" }, /* InfluxDB's own */
	{ "type", "label.type" },
	{ "unit", "label.unit" },
	{ "value", "label.value" },
};

static struct slice free_name(struct slice name)
{
	for (size_t i = 0; i < RK_LEN(taken); i++) {
		if (slice_equal(name, slice_of(taken[i].name)))
			return slice_of(taken[i].instead);
	}
	return name;
}

static void add(struct tags *tags, struct slice name, struct slice value)
{
	if (name.n > 0 && value.n > 0 && tags->n < TAGS_MAX)
		tags->items[tags->n++] = (struct label){ name, value };
}

void tags_add(struct tags *tags, const char *name, struct slice value)
{
	add(tags, slice_of(name), value);
}

void tags_add_labels(struct tags *tags, const struct known_source *source,
	const struct label *own, size_t n_own)
{
	struct label labels[2 * SERIES_MAX_LABELS];
	size_t n = encoder_labels(source, own, n_own, labels);

	for (size_t i = 0; i < n; i++)
		add(tags, labels[i].name, labels[i].value);
}

void tags_make_way(struct tags *tags)
{
	for (size_t i = 0; i < tags->n; i++)
		tags->items[i].name = free_name(tags->items[i].name);
}

void tags_add_origin(
	struct tags *tags, const struct known_source *source, struct slice tenant)
{
	tags_add(tags, "collector", source->view.collector);
	tags_add(tags, "host", source->view.host);
	tags_add(tags, "plugin", source->view.plugin);
	tags_add(tags, "tenant", tenant);
}

static bool has(const struct tags *tags, struct slice name)
{
	for (size_t i = 0; i < tags->n; i++) {
		if (slice_equal(tags->items[i].name, name))
			return true;
	}
	return false;
}

void tags_sort(struct tags *tags)
{
	struct tags once = { .n = 0 };

	for (size_t i = 0; i < tags->n; i++) {
		if (!has(&once, tags->items[i].name))
			once.items[once.n++] = tags->items[i];
	}
	labels_sort(once.items, once.n);
	*tags = once;
}
