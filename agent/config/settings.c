/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

#include "config.h"

#include "model/match.h"
#include "model/options.h"

/* clang-format off */

/* ---- agent ------------------------------------------------------------- */

static const char *const log_levels[] = {
	"error", "warning", "notice", "info", "debug", NULL,
};

static const struct rk_option agent_options[] = {
	{ .name = "host", RK_FIELD(struct agent_settings, host),
	  .help = "Name of this machine in every sample; the hostname where it is not "
		  "set." },
	{ .name = "state_dir", RK_FIELD(struct agent_settings, state_dir),
	  .preset = "/var/lib/rookery", .flags = RK_PATH_WRITE,
	  .help = "Folder of the journal and of all that outlives a restart." },
	{ .name = "log_level", RK_FIELD(struct agent_settings, log_level),
	  .preset = "info", .choices = log_levels,
	  .help = "The least severe messages that are logged." },
	{ .name = "stop_timeout", RK_FIELD(struct agent_settings, stop_timeout),
	  .preset = "10s", .range = "100ms..10m",
	  .help = "How long a stop waits for open runs and batches." },
};

/* ---- journal ----------------------------------------------------------- */

static const struct rk_option journal_options[] = {
	{ .name = "max_size", RK_FIELD(struct journal_settings, max_size),
	  .preset = "2GiB", .range = "128KiB..",
	  .help = "The oldest samples go when the journal is larger, taken by every sink "
		  "or not." },
	{ .name = "segment_size", RK_FIELD(struct journal_settings, segment_size),
	  .preset = "32MiB", .range = "64KiB..1GiB",
	  .help = "Size of one file of the journal; space is freed a file at a time." },
	{ .name = "max_age", RK_FIELD(struct journal_settings, max_age),
	  .preset = "14d", .range = "1m..",
	  .help = "Samples go when they are older, taken by every sink or not." },
	{ .name = "reserve", RK_FIELD(struct journal_settings, reserve),
	  .preset = "8MiB", .range = "0B..1GiB",
	  .help = "Space that is kept free for a full disk: it is given up then, so that "
		  "deliveries can go on and free more, and taken again before anything "
		  "is collected; 0B for none." },
	{ .name = "sync", RK_FIELD(struct journal_settings, sync_text),
	  .preset = "1s",
	  .help = "When samples are made safe against power loss: with each 'commit', "
		  "after an interval such as 1s (1ms to 1h), or 'never'." },
};

/* ---- collectors -------------------------------------------------------- */

static const char *const isolations[] = { "process", "own_process", "none", NULL };

static const struct rk_option series_options[] = {
	{ .name = "metric", RK_FIELD(struct match, metric),
	  .help = "Glob of the metric's name." },
	{ .name = "labels", RK_FIELD(struct match, labels),
	  .help = "Globs of labels that the plugin sets, by their names; a series "
		  "without one of them never fits." },
};

