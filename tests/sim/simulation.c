/* SPDX-License-Identifier: Apache-2.0 */
#include "simulation.h"

#include "base/macros.h"

#include "cases.h"
#include "parts.h"

#include <errno.h>
#include <stdlib.h>

/* Something that is said on the loop's next turn, never at once. */
struct answer {
	struct list link;
	void (*say)(struct answer *answer);
	struct actor_runner *runner;
	struct actor *actor;
	struct part *part;
	int result;
};

/* The simulated plugin behind a collector. */
struct actor_runner {
	struct runner runner;
	struct actor *actor;
	struct timer timer; /* the end of the run */
	bool run_is_open, cancelled;
	size_t n_answers;
	bool destroyed;
};

static int64_t sim_monotonic_ns(const struct clock *clock)
{
	return container_of_const(clock, struct simulation, clock)->monotonic_ns;
}

static int64_t sim_wall_ns(const struct clock *clock)
{
	return container_of_const(clock, struct simulation, clock)->wall_ns;
}

void simulation_init(struct simulation *simulation)
{
	*simulation = (struct simulation){
		.clock = { sim_monotonic_ns, sim_wall_ns },
		.monotonic_ns = 1000 * NS_PER_SECOND,
		.wall_ns = SIM_WALL_BEGIN_NS,
	};
	list_init(&simulation->answers);
	list_init(&simulation->unsettled);
	random_seed(&simulation->random, 4711);
	timers_init(&simulation->timers, &simulation->clock);
	assert_int_equal(scheduler_init(&simulation->scheduler, &simulation->timers), 0);
}

void simulation_finish(struct simulation *simulation)
{
	scheduler_finish(&simulation->scheduler);
	timers_finish(&simulation->timers);
	assert_true(list_is_empty(&simulation->answers));
}

static void answer_later(struct answer answer, struct list *answers)
{
	struct answer *copy = malloc(sizeof(*copy));

	*copy = answer;
	if (copy->runner)
		copy->runner->n_answers++;
	list_append(answers, &copy->link);
}

static void runner_unref(struct actor_runner *runner)
{
	if (runner && runner->destroyed && runner->n_answers == 0 && !runner->run_is_open)
		free(runner);
}

static void say_answers(struct simulation *simulation)
{
	while (!list_is_empty(&simulation->answers)) {
		struct answer *answer =
			container_of(simulation->answers.next, struct answer, link);

		list_remove(&answer->link);
		if (!answer->runner || !answer->runner->destroyed)
			answer->say(answer);
		else
			part_destroy(answer->part);
		if (answer->runner)
			answer->runner->n_answers--;
		runner_unref(answer->runner);
		free(answer);
	}
}

void simulation_run(struct simulation *simulation, int64_t span_ns)
{
	int64_t end_ns = simulation->monotonic_ns + span_ns;

	for (;;) {
		int64_t next_ns;

		say_answers(simulation);
		next_ns = timers_next_ns(&simulation->timers);
		if (next_ns > end_ns)
			break;
		if (next_ns > simulation->monotonic_ns) {
			simulation->wall_ns += next_ns - simulation->monotonic_ns;
			simulation->monotonic_ns = next_ns;
		}
		timers_run(&simulation->timers);
	}
	simulation->wall_ns += end_ns - simulation->monotonic_ns;
	simulation->monotonic_ns = end_ns;
}

void simulation_jump(struct simulation *simulation, int64_t span_ns)
{
	simulation->wall_ns += span_ns;
}

/* ---- the plugin -------------------------------------------------------- */

static void say_started(struct answer *answer)
{
	struct runner_listener *listener = answer->runner->runner.listener;

	listener->on_started(listener, answer->result);
}

static void say_stopped(struct answer *answer)
{
	struct runner_listener *listener = answer->runner->runner.listener;

	listener->on_stopped(listener);
}

static void say_part(struct answer *answer)
{
	struct runner_listener *listener = answer->runner->runner.listener;

	listener->on_part(listener, answer->part);
}

static void say_done(struct answer *answer)
{
	struct runner_listener *listener = answer->runner->runner.listener;

	listener->on_done(
		listener, answer->result, answer->result < 0 ? "it broke" : NULL);
}

