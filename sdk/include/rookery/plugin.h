/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/plugin.h - all that a rookery plugin needs to know.
 *
 * A plugin is a shared object that exports one constant, rk_plugin_entry, and
 * imports nothing from the host. Reading the constant tells what the plugin is
 * called, which options it takes and which metrics it reports.
 *
 * The life of an instance: start, any number of (collect ... done), stop. The
 * host allocates it, zeroes it and writes the options into it before start.
 * It never opens a second run before the first is done and its fate is known,
 * and never calls stop while a run is open.
 *
 * The same object can be loaded into the agent or into a sandboxed child
 * process. A plugin cannot tell which, because of three rules:
 *
 *   1. Only the types in this header and in rookery/ext/ cross the boundary.
 *   2. Pointers passed to a call are borrowed for that call, unless the
 *      comment says how long they live. Neither side frees for the other.
 *   3. No host function waits: it acts at once, or it takes a callback.
 *
 * Results are 0 or a negative errno value. From start, -ENOTSUP means not on
 * this machine (disable quietly) and -EINVAL bad configuration (wait for a
 * reload); every other failure, and every failure of a run, is retried with
 * back-off.
 *
 * Threads: [home] is the instance's own thread: the event loop, which must not
 * be blocked, or with RK_BLOCKING the one worker thread that the host keeps for
 * this instance. [any] may be called from any thread.
 */
#ifndef RK_PLUGIN_H
#define RK_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A host loads plugins of its own major version, also of a newer minor one; it
 * refuses an option type, flag or need that it does not know, and says which
 * version it takes. Within a major version rk_plugin, rk_host, rk_event and
 * rk_request grow at the end and carry their size; rk_option and rk_metric grow
 * by the stride that rk_plugin states; all other structs never change.
 */
#define RK_ABI_MAJOR 1u
#define RK_ABI_MINOR 0u
#define RK_ABI       (RK_ABI_MAJOR << 16 | RK_ABI_MINOR)

#define RK_LEN(array) (sizeof(array) / sizeof((array)[0]))
#define RK_EXPORT     __attribute__((visibility("default")))

struct rk_host;   /* services for one instance, valid from start to stop */
struct rk_run;    /* one collection, valid from collect until done returns */
struct rk_faults; /* where check reports to */

/* ---- numbers ------------------------------------------------------------- */

enum rk_form { RK_REAL, RK_DECIMAL };

/* A number keeps the form that its source gave it: money stays decimal.
 * RK_DECIMAL is digits / 10^scale, scale 0..18. What does not fit is refused,
 * never rounded silently. */
struct rk_number {
	union {
		double real;
		int64_t digits;
	};
	uint32_t form, scale;
};

/* ---- options: how configuration reaches the instance --------------------- */

struct rk_label {
	const char *name, *value;
};

struct rk_duration {
	int64_t ns; /* "1500ms", "10s", "5m" */
};
struct rk_time {
	int64_t ns; /* Unix; "2026-11-01", "2026-11-01T00:00:00Z" */
};
struct rk_size {
	uint64_t bytes; /* "64KiB", "10MB" */
};
struct rk_choice {
	uint32_t index; /* into rk_option.choices */
};
struct rk_secret {
	const char *text; /* not a string, so no log can print it by accident */
};
struct rk_list {
	const char *const *items;
	size_t n;
};
struct rk_map {
	const struct rk_label *items;
	size_t n;
};
struct rk_table {
	const void *rows; /* n structs, described by rk_option.columns */
	size_t n;
};

/* clang-format off */
enum rk_type {
	RK_TYPE_BOOL, RK_TYPE_INT, RK_TYPE_REAL, RK_TYPE_DECIMAL, RK_TYPE_STRING,
	RK_TYPE_DURATION, RK_TYPE_TIME, RK_TYPE_SIZE, RK_TYPE_CHOICE, RK_TYPE_SECRET,
	RK_TYPE_LIST, RK_TYPE_MAP, RK_TYPE_TABLE,
	RK_TYPE_GROUP, /* a mapping of its own: a struct inside the struct */
};