static const struct rk_option collector_options[] = {
	{ .name = "id", RK_FIELD(struct collector_settings, id), .flags = RK_REQUIRED,
	  .help = "Unique name, which stands in every sample: 1 to 64 letters, digits, "
		  "'_', '.' and '-'." },
	{ .name = "plugin", RK_FIELD(struct collector_settings, plugin),
	  .flags = RK_REQUIRED,
	  .help = "The plugin that collects." },
	{ .name = "enabled", RK_FIELD(struct collector_settings, enabled),
	  .preset = "true",
	  .help = "Whether it runs; where it does not, required options may be "
		  "missing." },
	{ .name = "identity", RK_FIELD(struct collector_settings, identity),
	  .help = "What the ids of its samples are made from instead of host and id, so "
		  "that a pair of agents, or a new name, doubles nothing." },
	{ .name = "tenant", RK_FIELD(struct collector_settings, tenant),
	  .help = "Whose samples these are." },
	{ .name = "tenants", RK_FIELD(struct collector_settings, tenants),
	  .help = "Tenants that the plugin may name for single series; \"*\" is any." },
	{ .name = "labels", RK_FIELD(struct collector_settings, labels),
	  .help = "Labels that are added to every series." },
	{ .name = "keep", RK_FIELD(struct collector_settings, keep),
	  .columns = RK_COLUMNS(match, series_options),
	  .help = "Series that are collected: those that fit one of these alternatives, "
		  "with all that it names; without any, all. Globs are as in 'match' of "
		  "a sink. Events are not affected." },
	{ .name = "drop", RK_FIELD(struct collector_settings, drop),
	  .columns = RK_COLUMNS(match, series_options),
	  .help = "Series that are not collected, also where 'keep' has them." },
	{ .name = "interval", RK_FIELD(struct collector_settings, interval),
	  .range = "10ms..31d",
	  .help = "How often it collects; the plugin's own interval where it is not "
		  "set. Of a stream: how soon it is opened again after it ended." },
	{ .name = "align", RK_FIELD(struct collector_settings, align),
	  .preset = "false",
	  .help = "Whether it collects at whole multiples of the interval, such as on "
		  "the minute." },
	{ .name = "jitter", RK_FIELD(struct collector_settings, jitter),
	  .preset = "0s", .range = "0s..1d",
	  .help = "Delays each collection by a random time of at most this." },
	{ .name = "timeout", RK_FIELD(struct collector_settings, timeout),
	  .range = "10ms..1d",
	  .help = "A collection that takes longer is cancelled; the plugin's own timeout "
		  "where it is not set, else the interval. Streams have none but for "
		  "their start." },
	{ .name = "isolation", RK_FIELD(struct collector_settings, isolation),
	  .preset = "process", .choices = isolations,
	  .help = "Where the plugin runs: in a sandboxed 'process' that all collectors of "
		  "the plugin share, in its 'own_process', or with 'none' inside of the "
		  "agent, which it can then take down." },
	{ .name = "max_series", RK_FIELD(struct collector_settings, max_series),
	  .preset = "10000", .range = "1..1000000",
	  .help = "Series beyond this number are refused and counted." },
	{ .name = "private_addresses",
	  RK_FIELD(struct collector_settings, private_addresses), .preset = "false",
	  .help = "Whether the plugin's HTTP requests may go to private, loopback, "
		  "link-local and other addresses that are not of the public "
		  "internet." },
};

/* ---- sinks ------------------------------------------------------------- */

static const char *const from_choices[] = { "now", "oldest", NULL };
static const char *const when_full_choices[] = { "drop_oldest", "block", NULL };
static const char *const decimals_choices[] = { "number", "string", NULL };

static const struct rk_option batch_options[] = {
	{ .name = "max_bytes", RK_FIELD(struct sink_batch, max_bytes),
	  .preset = "1MiB", .range = "1KiB..16MiB",
	  .help = "Size of a batch before compression." },
	{ .name = "max_count", RK_FIELD(struct sink_batch, max_count),
	  .preset = "10000", .range = "1..65536",
	  .help = "Number of samples in a batch." },
	{ .name = "max_age", RK_FIELD(struct sink_batch, max_age),
	  .preset = "1s", .range = "0s..1h",
	  .help = "How long a batch that is not full waits for more." },
};

static const struct rk_option retry_options[] = {
	{ .name = "first", RK_FIELD(struct sink_retry, first),
	  .preset = "1s", .range = "10ms..1d",
	  .help = "Wait before a batch that failed is sent again; it doubles each "
		  "time." },
	{ .name = "most", RK_FIELD(struct sink_retry, most),
	  .preset = "5m", .range = "10ms..1d",
	  .help = "The longest wait between two attempts." },
};

static const struct rk_option match_options[] = {
	{ .name = "metric", RK_FIELD(struct match, metric),
	  .help = "Name of the metric; the alternative takes samples alone." },
	{ .name = "event", RK_FIELD(struct match, event),
	  .help = "Type of the event; the alternative takes events alone." },
	{ .name = "collector", RK_FIELD(struct match, collector),
	  .help = "Id of the collector." },
	{ .name = "plugin", RK_FIELD(struct match, plugin),
	  .help = "Name of the plugin." },
	{ .name = "tenant", RK_FIELD(struct match, tenant),
	  .help = "Whose record it is; one without a tenant never fits." },
	{ .name = "labels", RK_FIELD(struct match, labels),
	  .help = "Labels by their names; a record without one of them never fits." },
};

