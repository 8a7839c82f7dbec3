/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "child_end.h"
#include "host/shared.h"
#include "plugin_file.h"
#include "remote.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long it may take until a child is ready, ends when nobody needs it, and ends after
 * a signal; and how long what it said last may take to arrive once it has died. */
#define READY_NS     (30 * NS_PER_SECOND)
#define END_NS       (2 * NS_PER_SECOND)
#define TERMINATE_NS (1 * NS_PER_SECOND)
#define LAST_WORD_NS (1 * NS_PER_SECOND)

static void child_enter(struct child *child, enum child_state state, int64_t most_ns)
{
	child->state = state;
	timers_unset(child->options.shared->timers, &child->deadline);
	if (most_ns > 0)
		timers_set_after(
			child->options.shared->timers, &child->deadline, most_ns);
}

/* ---- the end ----------------------------------------------------------- */

static void on_handle_closed(struct child *child)
{
	if (--child->n_closing > 0)
		return;
	timers_unset(child->options.shared->timers, &child->deadline);
	timers_release(child->options.shared->timers, 1);
	child->options.on_gone(child->options.context, child);
	page_unmap(child->page);
	grants_finish(&child->grants);
	free(child->only);
	free(child->state_folder);
	free(child);
}

static void on_exit_poll_closed(uv_handle_t *handle)
{
	on_handle_closed(
		container_of((uv_poll_t *)(void *)handle, struct child, exit_poll));
}

static void on_channel_closed(struct channel *channel)
{
	on_handle_closed(container_of(channel, struct child, channel));
}

static void on_output_closed(struct child_output *output)
{
	on_handle_closed(container_of(output, struct child, output));
}

/* It has died, and all that it said was heard. */
static void child_bury(struct child *child)
{
	char why[CHILD_WHY_SIZE];
	struct child_end end = {
		.wanted = child->state == CHILD_ENDING && child->status == 0,
		.why = why,
	};

	child_enter(child, CHILD_KILLED, 0);
	child_output_drain(&child->output);
	end.blamed = child_end_tell(child, why, sizeof(why));
	child->options.on_died(child->options.context, child, &end);
	for (size_t i = 0; i < LENGTH(child->remotes); i++) {
		struct remote *remote = child->remotes[i];

		child->remotes[i] = NULL;
		if (remote)
			remote_lost(remote, why);
	}
	child->n_remotes = 0;
	child_output_close(&child->output);
	channel_close(&child->channel);
}

static void on_exit_poll(uv_poll_t *poll, int status, int events)
{
	struct child *child = container_of(poll, struct child, exit_poll);

	(void)status;
	(void)events;
	if (process_wait(&child->process, &child->status) == -EAGAIN)
		return;
	child->exited = true;
	uv_close((uv_handle_t *)&child->exit_poll, on_exit_poll_closed);
	process_finish(&child->process);
	if (child->channel_ended)
		child_bury(child);
	else
		timers_set_after(
			child->options.shared->timers, &child->deadline, LAST_WORD_NS);
}

static void on_channel_end(struct channel *channel, int result)
{
	struct child *child = container_of(channel, struct child, channel);

	child->channel_ended = true;
	if (child->exited) {
		child_bury(child);
		return;
	}
	if (result < 0 && !*child->why)
		child_kill(child, NULL, "it cannot be heard any more");
	/* It is dying, or has closed what it must not close. */
	else if (child->state < CHILD_TERMINATED)
		timers_set_after(
			child->options.shared->timers, &child->deadline, LAST_WORD_NS);
}

static void on_deadline(struct timer *timer)
{
	struct child *child = container_of(timer, struct child, deadline);

	if (child->exited)
		child_bury(child); /* somebody else has its end of the connection */
	else if (child->state == CHILD_STARTING && !child->channel_ended)
		child_kill(child, NULL, "it was not ready in time");
	else if (child->channel_ended && child->state < CHILD_ENDING)
		child_kill(child, NULL, "it closed its connection to the agent");
	else if (child->state == CHILD_TERMINATED)
		child_kill(child, NULL, "");
	else
		child_terminate(child, NULL, "it did not end when nobody needed it");
}

/* The first reason is the one that counts. */
static void end_with(struct child *child, const char *offender, const char *why)
{
	if (*child->why)
		return;
	snprintf(child->why, sizeof(child->why), "%s", why);
	snprintf(
		child->offender, sizeof(child->offender), "%s", offender ? offender : "");
}

void child_end(struct child *child)
{
	if (child->state >= CHILD_ENDING)
		return;
	child_enter(child, CHILD_ENDING, END_NS);
	shutdown(child->channel.fd, SHUT_WR);
}

void child_terminate(struct child *child, const char *offender, const char *why)
{
	end_with(child, offender, why);
	if (child->state >= CHILD_TERMINATED || child->exited)
		return;
	child_enter(child, CHILD_TERMINATED, TERMINATE_NS);
	process_signal(&child->process, SIGTERM);
}

