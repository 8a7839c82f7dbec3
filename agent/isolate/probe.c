/* SPDX-License-Identifier: Apache-2.0 */
#include "probe.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "crash.h"
#include "model/transfer.h"
#include "page.h"
#include "process.h"
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_NS (20 * NS_PER_SECOND)

/* Faults that one plugin may find in one collector. */
#define MAX_FAULTS 1000

struct probe {
	struct process process;
	int wire;          /* owned */
	struct page *page; /* owned */
	struct buffer in;  /* with frames that were not taken yet in front */
	size_t n_taken;
};

const struct hash_key plugin_hash_key = { { 5, 2 } };

/* ---- frames ------------------------------------------------------------ */

static int send_all(struct probe *probe, const struct buffer *bytes)
{
	if (buffer_failed(bytes))
		return -ENOMEM;
	for (size_t sent = 0; sent < bytes->size;) {
		ssize_t n = send(probe->wire, bytes->data + sent, bytes->size - sent,
			MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return -errno;
		sent += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Waits until there is something to read. */
static int wait_readable(const struct probe *probe, int64_t until_ns)
{
	struct pollfd wire = { .fd = probe->wire, .events = POLLIN };
	int64_t left_ns = until_ns - clock_monotonic_ns(&clock_system);
	int n;

	if (left_ns <= 0)
		return -ETIMEDOUT;
	n = poll(&wire, 1, (int)(left_ns / NS_PER_MS) + 1);
	if (n < 0 && errno != EINTR)
		return -errno;
	return 0;
}

static int receive_some(struct probe *probe, int64_t until_ns)
{
	int r = wait_readable(probe, until_ns);
	uint8_t *to;
	ssize_t n;

	if (r < 0)
		return r;
	to = buffer_reserve(&probe->in, 65536);
	if (!to)
		return -ENOMEM;
	n = recv(probe->wire, to, 65536, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	buffer_advance(&probe->in, (size_t)n);
	return n == 0 ? -EPIPE : 0;
}

/* The next frame, borrowed until the next call; lines of a log are passed over. */
static int next_frame(struct probe *probe, struct wire_frame *ret_frame)
{
	int64_t until_ns = clock_monotonic_ns(&clock_system) + ANSWER_NS;

	for (;;) {
		size_t size;
		int r = wire_next(probe->in.data + probe->n_taken,
			probe->in.size - probe->n_taken, ret_frame, &size);

		if (r < 0)
			return r;
		if (r > 0) {
			probe->n_taken += size;
			if (ret_frame->type != WIRE_LOG)
				return 0;
			continue;
		}
		if (probe->n_taken == probe->in.size)
			buffer_clear(&probe->in), probe->n_taken = 0;
		r = receive_some(probe, until_ns);
		if (r < 0)
			return r;
	}
}

/* ---- the process ------------------------------------------------------- */

/* What became of a child that does not answer. */
static void tell_death(struct probe *probe, int r, struct buffer *why)
{
	struct pollfd end = { .fd = probe->process.pidfd, .events = POLLIN };
	size_t before;
	int status;

	if (r == -ETIMEDOUT) {
		buffer_append_text(why, "its process does not answer");
		return;
	}
	buffer_append_text(why, "its process died: ");
	before = why->size;
	crash_tell(probe->page, why);
	(void)poll(&end, 1, 1000);
	if (why->size > before || process_wait(&probe->process, &status) < 0)
		return;
	process_finish(&probe->process);
	if (WIFEXITED(status))
		buffer_append_format(why, "it called exit(%d)", WEXITSTATUS(status));
	else
		buffer_append_format(why, "SIG%s", sigabbrev_np(WTERMSIG(status)));
}

static int start(struct probe *probe, int program, const struct plugin_file *plugin)
{
	CLEANUP_CLOSE int page = page_create();
	CLEANUP_CLOSE int output = open("/dev/null", O_WRONLY | O_CLOEXEC);
	char title[80];
	int wire[2], r;
	struct process_options options = {
		.program = program,
		.title = title,
		.output = output,
		.page = page,
		.plugin = plugin->file,
	};

	snprintf(title, sizeof(title), "describe %s", plugin->name);
	if (page < 0 || output < 0)
		return page < 0 ? page : -errno;
	probe->page = page_map(page);
	if (!probe->page || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, wire) < 0)
		return -errno;
	probe->wire = wire[0];
	options.wire = wire[1];
	r = process_spawn(&options, &probe->process);
	close(wire[1]);
	return r;
}

static int say_hello(struct probe *probe, const struct plugin_file *plugin)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	const struct wire_hello hello = {
		.version = WIRE_VERSION,
		.log_level = LOG_LEVEL_ERROR,
		.plugin = plugin->name,
		.path = plugin->path,
	};

	wire_put_hello(&bytes, &hello);
	return send_all(probe, &bytes);
}

/* ---- what it is asked -------------------------------------------------- */

static int read_ready(struct unpack *from, struct plugin_file *plugin, struct buffer *why)
{
	if (unpack_unsigned(from) != WIRE_VERSION)
		from->failed = true;
	if (unpack_byte(from)) {
		struct slice refusal = unpack_slice(from);

		buffer_append(why, refusal.at, refusal.n);
		return -EINVAL;
	}
	if (unpack_byte(from))
		(void)unpack_slice(from);
	if (!from->failed)
		plugin->hash = siphash128(
			&plugin_hash_key, from->at, (size_t)(from->end - from->at));
	description_unpack(from, &plugin->description);
	if (!from->failed && from->at == from->end &&
		strcmp(plugin->description.name, plugin->name) == 0)
		return 0;
	buffer_append_text(why, "its process describes it in a way that makes no sense");
	return -EBADMSG;
}

int probe_open(int program, struct plugin_file *plugin, struct probe **ret_probe,
	struct buffer *why)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	struct wire_frame frame = { 0 };
	int r;

	if (!probe)
		return -ENOMEM;
	probe->wire = -1;
	probe->process.pidfd = -1;
	probe->in.secret = true;
	r = start(probe, program, plugin);
	if (r < 0) {
		buffer_append_format(why, "its process cannot be made: %s", strerror(-r));
		probe_close(probe);
		return r;
	}
	r = say_hello(probe, plugin);
	if (r == 0)
		r = next_frame(probe, &frame);
	if (r == 0 && frame.type != WIRE_READY)
		r = -EBADMSG;
	if (r < 0)
		tell_death(probe, r, why);
	else
		r = read_ready(&frame.content, plugin, why);
	if (r < 0)
		probe_close(probe);
	else
		*ret_probe = probe;
	return r;
}

static void tell_fault(struct unpack *from,
	void (*on_fault)(void *context, const char *path, const char *text),
	void *context)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	const char *path = unpack_text(from, &arena, WIRE_MAX_LINE);
	const char *text = unpack_text(from, &arena, WIRE_MAX_LINE);

	if (!from->failed)
		on_fault(context, path, text);
}

int probe_check(struct probe *probe, const struct values *values,
	void (*on_fault)(void *context, const char *path, const char *text),
	void *context, struct buffer *why)
{
	CLEANUP(buffer_finish) struct buffer bytes = { .secret = true };
	size_t begin = wire_begin(&bytes, WIRE_CHECK), n_faults = 0;
	struct wire_frame frame = { 0 };
	int r;

	values_pack(&bytes, values);
	wire_end(&bytes, begin);
	r = send_all(probe, &bytes);
	while (r == 0) {
		r = next_frame(probe, &frame);
		if (r < 0 || frame.type != WIRE_FAULT || n_faults++ == MAX_FAULTS)
			break;
		tell_fault(&frame.content, on_fault, context);
	}
	if (r == 0 && frame.type == WIRE_CHECKED)
		return 0;
	tell_death(probe, r, why);
	return r < 0 ? r : -EBADMSG;
}

void probe_close(struct probe *probe)
{
	if (!probe)
		return;
	if (probe->wire >= 0)
		close(probe->wire);
	if (probe->process.pidfd >= 0)
		process_end(&probe->process);
	page_unmap(probe->page);
	buffer_finish(&probe->in);
	free(probe);
}