static const struct rk_option sink_options[] = {
	{ .name = "id", RK_FIELD(struct sink_settings, id), .flags = RK_REQUIRED,
	  .help = "Unique name, which its position in the journal is kept under: 1 to 64 "
		  "letters, digits, '_', '.' and '-'." },
	{ .name = "type", RK_FIELD(struct sink_settings, type), .flags = RK_REQUIRED,
	  .help = "Where samples go." },
	{ .name = "format", RK_FIELD(struct sink_settings, format),
	  .preset = "ndjson",
	  .help = "How samples are written; 'rfc5424' for a sink of type 'syslog', which "
		  "carries nothing else." },
	{ .name = "enabled", RK_FIELD(struct sink_settings, enabled),
	  .preset = "true",
	  .help = "Whether it runs; where it does not, required options may be "
		  "missing." },
	{ .name = "from", RK_FIELD(struct sink_settings, from),
	  .preset = "now", .choices = from_choices,
	  .help = "Where a new sink begins: with what is collected from 'now' on, or "
		  "with the 'oldest' that the journal holds." },
	{ .name = "max_size", RK_FIELD(struct sink_settings, max_size),
	  .range = "128KiB..",
	  .help = "How much of the journal may wait for this sink, in whole segments; no "
		  "bound but the journal's where it is not set." },
	{ .name = "max_age", RK_FIELD(struct sink_settings, max_age),
	  .range = "1m..",
	  .help = "How old samples that wait for this sink may become, in whole "
		  "segments." },
	{ .name = "when_full", RK_FIELD(struct sink_settings, when_full),
	  .preset = "drop_oldest", .choices = when_full_choices,
	  .help = "Beyond these bounds the sink goes on without the oldest samples, or "
		  "collectors are blocked until it has caught up; with 'block' also "
		  "where the journal reaches its own 'max_size' because of this sink." },
	{ .name = "decimals", RK_FIELD(struct sink_settings, decimals),
	  .preset = "number", .choices = decimals_choices,
	  .help = "How exact decimals are written: as a 'number', or as a 'string' for "
		  "readers that would round it." },
	{ .name = "match", RK_FIELD(struct sink_settings, match),
	  .columns = RK_COLUMNS(match, match_options),
	  .help = "Which records the sink takes: those that fit one of these "
		  "alternatives, with all that it names; without any, all records. Each "
		  "is a glob: '*' stands for any run of characters, '?' for one, '[a-z]' "
		  "for one of these and '[!a-z]' for one of the others." },
	{ .name = "labels", RK_FIELD(struct sink_settings, labels),
	  .help = "Labels that this sink's records have; they win over those that a "
		  "record has already, and change neither ids nor what 'match' takes." },
	{ .name = "prefix", RK_FIELD(struct sink_settings, prefix),
	  .help = "What stands before the name of each metric at this sink: 1 to 32 of "
		  "a-z, 0-9, '_' and '.', beginning with a letter." },
	{ .name = "batch", RK_GROUP(struct sink_settings, batch),
	  .columns = RK_COLUMNS(sink_batch, batch_options),
	  .help = "What is sent at once." },
	{ .name = "retry", RK_GROUP(struct sink_settings, retry),
	  .columns = RK_COLUMNS(sink_retry, retry_options),
	  .help = "When a batch that failed is sent again." },
};
/* clang-format on */

static const struct {
	const struct rk_option *options;
	size_t n;
} tables[] = {
	[SETTINGS_AGENT] = { agent_options, RK_LEN(agent_options) },
	[SETTINGS_JOURNAL] = { journal_options, RK_LEN(journal_options) },
	[SETTINGS_COLLECTOR] = { collector_options, RK_LEN(collector_options) },
	[SETTINGS_SINK] = { sink_options, RK_LEN(sink_options) },
};

int settings_describe(struct arena *arena, struct settings *ret_settings)
{
	struct settings settings = { 0 };

	for (size_t i = 0; i < SETTINGS_PARTS; i++) {
		int r = option_set_copy(arena, tables[i].options,
			sizeof(struct rk_option), tables[i].n, &settings.sets[i]);

		if (r < 0)
			return r;
	}
	*ret_settings = settings;
	return 0;
}

int settings_fill(struct arena *arena, enum settings_part part,
	const struct values *values, void *to)
{
	return options_fill(
		arena, values, tables[part].options, sizeof(struct rk_option), to);
}