static struct actor_runner *runner_of(struct runner *runner)
{
	return container_of(runner, struct actor_runner, runner);
}

static void answer_of(struct actor_runner *runner, void (*say)(struct answer *answer),
	int result, struct part *part)
{
	answer_later((struct answer){ .say = say,
			     .runner = runner,
			     .actor = runner->actor,
			     .part = part,
			     .result = result },
		&runner->actor->simulation->answers);
}

static void emit_parts(struct actor_runner *runner)
{
	struct actor *actor = runner->actor;

	for (size_t i = 0; i < actor->behaviour.n_parts; i++) {
		struct part *part = parts_make(0, 1, (int64_t)actor->n_began, false);

		if (actor->behaviour.begins_event)
			state_pack_set(
				&part->state, slice_of("!event/key"), slice_of(""));
		answer_of(runner, say_part, 0, part);
	}
}

static void run_end(struct actor_runner *runner, int result)
{
	struct actor *actor = runner->actor;

	if (!runner->run_is_open)
		return;
	runner->run_is_open = false;
	actor->n_runs_open--;
	timers_unset(&actor->simulation->timers, &runner->timer);
	if (result >= 0 && !actor->behaviour.emits_first)
		emit_parts(runner);
	answer_of(runner, say_done, result, NULL);
}

static void run_on_due(struct timer *timer)
{
	struct actor_runner *runner = container_of(timer, struct actor_runner, timer);

	run_end(runner, runner->actor->behaviour.run_result);
}

static void sim_start(struct runner *runner)
{
	struct actor *actor = runner_of(runner)->actor;

	actor->n_starts++;
	if (!actor->behaviour.start_hangs)
		answer_of(runner_of(runner), say_started, actor->behaviour.start_result,
			NULL);
}

static void sim_collect(struct runner *runner, const struct rk_request *request)
{
	struct actor *actor = runner_of(runner)->actor;
	struct simulation *simulation = actor->simulation;

	(void)request;
	assert_false(runner_of(runner)->run_is_open);
	runner_of(runner)->run_is_open = true;
	runner_of(runner)->cancelled = false;
	actor->n_runs_open++;
	actor->most_runs_open = MAX(actor->most_runs_open, actor->n_runs_open);
	if (actor->n_began < LENGTH(actor->began_ns)) {
		actor->began_ns[actor->n_began] = simulation->monotonic_ns;
		actor->began_wall_ns[actor->n_began] = simulation->wall_ns;
	}
	actor->n_began++;
	if (actor->behaviour.emits_first)
		emit_parts(runner_of(runner));
	if (actor->behaviour.run_ns == 0)
		run_end(runner_of(runner), actor->behaviour.run_result);
	else if (actor->behaviour.run_ns > 0)
		timers_set_after(&simulation->timers, &runner_of(runner)->timer,
			actor->behaviour.run_ns);
}

static void sim_cancel(struct runner *runner)
{
	struct actor *actor = runner_of(runner)->actor;

	actor->n_cancels++;
	if (actor->behaviour.obeys_cancel)
		run_end(runner_of(runner), -ECANCELED);
}

static void sim_stop(struct runner *runner)
{
	struct actor *actor = runner_of(runner)->actor;

	assert_false(runner_of(runner)->run_is_open);
	actor->n_stops++;
	if (!actor->behaviour.stop_hangs)
		answer_of(runner_of(runner), say_stopped, 0, NULL);
}

static void sim_part_settled(struct runner *runner)
{
	(void)runner;
}

static void sim_destroy(struct runner *runner)
{
	struct actor_runner *sim = runner_of(runner);

	sim->destroyed = true;
	if (sim->run_is_open) {
		/* A hanging one: in the real world its memory stays. */
		sim->run_is_open = false;
		sim->actor->n_runs_open--;
	}
	timers_unset(&sim->actor->simulation->timers, &sim->timer);
	timers_release(&sim->actor->simulation->timers, 1);
	runner_unref(sim);
}

