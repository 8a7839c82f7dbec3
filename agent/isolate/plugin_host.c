/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program plugin-host: a child of the agent, in which one plugin and the instances of
 * it live. It is started by the agent alone (isolate/process.h), with its descriptors in
 * their places, and goes this way:
 *
 *	read HELLO -> build the sandbox -> load the plugin -> READY -> serve
 *
 * Nothing of the plugin runs before the sandbox stands. It ends with the agent: by a
 * signal of the kernel when the agent dies, and at the end of the connection.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "crash.h"
#include "host/object.h"
#include "hosting.h"
#include "model/transfer.h"
#include "process.h"
#include "sandbox.h"
#include "wire.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- the first words --------------------------------------------------- */

/* One whole frame, not a byte more. */
static int read_frame(struct buffer *bytes, struct wire_frame *ret_frame)
{
	size_t size = WIRE_HEADER_SIZE;

	for (;;) {
		uint8_t *to = buffer_reserve(bytes, size - bytes->size);
		ssize_t n =
			to ? recv(PROCESS_WIRE, to, size - bytes->size, MSG_WAITALL) : -1;
		int r;

		if (n <= 0)
			return -EPIPE;
		buffer_advance(bytes, (size_t)n);
		r = wire_next(bytes->data, bytes->size, ret_frame, &size);
		if (r != 0)
			return r;
	}
}

static int read_hello(struct arena *arena, struct wire_hello *ret_hello)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct wire_frame frame;
	int r = read_frame(&bytes, &frame);

	if (r < 0)
		return r;
	if (frame.type != WIRE_HELLO)
		return -EBADMSG;
	wire_get_hello(&frame.content, arena, ret_hello);
	if (frame.content.failed || ret_hello->version != WIRE_VERSION)
		return -EBADMSG;
	return 0;
}

static int send_all(const struct buffer *bytes)
{
	for (size_t sent = 0; sent < bytes->size;) {
		ssize_t n = send(PROCESS_WIRE, bytes->data + sent, bytes->size - sent,
			MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -errno;
		sent += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* refusal: why the plugin is not to be used; NULL: it is. */
static int tell_ready(
	const char *refusal, const char *missing, const struct object *object)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	size_t begin = wire_begin(&bytes, WIRE_READY);

	pack_unsigned(&bytes, WIRE_VERSION);
	pack_optional(&bytes, refusal);
	pack_optional(&bytes, missing);
	if (!refusal)
		description_pack(&bytes, &object->description);
	wire_end(&bytes, begin);
	return buffer_failed(&bytes) ? -ENOMEM : send_all(&bytes);
}

/* ---- life -------------------------------------------------------------- */

/* Builds the sandbox; nothing of the plugin has run so far. What the machine lacks for it
 * is told, and is the agent's to log. */
static int enter(const struct wire_hello *hello, struct buffer *ret_missing)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	const struct sandbox_options options = {
		.needs = hello->needs,
		.paths = hello->paths,
		.n_paths = hello->n_paths,
		.hidden = hello->hidden.items,
		.n_hidden = hello->hidden.n,
		.state_folder = hello->state_folder,
		.plugin = PROCESS_PLUGIN,
	};
	int r;

	/* As systemd tells services where they may write (systemd.exec(5)). */
	if (hello->state_folder && setenv("STATE_DIRECTORY", hello->state_folder, 1) < 0)
		return -errno;
	r = sandbox_enter(&options, ret_missing, &why);
	if (r < 0)
		tell_ready(
			buffer_text(&why) ? buffer_text(&why) : strerror(-r), NULL, NULL);
	return r;
}

static int serve(const struct wire_hello *hello, struct page *page)
{
	CLEANUP(buffer_finish) struct buffer missing = { 0 };
	char file[32];
	struct object *object;
	int r = enter(hello, &missing);

	if (r < 0)
		return 1;
	snprintf(file, sizeof(file), "/proc/self/fd/%d", PROCESS_PLUGIN);
	object = object_open(hello->plugin, hello->path, file);
	if (!object)
		return 1;
	if (!object->refusal)
		crash_watch(page, PROCESS_PLUGIN, object->entry);
	r = tell_ready(
		object->refusal, missing.size > 0 ? buffer_text(&missing) : NULL, object);
	if (r < 0 || object->refusal) {
		object_destroy(object);
		return 1;
	}
	r = hosting_run(PROCESS_WIRE, object, page);
	object_destroy(object);
	return r;
}

int main(void)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct wire_hello hello = { 0 };
	struct page *page = page_map(PROCESS_PAGE);

	/* The agent may have died before; then the connection says so. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_IGN);
	close(PROCESS_PROGRAM);
	close(PROCESS_PAGE);
	if (!page || read_hello(&arena, &hello) < 0) {
		fputs("plugin-host: the agent starts this program; it does nothing "
		      "alone\n",
			stderr);
		return 2;
	}
	log_set_level((enum log_level)hello.log_level);
	return serve(&hello, page);
}
