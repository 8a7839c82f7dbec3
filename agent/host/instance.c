/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of an instance, as its owner drives it:
 *
 *	create -> start -> on_started -> (collect -> on_part* -> on_done)* -> stop
 *	       -> on_stopped -> destroy
 *
 * What the plugin answers comes from its own thread or from within the call, and
 * goes through the mailbox in both cases, so that the owner hears it on a later
 * turn of the loop and in the order in which it happened.
 */
#include "internal.h"

#include "base/clock.h"
#include "base/log.h"
#include "model/match.h"
#include "model/options.h"
#include "model/secrets.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct instance *instance_of(struct runner *runner)
{
	struct instance *instance = container_of(runner, struct instance, runner);

	assert(instance->magic == INSTANCE_MAGIC);
	return instance;
}

static bool is_blocking(const struct instance *instance)
{
	return instance->object->plugin.flags & RK_BLOCKING;
}

/* ---- parts ------------------------------------------------------------- */

struct part_mail {
	struct mail mail;
	struct instance *instance;
	struct part *part;
};

static void part_mail_deliver(struct mail *mail)
{
	struct part_mail *part_mail = container_of(mail, struct part_mail, mail);
	struct runner_listener *listener = part_mail->instance->runner.listener;
	struct part *part = part_mail->part;

	free(part_mail);
	if (listener)
		listener->on_part(listener, part);
	else
		part_destroy(part);
}

struct part *instance_take_part(struct instance *instance)
{
	struct part *part = instance->run.part;

	instance->run.part = NULL;
	instance->run.part_began_ns = clock_wall_ns(instance->shared->clock);
	if (part && part_is_empty(part)) {
		instance_drop_part(instance, part);
		return NULL;
	}
	return part;
}

void instance_drop_part(struct instance *instance, struct part *part)
{
	for (size_t i = 0; i < part->n_used; i++) {
		struct series_entry *entry =
			series_table_at(&instance->series, part->used[i]);

		if (entry)
			entry->known = false;
	}
	series_table_close_part(&instance->series);
	part_destroy(part);
	/* Where memory is short the state is empty rather than wrong; the instance
	 * cannot do much without memory anyway. */
	(void)state_copy(&instance->working, &instance->base);
}

int instance_send_part(struct instance *instance, struct part *part)
{
	struct slice operations = { (char *)part->state.data, part->state.size };
	struct part_mail *mail = malloc(sizeof(*mail));

	if (!mail || state_apply(&instance->base, operations) < 0) {
		free(mail);
		return -ENOMEM;
	}
	*mail = (struct part_mail){
		.mail.deliver = part_mail_deliver,
		.instance = instance,
		.part = part,
	};
	series_table_close_part(&instance->series);
	atomic_fetch_add(&instance->n_parts, 1);
	mailbox_post(instance->shared->mailbox, &mail->mail);
	return 0;
}

static void instance_part_settled(struct runner *runner)
{
	atomic_fetch_sub(&instance_of(runner)->n_parts, 1);
}

/* ---- calls into the plugin --------------------------------------------- */

/* On the loop's thread or on the worker's. */
static void call_plugin(struct instance *instance, void (*call)(void *context))
{
	if (instance->has_worker)
		worker_call(&instance->worker, call, instance);
	else
		call(instance);
}

static void deliver_started(struct mail *mail)
{
	struct instance *instance = container_of(mail, struct instance, on_started);
	struct runner_listener *listener = instance->runner.listener;

	if (listener)
		listener->on_started(listener, instance->start_result);
}

static void call_start(void *context)
{
	struct instance *instance = context;
	const struct rk_plugin *plugin = &instance->object->plugin;
	const char *refused;

	call_begin(instance, CALL_START);
	instance->start_result =
		plugin->start ? plugin->start(instance->state, &instance->host) : 0;
	call_end(instance);
	refused = atomic_exchange(&instance->refused, NULL);
	if (instance->start_result > 0)
		instance->start_result = -EINVAL;
	if (refused) {
		log_error(instance->id, "cannot start: it %s", refused);
		instance->start_result = -EPERM;
	}
	mailbox_post(instance->shared->mailbox, &instance->on_started);
}

