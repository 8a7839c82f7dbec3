/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The states of a collector:
 *
 *	         start                due                 started
 *	   OFF ---------> IDLE -----------------> STARTING -------> RUNNING
 *	    ^              ^ ^  \                    |               |   |
 *	    |              | |   \ due (started)     |          done |   | deadline:
 *	    |              | |    +------------------|---> RUNNING   |   | cancel
 *	    |        fine, | |                       |               |   v
 *	    |      settled | | due                   | start         |  LATE
 *	    |              | |                       | failed    done|   |   \ grace
 *	    |         SETTLING <---------------------|---------------+---+    v
 *	    |              |                         |                      PARKED
 *	    |              | failed                  v
 *	    |              +----------------> BACKING_OFF (with STOPPING before it,
 *	    |                                              where the runner goes too)
 *	    +---- STOPPING <--- stop
 *
 * The runner is started with the first run that is due, not before. It is stopped
 * and made anew, with the committed state, where one of its parts did not become a
 * frame, so that it never remembers more than the journal, and where its start
 * failed. A run, a start and a stop each have a deadline. What outlives deadline and
 * grace in a process of its own is killed with it, which is one more failure; in this
 * process it is parked: left behind for good, since nobody can end a thread.
 *
 * Where the process of a runner ends by itself, the run that was open has failed and runs
 * again at once in a fresh process, once: it may have been another collector's fault.
 */
#include "collector.h"

#include "base/checksum.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/random.h"
#include "base/units.h"
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BACK_OFF_FIRST_NS (10 * NS_PER_SECOND)
#define BACK_OFF_MOST_NS  (60 * NS_PER_SECOND)
#define TIMERS_EACH       2

static const char *const state_names[] = {
	[COLLECTOR_OFF] = "off",
	[COLLECTOR_IDLE] = "idle",
	[COLLECTOR_STARTING] = "starting",
	[COLLECTOR_RUNNING] = "running",
	[COLLECTOR_LATE] = "late",
	[COLLECTOR_SETTLING] = "settling",
	[COLLECTOR_STOPPING] = "stopping",
	[COLLECTOR_BACKING_OFF] = "backing off",
	[COLLECTOR_PARKED] = "parked",
};

const char *collector_state_name(enum collector_state state)
{
	return state_names[state];
}

struct instant collector_now(const struct collector *collector)
{
	const struct clock *clock = collector->options.timers->clock;

	return (struct instant){ clock_monotonic_ns(clock), clock_wall_ns(clock) };
}

/* Every change of state goes through here. */
static void collector_enter(struct collector *collector, enum collector_state state)
{
	log_debug(collector->options.id, "%s -> %s", state_names[collector->state],
		state_names[state]);
	collector->state = state;
	timers_unset(collector->options.timers, &collector->timer);
}

static void collector_rest(struct collector *collector)
{
	const struct collector_services *services = collector->options.services;

	services->on_rest(services->context, collector);
}

/* ---- waiting ----------------------------------------------------------- */

static void wait_until(
	struct collector *collector, enum collector_state state, int64_t due_ns)
{
	collector_enter(collector, state);
	timers_set(collector->options.timers, &collector->timer, due_ns);
}

static void wait_for(
	struct collector *collector, enum collector_state state, int64_t span_ns)
{
	collector_enter(collector, state);
	timers_set_after(collector->options.timers, &collector->timer, span_ns);
}

static void wait_for_next_run(struct collector *collector)
{
	uint64_t skipped;

	if (collector->options.once) {
		collector_enter(collector, COLLECTOR_OFF);
		collector_rest(collector);
		return;
	}
	collector->due_ns = schedule_next(&collector->schedule, collector->due_ns,
		collector_now(collector), &skipped);
	collector_tell_skipped(collector, skipped);
	wait_until(collector, COLLECTOR_IDLE, collector->due_ns);
}

/* The window in which the next try falls doubles with each failure; where in it is
 * random, so that many collectors of one dead vendor do not come back together
 * ("Exponential Backoff And Jitter", AWS Architecture Blog: full jitter). */
static int64_t back_off_delay(struct collector *collector)
{
	int64_t interval_ns = collector->options.interval_ns;
	int64_t window_ns = MIN(interval_ns, BACK_OFF_FIRST_NS);
	int64_t most_ns = MAX(interval_ns, BACK_OFF_MOST_NS);

	for (unsigned int i = 1; i < collector->n_failures && window_ns < most_ns; i++)
		window_ns = MIN(2 * window_ns, most_ns);
	return 1 + (int64_t)random_below(collector->options.random, (uint64_t)window_ns);
}