/* The field decides the type, so the two cannot disagree. (C only: a C++
 * plugin keeps its tables in one C file.) */
#define RK_TYPE_OF(field) _Generic((field), \
	bool: RK_TYPE_BOOL, int64_t: RK_TYPE_INT, double: RK_TYPE_REAL, \
	struct rk_number: RK_TYPE_DECIMAL, const char *: RK_TYPE_STRING, \
	struct rk_duration: RK_TYPE_DURATION, struct rk_time: RK_TYPE_TIME, \
	struct rk_size: RK_TYPE_SIZE, struct rk_choice: RK_TYPE_CHOICE, \
	struct rk_secret: RK_TYPE_SECRET, struct rk_list: RK_TYPE_LIST, \
	struct rk_map: RK_TYPE_MAP, struct rk_table: RK_TYPE_TABLE)

#define RK_FIELD(state, field) \
	.type = RK_TYPE_OF(((state *)0)->field), .offset = offsetof(state, field)
#define RK_GROUP(state, field) \
	.type = RK_TYPE_GROUP, .offset = offsetof(state, field)
/* clang-format on */

#define RK_REQUIRED   (1u << 0) /* must be configured */
#define RK_DEPRECATED (1u << 1) /* accepted, with a warning */
#define RK_PATH_READ  (1u << 2) /* the sandbox opens this path for reading */
#define RK_PATH_WRITE (1u << 3) /* ... for writing */

/* Not configured and without preset: zero, NULL, no items. Strings, lists,
 * maps and tables live until stop returns. Groups and tables nest four deep. */
struct rk_option {
	const char *name;      /* YAML key: [a-z][a-z0-9_]* */
	uint32_t type, offset; /* RK_FIELD or RK_GROUP */
	uint32_t flags;
	const char *preset;               /* default, spelled as in YAML */
	const char *range;                /* "1..100", "1s.."; NULL: any */
	const char *const *choices;       /* of a choice, ends with NULL */
	const struct rk_columns *columns; /* of a table or a group */
	const char *help;                 /* one sentence, printed in the manual */
};

struct rk_columns {
	size_t row_size, option_size;
	const struct rk_option *options;
	size_t n_options;
};

/* ---- metrics and samples: what the instance reports ---------------------- */

enum rk_kind {
	RK_GAUGE,      /* a level now */
	RK_DELTA,      /* an amount over [start, time) */
	RK_CUMULATIVE, /* a running total since start */
};

enum rk_confidence {
	RK_AS_DECLARED, /* in a sample: what the metric declares */
	RK_EXACT,       /* the source states it */
	RK_APPROXIMATE, /* derived or estimated, such as price times volume */
	RK_DIRECTIONAL, /* good for its direction, not for its size */
};

struct rk_metric {
	const char *name; /* "esp.messages.delivered": [a-z][a-z0-9_.]*, 64 bytes */
	uint32_t kind, confidence; /* a sample may only lower the confidence */
	const char *unit; /* UCUM: "By", "s", "1", "{message}"; money is "{currency}" */
	const char *const *labels; /* names that its series may bear, ends with NULL */
	const char *help;
};

#define RK_PROVISIONAL (1u << 0) /* the source may still restate it */

/* The same fact, collected again, has the same series, time and start: what
 * may change between two tellings of it is no label. The later one wins. */
struct rk_sample {
	uint32_t series; /* from rk_host.series; RK_NO_SERIES is counted and skipped */
	uint16_t confidence; /* enum rk_confidence */
	uint16_t flags;      /* RK_PROVISIONAL */
	struct rk_number value;
	/* Unix time; 0: when the part began, so name one where a run commits in
	 * between and its samples belong together. */
	int64_t time_ns;
	/* Of the period that the value covers, before time_ns, also of a gauge that
	 * is a mean; 0: none. */
	int64_t start_ns;
};

enum rk_severity { RK_LOW, RK_MEDIUM, RK_HIGH };
enum rk_phase { RK_ONCE, RK_BEGIN, RK_UPDATE, RK_END };