static void instance_start(struct runner *runner)
{
	struct instance *instance = instance_of(runner);

	instance->started = true;
	if (is_blocking(instance)) {
		int r = worker_start(&instance->worker, instance->id);

		if (r < 0) {
			instance->start_result = r;
			instance->stopped = true; /* the plugin was never called */
			mailbox_post(instance->shared->mailbox, &instance->on_started);
			return;
		}
		instance->has_worker = true;
	}
	call_plugin(instance, call_start);
}

static void deliver_done(struct mail *mail)
{
	struct instance *instance = container_of(mail, struct instance, on_done);
	struct runner_listener *listener = instance->runner.listener;

	if (listener)
		listener->on_done(listener, instance->done_result,
			instance->has_why ? instance->why : NULL);
}

static void call_collect(void *context)
{
	struct instance *instance = context;

	call_begin(instance, CALL_COLLECT);
	instance->object->plugin.collect(instance->state, &instance->run);
	call_end(instance);
}

static void instance_collect(struct runner *runner, const struct rk_request *request)
{
	struct instance *instance = instance_of(runner);
	struct rk_run *run = &instance->run;

	pthread_mutex_lock(&instance->lock);
	assert(!run->open);
	run->request = *request;
	run->request.size = sizeof(run->request);
	run->open = true;
	run->refused = false;
	run->part_began_ns = clock_wall_ns(instance->shared->clock);
	run->began_ns = clock_monotonic_ns(instance->shared->clock);
	atomic_store(&run->cancelled, false);
	pthread_mutex_unlock(&instance->lock);
	call_plugin(instance, call_collect);
}

/* What the plugin said of its end may not have come here yet. */
static bool is_open(struct instance *instance)
{
	bool open;

	pthread_mutex_lock(&instance->lock);
	open = instance->run.open;
	pthread_mutex_unlock(&instance->lock);
	return open;
}

static void instance_cancel(struct runner *runner)
{
	struct instance *instance = instance_of(runner);
	const struct rk_plugin *plugin = &instance->object->plugin;

	atomic_store(&instance->run.cancelled, true);
	if (!plugin->cancel || is_blocking(instance) || !is_open(instance))
		return;
	call_begin(instance, CALL_CANCEL);
	plugin->cancel(instance->state, &instance->run);
	call_end(instance);
}

static void deliver_stopped(struct mail *mail)
{
	struct instance *instance = container_of(mail, struct instance, on_stopped);
	struct runner_listener *listener = instance->runner.listener;

	instance->stopped = true;
	if (listener)
		listener->on_stopped(listener);
}

void instance_is_quiet(struct instance *instance)
{
	if (instance->stop_returned && instance->loop.n_closing == 0)
		mailbox_post(instance->shared->mailbox, &instance->on_stopped);
}

static void call_stop(void *context)
{
	struct instance *instance = context;

	call_begin(instance, CALL_STOP);
	if (instance->object->plugin.stop)
		instance->object->plugin.stop(instance->state);
	call_end(instance);
	instance->stop_returned = true;
	instance_is_quiet(instance);
}

static void instance_stop(struct runner *runner)
{
	struct instance *instance = instance_of(runner);

	instance_drop_requests(instance);
	instance_loop_end(instance);
	if (instance->stopped)
		mailbox_post(instance->shared->mailbox, &instance->on_stopped);
	else
		call_plugin(instance, call_stop);
}

/* ---- storage ----------------------------------------------------------- */

static void instance_free(struct instance *instance)
{
	if (instance->has_worker)
		worker_end(&instance->worker);
	part_destroy(instance->run.part);
	metric_table_finish(&instance->metrics);
	series_table_finish(&instance->series);
	state_finish(&instance->base);
	state_finish(&instance->working);
	buffer_finish(&instance->scratch);
	buffer_finish(&instance->packed);
	pthread_mutex_destroy(&instance->lock);
	derived_finish(&instance->derived);
	arena_wipe(&instance->arena);
	arena_finish(&instance->arena);
	free(instance->state);
	free(instance->id);
	free(instance);
}