static const struct runner_ops sim_ops = {
	.start = sim_start,
	.collect = sim_collect,
	.cancel = sim_cancel,
	.stop = sim_stop,
	.part_settled = sim_part_settled,
	.destroy = sim_destroy,
};

void actor_lose(struct actor *actor)
{
	struct runner *runner = actor->collector.runner;
	struct actor_runner *sim;

	if (!runner)
		return;
	sim = runner_of(runner);
	if (sim->run_is_open)
		actor->n_runs_open--;
	sim->run_is_open = false;
	timers_unset(&actor->simulation->timers, &sim->timer);
	runner->listener->on_lost(runner->listener, "its process died");
}

/* ---- the collector's services ------------------------------------------ */

static int sim_open(
	void *context, struct collector *collector, struct runner **ret_runner)
{
	struct actor *actor = context;
	struct actor_runner *runner = calloc(1, sizeof(*runner));

	runner->runner = (struct runner){ .ops = &sim_ops,
		.listener = &collector->listener,
		.is_apart = actor->behaviour.is_apart };
	runner->actor = actor;
	runner->timer.on_due = run_on_due;
	assert_int_equal(timers_reserve(&actor->simulation->timers, 1), 0);
	actor->n_opened++;
	actor->state_size_at_start = actor->committed.n;
	*ret_runner = &runner->runner;
	return 0;
}

static void sim_close(void *context, struct collector *collector)
{
	struct actor *actor = context;

	(void)collector;
	actor->n_closed++;
}

static void say_settled(struct answer *answer)
{
	struct actor *actor = answer->actor;
	struct buffer *operations = &answer->part->state;

	if (answer->result == 0)
		assert_int_equal(state_apply(&actor->committed,
					 (struct slice){ (char *)operations->data,
						 operations->size }),
			0);
	collector_part_settled(&actor->collector, answer->result, answer->part);
	part_destroy(answer->part);
}

static int sim_append(void *context, struct collector *collector, struct part *part)
{
	struct actor *actor = context;
	struct simulation *simulation = actor->simulation;

	(void)collector;
	simulation->n_appends++;
	if (simulation->append_result < 0)
		return simulation->append_result;
	answer_later((struct answer){ .say = say_settled,
			     .actor = actor,
			     .part = part,
			     .result = simulation->settle_result },
		simulation->hold_settling ? &simulation->unsettled
					  : &simulation->answers);
	return 0;
}

void simulation_settle(struct simulation *simulation)
{
	list_splice(&simulation->answers, &simulation->unsettled);
}

static void sim_on_rest(void *context, struct collector *collector)
{
	struct actor *actor = context;

	(void)collector;
	actor->n_rests++;
}

/* ---- actors ---------------------------------------------------------------- */

void actor_init(struct actor *actor, struct simulation *simulation, const char *id,
	int64_t interval_ns)
{
	*actor = (struct actor){
		.simulation = simulation,
		.services = {
			.open = sim_open,
			.close = sim_close,
			.append = sim_append,
			.on_rest = sim_on_rest,
			.context = actor,
		},
		.behaviour = { .obeys_cancel = true, .n_parts = 1 },
		.options = {
			.id = id,
			.identity = id,
			.interval_ns = interval_ns,
			.timeout_ns = interval_ns,
			.timers = &simulation->timers,
			.random = &simulation->random,
		},
	};
	actor->options.services = &actor->services;
}

void actor_add(struct actor *actor)
{
	assert_int_equal(collector_init(&actor->collector, &actor->options), 0);
	scheduler_add(&actor->simulation->scheduler, &actor->collector);
}

void actor_finish(struct actor *actor)
{
	size_t before = actor->n_rests;

	collector_stop(&actor->collector);
	simulation_settle(actor->simulation);
	for (int i = 0; i < 100 && actor->n_rests == before; i++)
		simulation_run(actor->simulation, NS_PER_SECOND);
	assert_int_equal(actor->n_rests, before + 1);
	scheduler_remove(&actor->simulation->scheduler, &actor->collector);
	collector_finish(&actor->collector);
	state_finish(&actor->committed);
	assert_int_equal(actor->n_opened, actor->n_closed);
}