/* Nobody knows how many others do so, too: the process that they share is made once. */
static void run_again(struct collector *collector)
{
	log_info(collector->options.id, "runs again: %s", collector->why);
	collector->counts.failed++;
	wait_for(collector, COLLECTOR_BACKING_OFF, 0);
	collector->due_ns = collector->timer.due_ns;
}

static void back_off(struct collector *collector, int result)
{
	int64_t delay_ns;

	collector->counts.last_result = result;
	collector->counts.failed++;
	collector->n_failures++;
	delay_ns = back_off_delay(collector);
	collector_tell_failure(collector, result, delay_ns);
	if (collector->options.once) {
		collector_enter(collector, COLLECTOR_OFF);
		collector_rest(collector);
		return;
	}
	wait_for(collector, COLLECTOR_BACKING_OFF, delay_ns);
	collector->due_ns = collector->timer.due_ns;
}

/* ---- the runner -------------------------------------------------------- */

static void run_broke(struct collector *collector);
static void runner_stopped(struct collector *collector, bool was_started);

static void runner_forget(struct collector *collector)
{
	const struct collector_services *services = collector->options.services;

	if (!collector->runner)
		return;
	collector->runner->ops->destroy(collector->runner);
	collector->runner = NULL;
	collector->runner_started = false;
	services->close(services->context, collector);
}

static void park(struct collector *collector, const char *what)
{
	log_error(collector->options.id,
		"%s hangs: it is left behind, and this collector does not run until the "
		"agent is started again or a reload changes the collector",
		what);
	collector_drop_held(collector);
	runner_forget(collector);
	collector_enter(collector, COLLECTOR_PARKED);
	if (collector->asked_to_stop || collector->options.once)
		collector_rest(collector);
}

/* What hangs in a process of its own ends with it. */
static void hang(struct collector *collector, const char *what, int64_t most_ns)
{
	char span[UNIT_TEXT_SIZE];
	bool was_stopping;

	if (!collector->runner->is_apart) {
		park(collector, what);
		return;
	}
	duration_to_text(span, most_ns);
	snprintf(collector->why, sizeof(collector->why),
		"%s took longer than %s%s: its process is killed", what, span,
		collector->state == COLLECTOR_LATE
			? " and did not end when it was asked to"
			: "");
	was_stopping = collector->state == COLLECTOR_STOPPING;
	runner_forget(collector);
	if (was_stopping) {
		log_warning(collector->options.id, "%s", collector->why);
		runner_stopped(collector, true);
		return;
	}
	collector->result = -ETIMEDOUT;
	run_broke(collector);
}

static void runner_stop(struct collector *collector)
{
	wait_for(collector, COLLECTOR_STOPPING, COLLECTOR_GRACE_NS);
	collector->runner->ops->stop(collector->runner);
}

static void come_to_rest(struct collector *collector)
{
	if (collector->runner) {
		runner_stop(collector);
		return;
	}
	collector_enter(collector, COLLECTOR_OFF);
	collector_rest(collector);
}

/* With once, a stream runs as long as its timeout and is then ended. */
static bool is_endless(const struct collector *collector)
{
	return collector->options.stream && !collector->options.once;
}

static void run_open(struct collector *collector)
{
	struct rk_request request = {
		.flags = collector->options.request_flags,
		.scheduled_ns = collector_now(collector).wall_ns,
		.timeout_ns = is_endless(collector) ? 0 : collector->options.timeout_ns,
	};

	collector->counts.runs++;
	collector->part_lost = false;
	collector->is_lost = false;
	if (is_endless(collector))
		collector_enter(collector, COLLECTOR_RUNNING);
	else
		wait_for(collector, COLLECTOR_RUNNING, collector->options.timeout_ns);
	collector->runner->ops->collect(collector->runner, &request);
}

/* Apart, a process may have to be made first, which is not the plugin's time. */
static int64_t start_timeout(const struct collector *collector)
{
	int64_t timeout_ns = collector->options.timeout_ns;

	return collector->runner->is_apart ? MAX(timeout_ns, COLLECTOR_GRACE_NS)
					   : timeout_ns;
}

