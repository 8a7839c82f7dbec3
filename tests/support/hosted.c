/* SPDX-License-Identifier: Apache-2.0 */
#include "hosted.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/macros.h"
#include "host/description.h"
#include "model/part.h"

#include "cases.h"
#include "loop.h"

#include <stdio.h>
#include <stdlib.h>

static struct hosted *hosted_of(struct runner_listener *listener)
{
	return container_of(listener, struct hosted, listener);
}

/* ---- the listener ------------------------------------------------------ */

static void on_started(struct runner_listener *listener, int result)
{
	hosted_of(listener)->start_result = result;
	hosted_of(listener)->started = true;
}

static void on_part(struct runner_listener *listener, struct part *part)
{
	struct hosted *hosted = hosted_of(listener);

	assert_true(hosted->n_parts < HOSTED_MAX_PARTS);
	hosted->parts[hosted->n_parts++] = part;
	if (hosted->hold_parts)
		hosted->n_held++;
	else
		hosted->runner->ops->part_settled(hosted->runner);
}

static void on_done(struct runner_listener *listener, int result, const char *why)
{
	struct hosted *hosted = hosted_of(listener);

	hosted->result = result;
	snprintf(hosted->why, sizeof(hosted->why), "%s", why ? why : "");
	hosted->done = true;
}

static void on_stopped(struct runner_listener *listener)
{
	hosted_of(listener)->stopped = true;
}

static void on_mailbox_closed(struct mailbox *mailbox)
{
	container_of(mailbox, struct hosted, mailbox)->mailbox_closed = true;
}

/* ---- the instance ------------------------------------------------------ */

static void open_loop(struct hosted *hosted)
{
	assert_int_equal(uv_loop_init(&hosted->loop), 0);
	assert_int_equal(ticker_open(&hosted->ticker, &hosted->loop, &clock_system), 0);
	assert_int_equal(mailbox_open(&hosted->mailbox, &hosted->loop), 0);
	hosted->shared = (struct host_shared){
		.loop = &hosted->loop,
		.clock = &clock_system,
		.timers = &hosted->ticker.timers,
		.mailbox = &hosted->mailbox,
	};
}

struct hosted *hosted_open(const struct rk_plugin *plugin, const struct values *values)
{
	struct hosted *hosted = calloc(1, sizeof(*hosted));
	struct buffer why = { 0 };
	struct values none = { 0 };
	struct instance_options options = {
		.id = "test",
		.values = values ? values : &none,
		.max_series = 1000,
	};

	assert_non_null(hosted);
	hosted->listener = (struct runner_listener){ on_started, on_part, on_done,
		on_stopped, NULL };
	hosted->object = (struct object){ .plugin = *plugin };
	if (description_read(plugin, &hosted->object.description, &why) < 0)
		fail_msg("%s", buffer_text(&why));
	none.set = &hosted->object.description.options;
	open_loop(hosted);
	options.object = &hosted->object;
	options.shared = &hosted->shared;
	assert_int_equal(
		instance_create(&options, &hosted->listener, &hosted->runner), 0);
	return hosted;
}

void hosted_run_until(struct hosted *hosted, const bool *flag)
{
	loop_run_until(&hosted->loop, flag);
}

int hosted_start(struct hosted *hosted)
{
	hosted->runner->ops->start(hosted->runner);
	hosted_run_until(hosted, &hosted->started);
	return hosted->start_result;
}

void hosted_begin(struct hosted *hosted)
{
	struct rk_request request = { 0 };

	hosted->done = false;
	hosted->runner->ops->collect(hosted->runner, &request);
	assert_false(hosted->done);
}

int hosted_finish_run(struct hosted *hosted)
{
	hosted_run_until(hosted, &hosted->done);
	return hosted->result;
}

int hosted_collect(struct hosted *hosted)
{
	hosted_begin(hosted);
	return hosted_finish_run(hosted);
}

void hosted_cancel(struct hosted *hosted)
{
	hosted->runner->ops->cancel(hosted->runner);
}

void hosted_release_parts(struct hosted *hosted)
{
	hosted->hold_parts = false;
	for (; hosted->n_held > 0; hosted->n_held--)
		hosted->runner->ops->part_settled(hosted->runner);
}

void hosted_drop_parts(struct hosted *hosted)
{
	while (hosted->n_parts > 0)
		part_destroy(hosted->parts[--hosted->n_parts]);
}

void hosted_stop(struct hosted *hosted)
{
	hosted->runner->ops->stop(hosted->runner);
	assert_false(hosted->stopped);
	hosted_run_until(hosted, &hosted->stopped);
	hosted->runner->ops->destroy(hosted->runner);
	hosted->runner = NULL;
}

void hosted_park(struct hosted *hosted)
{
	hosted->runner->ops->destroy(hosted->runner);
	hosted->runner = NULL;
}

void hosted_close(struct hosted *hosted)
{
	hosted_drop_parts(hosted);
	if (hosted->runner)
		hosted_stop(hosted);
	mailbox_close(&hosted->mailbox, on_mailbox_closed);
	hosted_run_until(hosted, &hosted->mailbox_closed);
	assert_int_equal(hosted->ticker.timers.n, 0);
	assert_int_equal(hosted->ticker.timers.capacity, 0);
	ticker_close(&hosted->ticker);
	loop_finish(&hosted->loop);
	description_finish(&hosted->object.description);
	free(hosted);
}
