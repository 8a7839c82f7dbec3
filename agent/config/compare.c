/* SPDX-License-Identifier: Apache-2.0 */
/* What of two configurations is the same: for a reload, which touches nothing else. */
#include "config.h"

#include "load.h"

#include "base/text.h"

const struct collector_settings *config_collector(
	const struct config *config, const char *id)
{
	for (size_t i = 0; i < config->n_collectors; i++) {
		if (text_equal(config->collectors[i].id, id))
			return &config->collectors[i];
	}
	return NULL;
}

const struct sink_settings *config_sink(const struct config *config, const char *id)
{
	for (size_t i = 0; i < config->n_sinks; i++) {
		if (text_equal(config->sinks[i].id, id))
			return &config->sinks[i];
	}
	return NULL;
}

bool collector_settings_equal(
	const struct collector_settings *a, const struct collector_settings *b)
{
	return values_equal(a->common, b->common) && values_equal(a->options, b->options);
}

bool sink_settings_equal(const struct sink_settings *a, const struct sink_settings *b)
{
	return values_equal(a->common, b->common) &&
	       values_equal(a->options, b->options) &&
	       values_equal(a->format_options, b->format_options);
}

bool config_agent_equal(const struct config *a, const struct config *b)
{
	return text_equal(a->agent.host, b->agent.host) &&
	       text_equal(a->agent.state_dir, b->agent.state_dir);
}

bool config_journal_equal(const struct config *a, const struct config *b)
{
	const struct journal_settings *one = &a->journal, *other = &b->journal;

	return one->sync == other->sync &&
	       one->sync_interval.ns == other->sync_interval.ns &&
	       one->segment_size.bytes == other->segment_size.bytes &&
	       one->reserve.bytes == other->reserve.bytes;
}