void child_kill(struct child *child, const char *offender, const char *why)
{
	end_with(child, offender, why);
	if (child->state == CHILD_KILLED || child->exited)
		return;
	child_enter(child, CHILD_KILLED, 0);
	process_signal(&child->process, SIGKILL);
}

/* ---- what it says ------------------------------------------------------ */

static int on_ready(struct child *child, struct unpack *from, struct buffer *why)
{
	const struct plugin_file *plugin = child->options.plugin;
	struct hash128 hash;

	if (child->state != CHILD_STARTING || unpack_unsigned(from) != WIRE_VERSION) {
		buffer_append_text(why, "it is ready twice, or of another version");
		return -EBADMSG;
	}
	if (unpack_byte(from)) {
		struct slice refusal = unpack_slice(from);

		buffer_append(why, refusal.at, MIN(refusal.n, (size_t)400));
		return -EBADMSG;
	}
	if (unpack_byte(from))
		child->options.on_missing(child->options.context, unpack_slice(from));
	hash = siphash128(&plugin_hash_key, from->at, (size_t)(from->end - from->at));
	if (memcmp(&hash, &plugin->hash, sizeof(hash)) != 0) {
		buffer_append_text(
			why, "it describes itself otherwise than it did before");
		return -EBADMSG;
	}
	child_enter(child, CHILD_READY, 0);
	return 0;
}

/* Lines are under the name of a collector that is here, or of the plugin. */
static int on_log(struct child *child, struct unpack *from)
{
	unsigned int level = unpack_byte(from);
	struct slice who = unpack_slice(from), text = unpack_slice(from);
	const char *name = child->output.who;

	if (from->failed || level < LOG_LEVEL_ERROR || level > LOG_LEVEL_DEBUG)
		return -EBADMSG;
	for (size_t i = 0; i < LENGTH(child->remotes); i++) {
		if (child->remotes[i] &&
			slice_equal(slice_of(remote_id(child->remotes[i])), who))
			name = remote_id(child->remotes[i]);
	}
	if (level <= (unsigned int)log_get_level() &&
		child_output_may_log(&child->output))
		log_write((enum log_level)level, name, "%.*s",
			(int)MIN(text.n, (size_t)WIRE_MAX_LINE), text.at);
	snprintf(child->output.last, sizeof(child->output.last), "%.*s",
		(int)MIN(text.n, (size_t)OUTPUT_LINE_SIZE), text.at);
	return 0;
}

static int on_remote_frame(
	struct child *child, struct wire_frame *frame, struct buffer *why)
{
	uint32_t number =
		(uint32_t)unpack_up_to(&frame->content, CHILD_MAX_INSTANCES - 1);
	struct remote *remote = child->remotes[number];

	if (!frame->content.failed && remote)
		return remote_on_frame(remote, frame, why);
	/* One that hung, and that nobody wants to hear of any more. */
	if (child->state >= CHILD_TERMINATED)
		return 0;
	buffer_append_text(why, "it speaks of a collector that is not in it");
	return -EBADMSG;
}

static struct remote *remote_of_frame(
	const struct child *child, const struct wire_frame *frame, struct unpack content)
{
	uint32_t number = (uint32_t)unpack_up_to(&content, CHILD_MAX_INSTANCES - 1);

	return frame->type == WIRE_LOG || frame->type == WIRE_READY || content.failed
		       ? NULL
		       : child->remotes[number];
}

static int on_frame(struct channel *channel, struct wire_frame *frame)
{
	struct child *child = container_of(channel, struct child, channel);
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct remote *remote = remote_of_frame(child, frame, frame->content);
	char text[sizeof(child->why)];
	int r;

	if (frame->type == WIRE_READY)
		r = on_ready(child, &frame->content, &why);
	else if (frame->type == WIRE_LOG)
		r = on_log(child, &frame->content);
	else
		r = on_remote_frame(child, frame, &why);
	if (r == 0)
		return 0;
	snprintf(text, sizeof(text), "the agent ended it: it sent %s",
		why.size > 0 && buffer_text(&why) ? buffer_text(&why)
						  : "what nobody understands");
	child_kill(child, remote ? remote_id(remote) : NULL, text);
	return 0;
}

/* ---- the runners in it ------------------------------------------------- */

int child_add(struct child *child, struct remote *remote)
{
	for (int i = 0; i < CHILD_MAX_INSTANCES; i++) {
		if (!child->remotes[i]) {
			child->remotes[i] = remote;
			child->n_remotes++;
			return i;
		}
	}
	return -ENOSPC;
}

void child_remove(struct child *child, const struct remote *remote)
{
	for (size_t i = 0; i < LENGTH(child->remotes); i++) {
		if (child->remotes[i] != remote)
			continue;
		child->remotes[i] = NULL;
		child->n_remotes--;
	}
	if (child->n_remotes == 0)
		child->options.on_empty(child->options.context, child);
}

/* ---- the beginning ----------------------------------------------------- */

static void hide_secrets(struct child_output *output, char *line)
{
	struct child *child = container_of(output, struct child, output);

	for (size_t i = 0; i < LENGTH(child->remotes); i++) {
		if (child->remotes[i])
			remote_hide_secrets(child->remotes[i], line);
	}
}