static void run_due(struct collector *collector)
{
	const struct collector_services *services = collector->options.services;
	int r;

	if (collector->runner) {
		run_open(collector);
		return;
	}
	*collector->why = '\0';
	r = services->open(services->context, collector, &collector->runner);
	if (r < 0) {
		back_off(collector, r);
		return;
	}
	wait_for(collector, COLLECTOR_STARTING, start_timeout(collector));
	collector->runner->ops->start(collector->runner);
}

/* ---- the end of a run -------------------------------------------------- */

static void run_succeeded(struct collector *collector)
{
	collector->n_failures = 0;
	collector->n_reruns = 0;
	collector->counts.last_result = collector->result;
	collector->counts.last_success_ns = collector_now(collector).wall_ns;
	collector_tell_success(collector);
	wait_for_next_run(collector);
}

/* The run ended and nothing of it is on its way any more. */
static void run_settled(struct collector *collector)
{
	if (collector->part_lost) {
		/* It remembers more than the journal: start it again. */
		collector->result = -EIO;
		snprintf(collector->why, sizeof(collector->why),
			"its samples could not be kept");
		collector->counts.restarts++;
		if (collector->runner)
			runner_stop(collector);
		else
			runner_stopped(collector, true);
		return;
	}
	if (collector->asked_to_stop)
		come_to_rest(collector);
	else if (collector->result >= 0)
		run_succeeded(collector);
	else if (collector->is_lost && collector->n_reruns++ == 0)
		run_again(collector);
	else
		back_off(collector, collector->result);
}

/* The runner is gone, and with it the run. */
static void run_broke(struct collector *collector)
{
	if (collector->n_unsettled > 0)
		wait_for(collector, COLLECTOR_SETTLING, COLLECTOR_GRACE_NS);
	else
		run_settled(collector);
}

static void listener_on_done(
	struct runner_listener *listener, int result, const char *why)
{
	struct collector *collector = container_of(listener, struct collector, listener);
	char span[UNIT_TEXT_SIZE];

	if (collector->options.stream && result == -ECANCELED)
		result = 0; /* a stream that was ended has not failed */
	collector->result = result;
	snprintf(collector->why, sizeof(collector->why), "%s", why ? why : "");
	if (collector->state == COLLECTOR_LATE && result < 0) {
		duration_to_text(span, collector->options.timeout_ns);
		snprintf(collector->why, sizeof(collector->why),
			"it took longer than %s (timeout)", span);
	}
	run_broke(collector);
}

/* ---- the runner's answers ---------------------------------------------- */

/* Its start says that trying again is of no use. */
static bool start_is_final(struct collector *collector, int result)
{
	if (result == -ENOTSUP)
		log_info(collector->options.id, "has nothing to collect on this machine");
	else if (result == -EINVAL)
		log_error(collector->options.id,
			"does not start with this configuration: change it and reload");
	else
		return false;
	return true;
}

static void listener_on_started(struct runner_listener *listener, int result)
{
	struct collector *collector = container_of(listener, struct collector, listener);

	if (collector->state != COLLECTOR_STARTING)
		return;
	collector->result = result;
	collector->runner_started = result == 0;
	if (result == 0 && !collector->asked_to_stop)
		run_open(collector);
	else
		runner_stop(collector);
}

static void runner_stopped(struct collector *collector, bool was_started)
{
	if (collector->asked_to_stop) {
		come_to_rest(collector);
	} else if (!was_started && start_is_final(collector, collector->result)) {
		collector->counts.last_result = collector->result;
		collector_enter(collector, COLLECTOR_OFF);
		if (collector->options.once)
			collector_rest(collector);
	} else {
		back_off(collector, collector->result);
	}
}

static void listener_on_stopped(struct runner_listener *listener)
{
	struct collector *collector = container_of(listener, struct collector, listener);
	bool was_started = collector->runner_started;

	runner_forget(collector);
	runner_stopped(collector, was_started);
}

static void listener_on_lost(struct runner_listener *listener, const char *why)
{
	struct collector *collector = container_of(listener, struct collector, listener);
	enum collector_state state = collector->state;
	bool was_started = collector->runner_started;

	runner_forget(collector);
	switch (state) {
	case COLLECTOR_STARTING:
	case COLLECTOR_RUNNING:
	case COLLECTOR_LATE:
		snprintf(collector->why, sizeof(collector->why), "%s", why);
		collector->result = -ECONNRESET;
		collector->is_lost = true;
		run_broke(collector);
		break;
	case COLLECTOR_STOPPING:
		runner_stopped(collector, was_started);
		break;
	case COLLECTOR_IDLE:
	case COLLECTOR_BACKING_OFF:
	case COLLECTOR_SETTLING:
	case COLLECTOR_OFF:
	case COLLECTOR_PARKED:
		break; /* the next run has a new one */
	}
}