/* Left behind for good, hanging as it does: it gets no callback and is not heard. */
static void instance_park(struct instance *instance)
{
	instance_loop_end(instance);
	instance->runner.listener = NULL;
}

static void instance_destroy(struct runner *runner)
{
	struct instance *instance = instance_of(runner);

	instance_drop_requests(instance);
	if (!instance->started || instance->stopped)
		instance_free(instance);
	else
		instance_park(instance);
}

static const struct runner_ops instance_ops = {
	.start = instance_start,
	.collect = instance_collect,
	.cancel = instance_cancel,
	.stop = instance_stop,
	.part_settled = instance_part_settled,
	.destroy = instance_destroy,
};

static int copy_tenants(struct instance *instance, const struct rk_list *tenants)
{
	const char **copy =
		arena_take(&instance->arena, (tenants->n + 1) * sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	for (size_t i = 0; i < tenants->n; i++) {
		copy[i] = arena_copy_text(
			&instance->arena, tenants->items[i], strlen(tenants->items[i]));
		if (!copy[i])
			return -ENOMEM;
	}
	instance->tenants = copy;
	instance->n_tenants = tenants->n;
	return 0;
}

static int copy_secrets(struct instance *instance, const struct values *values)
{
	size_t n = values_secrets(values, NULL, 0);
	const char **secrets = arena_take(&instance->arena, (n + 1) * sizeof(*secrets));

	if (!secrets)
		return -ENOMEM;
	instance->n_secrets = values_secrets(values, secrets, n);
	for (size_t i = 0; i < n; i++) {
		secrets[i] =
			arena_copy_text(&instance->arena, secrets[i], strlen(secrets[i]));
		if (!secrets[i])
			return -ENOMEM;
	}
	instance->secrets = secrets;
	return 0;
}

static int instance_fill(
	struct instance *instance, const struct instance_options *options)
{
	const struct rk_plugin *plugin = &options->object->plugin;
	int r;

	instance->id = strdup(options->id);
	instance->state = calloc(1, plugin->state_size ? plugin->state_size : 1);
	if (!instance->id || !instance->state)
		return -ENOMEM;
	r = options_fill(&instance->arena, options->values, plugin->options,
		plugin->option_size, instance->state);
	if (r == 0)
		r = copy_tenants(instance, &options->tenants);
	if (r == 0)
		r = match_copy(&instance->arena, &options->drop, &instance->drop);
	if (r == 0)
		r = match_copy(&instance->arena, &options->keep, &instance->keep);
	if (r == 0)
		r = copy_secrets(instance, options->values);
	if (r == 0 && options->state)
		r = state_copy(&instance->base, options->state);
	if (r == 0)
		r = state_copy(&instance->working, &instance->base);
	return r;
}

int instance_create(const struct instance_options *options,
	struct runner_listener *listener, struct runner **ret_runner)
{
	struct instance *instance = calloc(1, sizeof(*instance));
	int r;

	if (!instance)
		return -ENOMEM;
	instance->magic = INSTANCE_MAGIC;
	instance->runner = (struct runner){ .ops = &instance_ops, .listener = listener };
	instance->object = options->object;
	instance->shared = options->shared;
	instance->allows_special = options->allows_special;
	instance->place = options->place ? options->place : &instance->own_place;
	instance->run.instance = instance;
	instance->on_started.deliver = deliver_started;
	instance->on_done.deliver = deliver_done;
	instance->on_stopped.deliver = deliver_stopped;
	pthread_mutex_init(&instance->lock, NULL);
	derived_init(&instance->derived);
	metric_table_init(&instance->metrics, &options->object->description);
	series_table_init(&instance->series, options->max_series);
	services_init(instance);
	instance_loop_init(instance);
	r = instance_fill(instance, options);
	if (r < 0) {
		instance_free(instance);
		return r;
	}
	*ret_runner = &instance->runner;
	return 0;
}
