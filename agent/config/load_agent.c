/* SPDX-License-Identifier: Apache-2.0 */
/* The parts `agent` and `journal` of the main file. */
#include "load.h"

#include "report.h"
#include "rules.h"

#include "base/text.h"
#include "base/units.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define SYNC_MIN_NS INT64_C(1000000)
#define SYNC_MAX_NS INT64_C(3600000000000)

static int bind_part(struct loader *loader, enum settings_part part,
	const struct node *node, const char *main, struct values *ret_values)
{
	const struct section section = {
		.set = &loader->bound->settings.sets[part],
		.node = node,
		.place = { main, 1, 1 },
	};

	return bind_section(&loader->binder, &section, ret_values);
}

static int set_host(struct loader *loader)
{
	struct arena *arena = &loader->config->arena;
	struct value host = { .origin = ORIGIN_PRESET };
	char name[HOST_NAME_MAX + 1] = "";

	if (value_of(&loader->bound->agent, "host")->origin != ORIGIN_NONE)
		return 0;
	if (gethostname(name, sizeof(name) - 1) < 0 || *name == '\0')
		memcpy(name, "localhost", sizeof("localhost"));
	host.text = arena_copy_text(arena, name, strlen(name));
	if (!host.text)
		return -ENOMEM;
	return value_replace(arena, &loader->bound->agent, "host", &host);
}

int load_agent(struct loader *loader, const struct node *node, const char *main)
{
	struct config *config = loader->config;
	int r = bind_part(loader, SETTINGS_AGENT, node, main, &loader->bound->agent);

	if (r == 0)
		r = set_host(loader);
	if (r == 0)
		r = settings_fill(&config->arena, SETTINGS_AGENT, &loader->bound->agent,
			&config->agent);
	if (r < 0)
		return r;
	if (node) {
		struct spot spot = spot_of(node, "host");

		report_rule(loader->report, &spot, config->agent.host,
			rule_name(config->agent.host));
	}
	if (config->agent.state_dir && *config->agent.state_dir == '\0') {
		struct spot spot = spot_of(node, "state_dir");

		report_error(
			loader->report, spot.place, spot.width, "'state_dir' is empty");
	}
	return 0;
}

/* False where the text says nothing that the journal knows. */
static bool read_sync(struct journal_settings *journal)
{
	const char *text = journal->sync_text;

	journal->sync = JOURNAL_SYNC_INTERVAL;
	if (text_equal(text, "commit"))
		journal->sync = JOURNAL_SYNC_COMMIT;
	else if (text_equal(text, "never"))
		journal->sync = JOURNAL_SYNC_NEVER;
	else if (duration_from_text(text, strlen(text), &journal->sync_interval.ns) < 0)
		return false;
	return true;
}

static void check_sync(
	struct loader *loader, const struct node *node, struct journal_settings *journal)
{
	int64_t ns;

	if (!journal->sync_text)
		return;
	if (!read_sync(journal)) {
		struct spot spot = spot_of(node, "sync");

		report_error(loader->report, spot.place, spot.width,
			"'%s' is no way to sync: write commit, never or an interval such "
			"as 1s",
			journal->sync_text);
		return;
	}
	ns = journal->sync_interval.ns;
	if (journal->sync == JOURNAL_SYNC_INTERVAL &&
		(ns < SYNC_MIN_NS || ns > SYNC_MAX_NS)) {
		struct spot spot = spot_of(node, "sync");

		report_error(loader->report, spot.place, spot.width,
			"'sync' must be within 1ms..1h, or commit or never");
	}
}

/* The oldest segment goes as a whole while the newest grows. */
static void check_sizes(struct loader *loader, const struct node *node,
	const struct journal_settings *journal)
{
	char text[UNIT_TEXT_SIZE];
	struct spot spot;

	if (!node || journal->max_size.bytes == 0 || journal->segment_size.bytes == 0 ||
		journal->max_size.bytes / 2 >= journal->segment_size.bytes)
		return;
	spot = spot_of(node, node_find(node, "max_size") ? "max_size" : "segment_size");
	report_error(loader->report, spot.place, spot.width,
		"'max_size' must hold two segments of 'segment_size', which is %s",
		size_to_text(text, journal->segment_size.bytes));
}

int load_journal(struct loader *loader, const struct node *node, const char *main)
{
	struct journal_settings *journal = &loader->config->journal;
	int r = bind_part(loader, SETTINGS_JOURNAL, node, main, &loader->bound->journal);

	if (r == 0)
		r = settings_fill(&loader->config->arena, SETTINGS_JOURNAL,
			&loader->bound->journal, journal);
	if (r < 0)
		return r;
	check_sync(loader, node, journal);
	check_sizes(loader, node, journal);
	return 0;
}