/* Something worth a person's attention. The host remembers open keys with the
 * committed state: a second BEGIN and an END without BEGIN are dropped, also
 * after a restart. */
struct rk_event {
	uint32_t size, severity, phase;
	bool follow_up;      /* someone must act */
	const char *type;    /* "vendor.incident" */
	const char *key;     /* which one, stable over restarts; NULL with RK_ONCE */
	const char *insight; /* one sentence: what was seen */
	const char *action;  /* one sentence: what to do; NULL: nothing */
	const struct rk_label *labels; /* the subject */
	size_t n_labels;
	const struct rk_label *details; /* evidence, may change between tellings */
	size_t n_details;
	int64_t time_ns, start_ns;
};

/* ---- the host: what the instance may ask for ----------------------------- */

enum rk_level {
	RK_LOG_ERROR = 3,
	RK_LOG_WARNING,
	RK_LOG_NOTICE,
	RK_LOG_INFO,
	RK_LOG_DEBUG
};

#define RK_MANUAL  (1u << 0) /* asked for by a person */
#define RK_EXPLAIN (1u << 1) /* log how each figure comes about */

/* What this run is asked for. */
struct rk_request {
	uint32_t size, flags;
	int64_t scheduled_ns;
	int64_t from_ns, to_ns; /* collect this span; 0: go on from the state */
	int64_t timeout_ns;     /* how long the run may take; 0: it has no deadline */
};

#define RK_NO_SERIES UINT32_MAX
#define RK_PARTIAL   1 /* a result of a run: some parts of it failed; why says which */

struct rk_host {
	uint32_t abi, size;
	void *impl; /* the host's own */

	/* Logs one line, tagged with the instance. No newline. [any] */
	void (*log)(const struct rk_host *host, enum rk_level level, const char *text,
		...) __attribute__((format(printf, 3, 4)));

	/* The number of the series of this metric with these labels, in any
	 * order (none: NULL and 0); the same until forget or stop. Costs a hash each
	 * time, so keep it where you can. At most 32 labels, names as metrics' names,
	 * values to 1 KiB of UTF-8; an empty value is no label. The label "tenant" sets
	 * the tenant, where the configuration allows it. RK_NO_SERIES: over
	 * max_series or against these rules, told once. [home] */
	uint32_t (*series)(const struct rk_host *host, uint32_t metric,
		const struct rk_label *labels, size_t n_labels);

	/* No more samples of this series: its number may be given out again. [home] */
	void (*forget)(const struct rk_host *host, uint32_t series);

	/* Copies into the open part of the run. A sample that cannot be taken
	 * (NaN, infinity, start not before time) is counted, told once and
	 * skipped. -ECANCELED: the run was cancelled; -E2BIG: the part is full
	 * (65,536 samples or 4 MiB): commit first. [any] */
	int (*emit)(struct rk_run *run, const struct rk_sample *samples, size_t n);
	int (*event)(struct rk_run *run, const struct rk_event *event);

	/* Ends a part: what was emitted and set since collect or the last commit
	 * becomes one frame in the journal, or nothing. A later failure does not
	 * undo it. -EAGAIN: the journal takes nothing now: stop reading your
	 * source and come back. [any] */
	int (*commit)(struct rk_run *run);

	/* Ends the run, exactly once per collect, also after cancel. 0 and
	 * RK_PARTIAL commit the open part; a negative errno drops it. Where a
	 * frame could not be committed, the host calls stop and start again, so
	 * that the instance never remembers more than the journal. why: a line
	 * for the operator; the first failure and the recovery are logged. [any] */
	void (*done)(struct rk_run *run, int result, const char *why);

	bool (*cancelled)(const struct rk_run *run); /* [any] */
	/* What this run is asked for; valid until done. [any] */
	const struct rk_request *(*request)(const struct rk_run *run);
	int64_t (*now_ns)(const struct rk_host *host); /* Unix time [any] */