static void say_hello(struct child *child)
{
	const struct plugin_file *plugin = child->options.plugin;
	const struct wire_hello hello = {
		.version = WIRE_VERSION,
		.log_level = (uint32_t)log_get_level(),
		.plugin = plugin->name,
		.path = plugin->path,
		.needs = plugin->description.needs,
		.paths = child->grants.paths,
		.n_paths = child->grants.n,
		.hidden = *child->options.hidden,
		.state_folder = child->state_folder,
	};

	wire_put_hello(channel_out(&child->channel), &hello);
	channel_flush(&child->channel);
}

/* Both ends of all that goes between: ours, and theirs until it runs. */
struct ends {
	int wire[2], output[2], page;
};

static void ends_finish(struct ends *ends)
{
	const int all[] = { ends->wire[0], ends->wire[1], ends->output[0],
		ends->output[1], ends->page };

	for (size_t i = 0; i < LENGTH(all); i++) {
		if (all[i] >= 0)
			close(all[i]);
	}
}

static int ends_make(struct ends *ends)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends->wire) < 0 ||
		pipe2(ends->output, O_CLOEXEC) < 0)
		return -errno;
	fcntl(ends->output[0], F_SETFL, O_NONBLOCK);
	ends->page = page_create();
	return ends->page < 0 ? ends->page : 0;
}

static int start_process(struct child *child, const struct ends *ends)
{
	const struct process_options options = {
		.program = child->options.program,
		.title = child->only ? child->only : child->options.plugin->name,
		.output = ends->output[1],
		.wire = ends->wire[1],
		.page = ends->page,
		.plugin = child->options.plugin->file,
	};

	child->page = page_map(ends->page);
	return child->page ? process_spawn(&options, &child->process) : -ENOMEM;
}

static void set_callbacks(struct child *child)
{
	child->output.who = child->only ? child->only : child->options.plugin->name;
	child->output.hide = hide_secrets;
	child->output.on_closed = on_output_closed;
	child->channel.on_frame = on_frame;
	child->channel.on_end = on_channel_end;
	child->channel.on_closed = on_channel_closed;
	child->deadline.on_due = on_deadline;
}

static int watch_process(struct child *child, struct ends *ends)
{
	uv_loop_t *loop = child->options.shared->loop;
	int r = uv_poll_init(loop, &child->exit_poll, child->process.pidfd);

	if (r < 0)
		return r;
	child->n_closing++;
	r = channel_open(&child->channel, loop, take_fd(&ends->wire[0]), true);
	if (r < 0)
		return r;
	child->n_closing++;
	r = child_output_open(&child->output, loop, take_fd(&ends->output[0]));
	if (r < 0)
		return r;
	child->n_closing++;
	return uv_poll_start(&child->exit_poll, UV_READABLE, on_exit_poll);
}

static void forget(void *context, struct child *child)
{
	(void)context;
	(void)child;
}

/* One that could not be watched: what was opened is closed, and then it is freed. */
static void give_up(struct child *child)
{
	child->options.on_gone = forget;
	if (child->n_closing == 0) {
		child->n_closing = 1;
		on_handle_closed(child);
		return;
	}
	uv_close((uv_handle_t *)&child->exit_poll, on_exit_poll_closed);
	if (child->n_closing > 1)
		channel_close(&child->channel);
	if (child->n_closing > 2)
		child_output_close(&child->output);
}

/* A folder of the plugin's own, where it declares that it writes. */
static int make_state_folder(struct child *child)
{
	const struct plugin_file *plugin = child->options.plugin;

	if (!child->options.state_folder || !(plugin->description.needs & RK_NEED_WRITE))
		return 0;
	child->state_folder = path_join(child->options.state_folder, plugin->name);
	return child->state_folder ? folder_create(child->state_folder, 0700) : -ENOMEM;
}

static int start(struct child *child)
{
	CLEANUP(ends_finish) struct ends ends = { { -1, -1 }, { -1, -1 }, -1 };
	int r = make_state_folder(child);

	if (r == 0)
		r = ends_make(&ends);
	if (r == 0)
		r = start_process(child, &ends);
	if (r < 0)
		return r;
	r = watch_process(child, &ends);
	if (r < 0)
		process_end(&child->process);
	return r;
}

int child_create(const struct child_options *options, struct child **ret_child)
{
	struct child *child = calloc(1, sizeof(*child));
	int r;

	if (!child)
		return -ENOMEM;
	child->options = *options;
	child->only = options->only ? strdup(options->only) : NULL;
	child->grants = *options->grants;
	*options->grants = (struct grants){ 0 };
	set_callbacks(child);
	r = timers_reserve(options->shared->timers, 1);
	if (r < 0 || (options->only && !child->only)) {
		free(child->only);
		grants_finish(&child->grants);
		free(child);
		return -ENOMEM;
	}
	r = start(child);
	if (r < 0) {
		give_up(child);
		return r;
	}
	child_enter(child, CHILD_STARTING, READY_NS);
	say_hello(child);
	*ret_child = child;
	return 0;
}
