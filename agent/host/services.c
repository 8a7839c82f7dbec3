/* SPDX-License-Identifier: Apache-2.0 */
/* struct rk_host as an instance gets it. The members that register and emit have
 * files of their own. */
#include "internal.h"

#include "base/clock.h"
#include "base/log.h"
#include "extensions.h"
#include "model/secrets.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

void instance_redact(struct instance *instance, char *text)
{
	for (size_t i = 0; i < instance->n_secrets; i++)
		secret_hide(instance->secrets[i], text);
	derived_hide(&instance->derived, text);
}

void instance_misused(
	struct instance *instance, enum misuse misuse, const char *format, ...)
{
	va_list list;

	if (instance->misuses[misuse]++ > 0)
		return;
	va_start(list, format);
	log_write_list(LOG_LEVEL_WARNING, instance->id, format, list);
	va_end(list);
}

__attribute__((format(printf, 3, 4))) static void host_log(
	const struct rk_host *host, enum rk_level level, const char *format, ...)
{
	struct instance *instance = host->impl;
	char text[2048];
	va_list list;

	if ((int)level < RK_LOG_ERROR)
		level = RK_LOG_ERROR;
	if ((int)level > (int)log_get_level())
		return;
	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	instance_redact(instance, text);
	log_write((enum log_level)level, instance->id, "%s", text);
}

static void host_forget(const struct rk_host *host, uint32_t series)
{
	struct instance *instance = host->impl;

	pthread_mutex_lock(&instance->lock);
	series_table_forget(&instance->series, series);
	pthread_mutex_unlock(&instance->lock);
}

static int commit_locked(struct instance *instance)
{
	struct part *part;
	int r = instance_check_run(&instance->run);

	if (r < 0)
		return r;
	if (atomic_load(&instance->n_parts) >= INSTANCE_MAX_PARTS)
		return -EAGAIN;
	part = instance_take_part(instance);
	if (!part)
		return 0;
	r = part_failed(part) ? -ENOMEM : instance_send_part(instance, part);
	if (r < 0)
		instance_drop_part(instance, part);
	return r;
}

static int host_commit(struct rk_run *run)
{
	int r;

	pthread_mutex_lock(&run->instance->lock);
	r = commit_locked(run->instance);
	pthread_mutex_unlock(&run->instance->lock);
	return r;
}

/* What a run comes to: a plugin's word, unless the agent could not keep all. */
static int settle_result(struct rk_run *run, struct part *part, int result)
{
	if (result > RK_PARTIAL)
		result = -EINVAL;
	if (result >= 0 && run->refused)
		result = -ECANCELED;
	if (result >= 0 && part && part_failed(part))
		result = -ENOMEM;
	return result;
}

static void done_locked(struct instance *instance, int result, const char *why)
{
	struct part *part = instance_take_part(instance);
	const char *refused;

	instance->run.open = false;
	result = settle_result(&instance->run, part, result);
	refused = atomic_exchange(&instance->refused, NULL);
	if (refused) {
		result = -EPERM;
		why = refused;
	}
	if (result >= 0 && part) {
		int r = instance_send_part(instance, part);

		if (r < 0)
			result = r;
		else
			part = NULL;
	}
	if (part)
		instance_drop_part(instance, part);
	instance->done_result = result;
	instance->has_why = why != NULL;
	snprintf(instance->why, sizeof(instance->why), "%s", why ? why : "");
	instance_redact(instance, instance->why);
	mailbox_post(instance->shared->mailbox, &instance->on_done);
}

static void host_done(struct rk_run *run, int result, const char *why)
{
	struct instance *instance = run->instance;

	pthread_mutex_lock(&instance->lock);
	if (run->open)
		done_locked(instance, result, why);
	else
		instance_misused(instance, MISUSE_LATE_DONE,
			"calls done although no run is open: ignored");
	pthread_mutex_unlock(&instance->lock);
}

static bool host_cancelled(const struct rk_run *run)
{
	return atomic_load(&run->cancelled);
}

static const struct rk_request *host_request(const struct rk_run *run)
{
	return &run->request;
}

static int64_t host_now_ns(const struct rk_host *host)
{
	const struct instance *instance = host->impl;

	return clock_wall_ns(instance->shared->clock);
}

__attribute__((format(printf, 3, 4))) static void host_fault(
	struct rk_faults *faults, const char *path, const char *format, ...)
{
	/* Faults are told by check alone, which has services of its own (check.c). */
	(void)faults;
	(void)path;
	(void)format;
}

void services_init(struct instance *instance)
{
	instance->host = (struct rk_host){
		.abi = RK_ABI,
		.size = sizeof(struct rk_host),
		.impl = instance,
		.log = host_log,
		.series = instance_series,
		.forget = host_forget,
		.emit = instance_emit,
		.event = instance_event,
		.commit = host_commit,
		.done = host_done,
		.cancelled = host_cancelled,
		.request = host_request,
		.now_ns = host_now_ns,
		.fault = host_fault,
		.extension = extension_find,
	};
}
