/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the collector asks becomes a frame, and a frame of the child what it hears. The
 * child may say anything, so what it says is compared with where the runner is: nothing
 * is told twice, nothing behind its end, and no more parts than an instance may have on
 * their way.
 */
#include "remote.h"

#include "base/buffer.h"
#include "base/macros.h"
#include "base/utf8.h"
#include "child.h"
#include "model/secrets.h"
#include "model/transfer.h"
#include "wire_part.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* An instance has four on their way and one that its run ended with; the agent may be a
 * turn behind. */
#define MAX_PARTS 6

struct remote {
	struct runner runner;
	struct child *child; /* NULL: lost */
	uint32_t number;
	char *id; /* owned */
	const struct values *values;
	struct part_inspector inspector;
	size_t n_parts; /* on their way to the journal */
	bool was_started, awaits_start, runs, awaits_stop, stopped;
};

static struct remote *remote_of(struct runner *runner)
{
	return container_of(runner, struct remote, runner);
}

/* ---- what the collector asks ------------------------------------------- */

static void ask(struct remote *remote, enum wire_type type)
{
	if (!remote->child)
		return;
	wire_number(channel_out(&remote->child->channel), type, remote->number);
	channel_flush(&remote->child->channel);
}

static void remote_start(struct runner *runner)
{
	struct remote *remote = remote_of(runner);

	remote->was_started = remote->awaits_start = true;
	ask(remote, WIRE_START);
}

static void remote_collect(struct runner *runner, const struct rk_request *request)
{
	struct remote *remote = remote_of(runner);

	if (!remote->child)
		return;
	remote->runs = true;
	wire_put_request(channel_out(&remote->child->channel), remote->number, request);
	channel_flush(&remote->child->channel);
}

static void remote_cancel(struct runner *runner)
{
	ask(remote_of(runner), WIRE_CANCEL);
}

static void remote_stop(struct runner *runner)
{
	struct remote *remote = remote_of(runner);

	remote->awaits_stop = true;
	ask(remote, WIRE_STOP);
}

static void remote_part_settled(struct runner *runner)
{
	struct remote *remote = remote_of(runner);

	remote->n_parts--;
	ask(remote, WIRE_SETTLED);
}

static void remote_free(struct remote *remote)
{
	part_inspector_finish(&remote->inspector);
	free(remote->id);
	free(remote);
}

static void remote_destroy(struct runner *runner)
{
	struct remote *remote = remote_of(runner);
	struct child *child = remote->child;
	bool hangs = remote->was_started && !remote->stopped;

	if (child) {
		if (!hangs)
			ask(remote, WIRE_CLOSE);
		child_remove(child, remote);
		if (hangs)
			child_terminate(child, remote->id, "a collector in it hung");
	}
	remote_free(remote);
}

static const struct runner_ops remote_ops = {
	.start = remote_start,
	.collect = remote_collect,
	.cancel = remote_cancel,
	.stop = remote_stop,
	.part_settled = remote_part_settled,
	.destroy = remote_destroy,
};

/* ---- what the child says ----------------------------------------------- */

#define REFUSE(why, text) (buffer_append_text(why, text), -EBADMSG)

/* A result as rookery/plugin.h has it: 0, RK_PARTIAL or an errno. */
static int get_result(struct unpack *from)
{
	int64_t result = unpack_signed(from);

	from->failed |= result > RK_PARTIAL || result < -4095;
	return from->failed ? -EBADMSG : (int)result;
}

static int on_started(struct remote *remote, struct unpack *from, struct buffer *why)
{
	int result = get_result(from);

	if (!remote->awaits_start || from->failed)
		return REFUSE(why, "a start that was not asked for");
	remote->awaits_start = false;
	remote->runner.listener->on_started(remote->runner.listener, result);
	return 0;
}

static int on_part(struct remote *remote, struct unpack *from, struct buffer *why)
{
	struct part *part;
	int r;

	if (!remote->runs)
		return REFUSE(why, "a part although no run is open");
	if (remote->n_parts == MAX_PARTS)
		return REFUSE(why, "more parts than may be on their way");
	r = wire_get_part(from, &remote->inspector, &part, why);
	if (r < 0)
		return r;
	remote->n_parts++;
	remote->runner.listener->on_part(remote->runner.listener, part);
	return 0;
}

/* A reason is a line, whatever the child made of it. */
static void get_why(struct unpack *from, char *to, size_t size)
{
	struct slice text = unpack_byte(from) ? unpack_slice(from) : slice_of("");
	size_t n = MIN(utf8_valid_prefix(text.at, text.n), size - 1);

	memcpy(to, text.at, n);
	to[n] = '\0';
}

static int on_done(struct remote *remote, struct unpack *from, struct buffer *why)
{
	struct runner_listener *listener = remote->runner.listener;
	int result = get_result(from);
	char text[WIRE_MAX_LINE];

	get_why(from, text, sizeof(text));
	if (!remote->runs || from->failed)
		return REFUSE(why, "the end of a run that is not open");
	remote->runs = false;
	remote_hide_secrets(remote, text);
	listener->on_done(listener, result, *text ? text : NULL);
	return 0;
}

static int on_stopped(struct remote *remote, struct buffer *why)
{
	if (!remote->awaits_stop || remote->stopped)
		return REFUSE(why, "a stop that was not asked for");
	remote->stopped = true;
	remote->runner.listener->on_stopped(remote->runner.listener);
	return 0;
}

int remote_on_frame(struct remote *remote, struct wire_frame *frame, struct buffer *why)
{
	switch (frame->type) {
	case WIRE_STARTED:
		return on_started(remote, &frame->content, why);
	case WIRE_PART:
		return on_part(remote, &frame->content, why);
	case WIRE_DONE:
		return on_done(remote, &frame->content, why);
	case WIRE_STOPPED:
		return on_stopped(remote, why);
	default:
		return REFUSE(why, "a frame that is none");
	}
}

void remote_lost(struct remote *remote, const char *why)
{
	struct runner_listener *listener = remote->runner.listener;

	remote->child = NULL;
	listener->on_lost(listener, why);
}

/* ---- life -------------------------------------------------------------- */

const char *remote_id(const struct remote *remote)
{
	return remote->id;
}

void remote_hide_secrets(const struct remote *remote, char *text)
{
	values_hide_secrets(remote->values, text);
}

int remote_create(struct child *child, const struct wire_open *open,
	struct runner_listener *listener, struct runner **ret_runner)
{
	struct remote *remote = calloc(1, sizeof(*remote));
	int number;

	if (!remote)
		return -ENOMEM;
	remote->runner = (struct runner){ &remote_ops, listener, true };
	remote->child = child;
	remote->values = open->values;
	remote->id = strdup(open->id);
	number = remote->id ? part_inspector_init(
				      &remote->inspector, open->state, &open->tenants)
			    : -ENOMEM;
	if (number == 0)
		number = child_add(child, remote);
	if (number < 0) {
		remote_free(remote);
		return number;
	}
	remote->number = (uint32_t)number;
	wire_put_open(channel_out(&child->channel), remote->number, open);
	channel_flush(&child->channel);
	*ret_runner = &remote->runner;
	return 0;
}