	/* From check: this option of yours is wrong, and why. path: "prices[2].fee". */
	void (*fault)(struct rk_faults *faults, const char *path, const char *format, ...)
		__attribute__((format(printf, 3, 4)));

	/* Optional services by versioned name, see rookery/ext/; NULL when the
	 * host lacks it. The table lives until stop returns. [home] */
	const void *(*extension)(const struct rk_host *host, const char *id);
};

/* Guards the use of a member added after 1.0. */
#define RK_HOST_HAS(host, member)                                                        \
	((host)->size >= offsetof(struct rk_host, member) + sizeof((host)->member))

/* ---- the plugin: what the object offers ---------------------------------- */

#define RK_STREAM   (1u << 0) /* one run without end and deadline: commit as you go */
#define RK_BLOCKING (1u << 1) /* start, collect, stop may block; not with RK_STREAM */

/* The sandbox of an isolated instance grants these and nothing else. */
#define RK_NEED_NET   (1u << 0) /* internet sockets */
#define RK_NEED_UNIX  (1u << 1) /* sockets of the local system: D-Bus, showq, ... */
#define RK_NEED_RAW   (1u << 2) /* ICMP */
#define RK_NEED_EXEC  (1u << 3) /* start programs */
#define RK_NEED_FILES (1u << 4) /* read files outside /proc, /sys, configured paths */
#define RK_NEED_WRITE (1u << 5) /* write below its own state directory */

struct rk_plugin {
	uint32_t abi, size;                /* RK_PLUGIN_ABI; first, forever */
	uint32_t option_size, metric_size; /* ... the strides of the tables */
	const char *name;                  /* [a-z][a-z0-9_]* */
	const char *summary;               /* one sentence */
	const char *version;               /* the plugin's own */
	uint32_t flags;                    /* RK_STREAM, ... */
	uint32_t needs;                    /* RK_NEED_* */
	const char *interval, *timeout;    /* defaults: "10s", "1h" */

	const struct rk_option *options;
	size_t n_options;
	const struct rk_metric *metrics;
	size_t n_metrics;
	size_t state_size; /* sizeof the instance struct */

	/* Of the functions below, collect alone must be there. A run is asked to end
	 * by cancel alone, so without it only one that ends by itself soon should be
	 * asynchronous. */

	/* Tells of options that only make sense together. Touches nothing; also
	 * serves validate. host: fault alone may be called. [home] */
	void (*check)(const void *self, const struct rk_host *host, struct rk_faults *);

	/* Acquires what collect needs. May give up halfway: stop follows. [home] */
	int (*start)(void *self, const struct rk_host *host);

	/* Begins a run, which ends with host->done, now or later. [home] */
	void (*collect)(void *self, struct rk_run *run);

	/* Asks for done, now or soon; done may have been called on another thread
	 * meanwhile, the run is valid until this returns. An instance that does
	 * not answer is killed when isolated and parked for good when not. NULL
	 * with RK_BLOCKING, which looks at host->cancelled instead. [home] */
	void (*cancel)(void *self, struct rk_run *run);

	/* Releases everything. Follows start exactly once, even a failed one, so
	 * it accepts a half-started, zeroed instance. The host has cancelled the
	 * instance's requests and timers before; no callback comes after. [home] */
	void (*stop)(void *self);

	/* The plugin's own optional tables by versioned name. [any] */
	const void *(*extension)(const char *id);
};

/* clang-format off */
#define RK_PLUGIN_ABI \
	.abi = RK_ABI, .size = sizeof(struct rk_plugin), \
	.option_size = sizeof(struct rk_option), .metric_size = sizeof(struct rk_metric)

#define RK_COLUMNS(row, table) \
	&(const struct rk_columns){ .row_size = sizeof(struct row), \
		.option_size = sizeof(struct rk_option), \
		.options = (table), .n_options = RK_LEN(table) }
/* clang-format on */

extern RK_EXPORT const struct rk_plugin rk_plugin_entry;

#ifdef __cplusplus
}
#endif
#endif