static void ask_run_to_end(struct collector *collector)
{
	wait_for(collector, COLLECTOR_LATE, COLLECTOR_GRACE_NS);
	collector->runner->ops->cancel(collector->runner);
}

static void collector_on_timer(struct timer *timer)
{
	struct collector *collector = container_of(timer, struct collector, timer);

	switch (collector->state) {
	case COLLECTOR_IDLE:
	case COLLECTOR_BACKING_OFF:
		run_due(collector);
		break;
	case COLLECTOR_STARTING:
		hang(collector, "its start", start_timeout(collector));
		break;
	case COLLECTOR_RUNNING:
		if (collector->n_held > 0) {
			/* It is the journal that takes nothing. */
			wait_for(collector, COLLECTOR_RUNNING,
				collector->options.timeout_ns);
			break;
		}
		collector->counts.timed_out++;
		ask_run_to_end(collector);
		break;
	case COLLECTOR_LATE:
		hang(collector, "a run", collector->options.timeout_ns);
		break;
	case COLLECTOR_STOPPING:
		hang(collector, "its stop", COLLECTOR_GRACE_NS);
		break;
	case COLLECTOR_SETTLING:
		/* The journal's disk hangs; its answer will come, or never. */
		wait_for(collector, COLLECTOR_SETTLING, COLLECTOR_GRACE_NS);
		break;
	case COLLECTOR_OFF:
	case COLLECTOR_PARKED:
		break;
	}
}

void collector_parts_settled(struct collector *collector)
{
	if (collector->state == COLLECTOR_SETTLING)
		run_settled(collector);
}

void collector_parts_lost(struct collector *collector)
{
	if (collector->state == COLLECTOR_RUNNING)
		ask_run_to_end(collector);
}

/* ---- for the owner ----------------------------------------------------- */

int collector_init(struct collector *collector, const struct collector_options *options)
{
	*collector = (struct collector){
		.listener = {
			.on_started = listener_on_started,
			.on_part = collector_on_part,
			.on_done = listener_on_done,
			.on_stopped = listener_on_stopped,
			.on_lost = listener_on_lost,
		},
		.options = *options,
		.timer.on_due = collector_on_timer,
		.held_timer.on_due = collector_on_held_due,
	};
	list_init(&collector->link);
	return timers_reserve(options->timers, TIMERS_EACH);
}

void collector_finish(struct collector *collector)
{
	collector_drop_held(collector);
	timers_unset(collector->options.timers, &collector->timer);
	timers_release(collector->options.timers, TIMERS_EACH);
	runner_forget(collector);
}

/* The same on each start and each machine with this identity. */
static uint64_t stable_hash(const char *text)
{
	static const struct hash_key key = { { 1, 2 } };

	return siphash64(&key, text, strlen(text));
}

void collector_start(struct collector *collector)
{
	const struct collector_options *options = &collector->options;

	if (options->once)
		collector->due_ns = collector_now(collector).monotonic_ns;
	else
		collector->due_ns = schedule_init(&collector->schedule,
			options->interval_ns, options->jitter_ns, options->align,
			stable_hash(options->identity), collector_now(collector));
	wait_until(collector, COLLECTOR_IDLE, collector->due_ns);
}

void collector_stop(struct collector *collector)
{
	collector->asked_to_stop = true;
	switch (collector->state) {
	case COLLECTOR_OFF:
	case COLLECTOR_IDLE:
	case COLLECTOR_BACKING_OFF:
		come_to_rest(collector);
		break;
	case COLLECTOR_RUNNING:
		ask_run_to_end(collector);
		break;
	case COLLECTOR_PARKED:
		collector_rest(collector);
		break;
	case COLLECTOR_STARTING:
	case COLLECTOR_LATE:
	case COLLECTOR_SETTLING:
	case COLLECTOR_STOPPING:
		break; /* what is under way ends by itself, each with a deadline */
	}
}

void collector_clock_jumped(struct collector *collector)
{
	if (!collector->options.align || collector->state != COLLECTOR_IDLE)
		return;
	collector->due_ns =
		schedule_again(&collector->schedule, collector_now(collector));
	wait_until(collector, COLLECTOR_IDLE, collector->due_ns);
}
