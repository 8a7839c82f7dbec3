/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind instance.h share. */
#ifndef HOST_INTERNAL_H
#define HOST_INTERNAL_H

#include "base/arena.h"
#include "call.h"
#include "derived.h"
#include "instance.h"
#include "loop/mailbox.h"
#include "metric_table.h"
#include "model/state.h"
#include "series_table.h"
#include "shared.h"
#include "worker.h"

#include <pthread.h>
#include <stdatomic.h>

struct fetches;

#define INSTANCE_MAGIC    0x696e7374u
#define INSTANCE_WHY_SIZE 512

/* Parts that are on their way to the journal: beyond these a commit gets -EAGAIN. */
#define INSTANCE_MAX_PARTS 4

/* What a plugin did against the rules: told once each. */
enum misuse {
	MISUSE_NUMBER,
	MISUSE_TIME,
	MISUSE_SERIES_NUMBER,
	MISUSE_CONFIDENCE,
	MISUSE_SERIES_LIMIT,
	MISUSE_SERIES_RULES,
	MISUSE_TENANT,
	MISUSE_METRIC_RULES,
	MISUSE_METRIC_TAKEN,
	MISUSE_METRIC_LIMIT,
	MISUSE_EVENT,
	MISUSE_LATE_EMIT,
	MISUSE_LATE_DONE,
	MISUSE_COUNT,
};

/* The one run of an instance; there is never more than one. What follows open is
 * guarded by the instance's lock. */
struct rk_run {
	struct instance *instance;
	struct rk_request request;
	atomic_bool cancelled;
	bool open;
	bool refused;      /* something was emitted after the cancel */
	int64_t began_ns;  /* monotonic */
	struct part *part; /* NULL: nothing emitted since it began or was committed */
	int64_t part_began_ns;
};

/* What the instance has on the loop (ext_loop.c); of the loop's thread alone. */
struct instance_loop {
	struct list timers, watches;
	size_t n_timers, n_watches;
	size_t n_closing; /* watches that libuv still has */
	bool is_over;     /* nothing new is taken */
};

struct instance {
	struct runner runner;
	uint32_t magic;
	char *id; /* owned */
	const struct object *object;
	const struct host_shared *shared;
	struct call_place *place, own_place;
	/* What the sandbox refused it; NULL: nothing since its last run. */
	_Atomic(const char *) refused;
	struct arena arena; /* of the options */
	void *state;        /* the plugin's; owned */
	struct rk_host host;
	const char **secrets; /* borrowed from the arena; n_secrets */
	size_t n_secrets;
	struct derived derived; /* from those */
	const char **tenants;   /* likewise */
	size_t n_tenants;
	struct rk_table drop, keep; /* likewise */

	/* Emitting may come from any thread. */
	pthread_mutex_t lock;
	struct metric_table metrics;
	struct series_table series;
	uint32_t mark;  /* of the open part */
	uint32_t count; /* of calls of emit */
	struct buffer scratch, packed;
	/* The collector's state: as of the last part that was sent, and with what the
	 * open part changes. */
	struct state base, working;
	uint64_t misuses[MISUSE_COUNT];
	struct rk_run run;

	atomic_int n_parts;      /* on their way */
	bool allows_special;     /* addresses (net/address.h) */
	struct fetches *fetches; /* owned; NULL: it asked for none yet */
	struct instance_loop loop;
	struct worker worker;
	bool has_worker, started, stopped;
	bool stop_returned; /* the plugin's */
	/* How the loop is told, one of a kind at a time. */
	struct mail on_started, on_done, on_stopped;
	int start_result, done_result;
	char why[INSTANCE_WHY_SIZE];
	bool has_why;
};

/* The services of struct rk_host (services.c). */
void services_init(struct instance *instance);

/* A metric that the plugin declares or has defined; NULL where there is none of this
 * index. Under the lock. */
static inline const struct metric *instance_metric(
	const struct instance *instance, uint32_t i)
{
	return metric_table_at(&instance->metrics, i);
}

/* Counts what the plugin did wrong and tells of the first time. */
void instance_misused(struct instance *instance, enum misuse misuse, const char *format,
	...) __attribute__((format(printf, 3, 4)));

/* Takes over the open part; NULL where nothing was emitted. Under the lock. */
struct part *instance_take_part(struct instance *instance);

/* Drops a part: what it would have defined is unknown again. Under the lock. */
void instance_drop_part(struct instance *instance, struct part *part);

/* Hands a part to the listener, on the loop. 0 or -ENOMEM, and then the part is
 * still the caller's. */
int instance_send_part(struct instance *instance, struct part *part);

/* A watch was closed, or stop returned: once both are over, the listener hears
 * that it is stopped. */
void instance_is_quiet(struct instance *instance);

void instance_loop_init(struct instance *instance);

/* Removes all that the instance has on the loop; no callback comes after. */
void instance_loop_end(struct instance *instance);

/* Replaces what is configured as a secret, or comes of one, in place. */
void instance_redact(struct instance *instance, char *text);

/* 0 where the run still takes something, else -ECANCELED. Under the lock. */
int instance_check_run(struct rk_run *run);

/* The members of struct rk_host that have a file of their own. */
int instance_emit(struct rk_run *run, const struct rk_sample *samples, size_t n);
int instance_event(struct rk_run *run, const struct rk_event *event);

uint32_t instance_series(const struct rk_host *host, uint32_t metric,
	const struct rk_label *labels, size_t n_labels);

/* Ends what it has asked for of rk.http/1 (ext_http.c). */
void instance_drop_requests(struct instance *instance);

/* The open part, begun where there is none; NULL where memory ran out. Under the
 * lock. */
struct part *instance_open_part(struct instance *instance);

#endif
