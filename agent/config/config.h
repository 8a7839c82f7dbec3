/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's whole configuration: read from files, checked, bound.
 *
 * The main file holds `agent`, `journal`, `collectors` and `sinks`; the files
 * conf.d/NAME.yaml beside it, in the order of their names, add to the two lists.
 * Everything that is wrong goes into a report; a configuration with errors is not used.
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>

struct document_set;
struct report;

/*
 * What there is to configure: plugins, sink types, formats. The agent answers; so
 * configuration needs to know no plugin host and no sink. A catalogue outlives the
 * configurations that were loaded with it.
 */
struct catalogue {
	/* The description of a plugin, borrowed from the catalogue. NULL: it was
	 * refused, as why then tells, or there is none of this name, of which why
	 * may tell more. */
	const struct description *(*plugin)(
		const struct catalogue *catalogue, const char *name, struct buffer *why);
	/* Tells of options that only make sense together, as problems at the values'
	 * places (the plugin's `check`). May be NULL. */
	void (*check)(const struct catalogue *catalogue, const char *plugin,
		const struct values *values, struct report *report);
	/* The names of the plugins that can be loaded; sorted, ends with NULL. */
	const char *const *plugins;
	/* The transports with their option sets, and the formats; sorted. */
	const struct sink_type *sink_types;
	size_t n_sink_types;
	const char *const *formats; /* ends with NULL */
	/* Those formats that have options of their own; sorted. */
	const struct format_type *format_types;
	size_t n_format_types;
};

struct sink_type {
	const char *name;
	const char *summary;
	const char *const *formats; /* that it can carry; ends with NULL */
	struct option_set options;
	/* Tells of options that only make sense together; may be NULL. */
	void (*check)(const struct values *values, struct report *report);
};

struct format_type {
	const char *name;
	struct option_set options;
};

struct agent_settings {
	const char *host;           /* never NULL: gethostname() where not configured */
	const char *state_dir;      /* journal, cursors */
	struct rk_choice log_level; /* enum log_level minus LOG_LEVEL_ERROR */
	struct rk_duration stop_timeout;
};

enum journal_sync { JOURNAL_SYNC_COMMIT, JOURNAL_SYNC_INTERVAL, JOURNAL_SYNC_NEVER };

struct journal_settings {
	struct rk_size max_size, segment_size;
	struct rk_size reserve; /* 0: none */
	struct rk_duration max_age;
	const char *sync_text;  /* "commit", "never" or a duration */
	enum journal_sync sync; /* ... as read from it */
	struct rk_duration sync_interval;
};

/* Where a plugin runs. */
enum isolation { ISOLATION_PROCESS, ISOLATION_OWN_PROCESS, ISOLATION_NONE };

/* interval and timeout are the plugin's own where none is configured, and never 0:
 * a plugin that names none either gets them from load_collector.c. */
struct collector_settings {
	struct place place;
	const char *id, *identity, *plugin, *tenant;
	bool enabled;
	struct rk_list tenants;     /* that a series may name; "*": any */
	struct rk_map labels;       /* added to every series */
	struct rk_table drop, keep; /* struct match (model/match.h), of series */
	struct rk_duration interval, timeout;
	struct rk_duration jitter;
	bool align;
	struct rk_choice isolation; /* enum isolation */
	int64_t max_series;
	bool private_addresses;       /* may be reached */
	const struct values *common;  /* all of the above, as it was configured */
	const struct values *options; /* of the plugin */
};

enum sink_from { SINK_FROM_NOW, SINK_FROM_OLDEST };
enum sink_when_full { SINK_DROP_OLDEST, SINK_BLOCK };
enum sink_decimals { SINK_DECIMALS_NUMBER, SINK_DECIMALS_STRING };

struct sink_batch {
	struct rk_size max_bytes;
	int64_t max_count;
	struct rk_duration max_age;
};

struct sink_retry {
	struct rk_duration first, most;
};

struct sink_settings {
	struct place place;
	const char *id, *type, *format;
	bool enabled;
	struct rk_choice from;   /* enum sink_from */
	struct rk_size max_size; /* 0: no bound of its own */
	struct rk_duration max_age;
	struct rk_choice when_full; /* enum sink_when_full */
	struct rk_choice decimals;  /* enum sink_decimals */
	struct rk_map labels;       /* set on every record */
	const char *prefix;         /* of metrics' names; NULL: none */
	struct rk_table match;      /* struct match (model/match.h) */
	struct sink_batch batch;
	struct sink_retry retry;
	const struct values *common;  /* all of the above, as it was configured */
	const struct values *options; /* of the transport */
	const struct values *format_options;
};

struct config {
	unsigned int references;
	struct arena arena;             /* all below */
	struct document_set *documents; /* owned; the places point into it */
	struct agent_settings agent;
	struct journal_settings journal;
	struct collector_settings *collectors;
	size_t n_collectors;
	struct sink_settings *sinks;
	size_t n_sinks;
	/* The bound values of the four parts, for `config show`. */
	struct bound *bound;
};

/* Reads the file at path and its conf.d, or, where path is a folder, its
 * rookery.yaml and conf.d. Always returns a configuration, owned by the caller,
 * so that its documents can serve report_print; it is usable where the report
 * holds no error. NULL: memory ran out. Blocks on files. */
struct config *config_load(
	const char *path, const struct catalogue *catalogue, struct report *report);

/* One more who needs it, and one less: the last one frees it and wipes secrets. A
 * loaded configuration has one. config_unref accepts NULL. Not for several threads. */
struct config *config_ref(struct config *config);
void config_unref(struct config *config);

/* The entry with this id; NULL where there is none. */
const struct collector_settings *config_collector(
	const struct config *config, const char *id);
const struct sink_settings *config_sink(const struct config *config, const char *id);

/* Whether two entries, of the same configuration or of two, say the same. */
bool collector_settings_equal(
	const struct collector_settings *a, const struct collector_settings *b);
bool sink_settings_equal(const struct sink_settings *a, const struct sink_settings *b);

/* Whether `agent` and `journal` say the same but for what can change while it runs
 * (log_level and stop_timeout; max_size and max_age). */
bool config_agent_equal(const struct config *a, const struct config *b);
bool config_journal_equal(const struct config *a, const struct config *b);

/* Writes the effective configuration as YAML, secrets masked; origins adds a
 * comment to each value that says where it comes from. */
void config_show(const struct config *config, bool origins, struct buffer *to);

/* Writes the JSON Schema (2020-12) of the whole file, with every plugin of the
 * catalogue. 0 or -ENOMEM. */
int config_schema(const struct catalogue *catalogue, struct buffer *to);

/* Writes one table of options as Markdown, and a commented sample of them as
 * YAML: what docs/CONFIGURATION.md, the plugins' README.md and conf.d/NAME.yaml
 * are generated from. */
void config_manual(const struct option_set *options, struct buffer *to);
void config_sample(const struct description *description, struct buffer *to);

/* docs/CONFIGURATION.md as a whole. */
void config_reference(const struct catalogue *catalogue, struct buffer *to);

#endif
