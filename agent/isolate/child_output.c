/* SPDX-License-Identifier: Apache-2.0 */
#include "child_output.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Beyond these the lines of one second are counted and not logged. */
#define MAX_LINES_A_SECOND 100

/* What is read before others have their turn. */
#define MAX_READS 16

bool child_output_may_log(struct child_output *output)
{
	int64_t second = clock_monotonic_ns(&clock_system) / NS_PER_SECOND;

	if (second != output->second) {
		if (output->n_dropped > 0)
			log_warning(output->who,
				"its plugin's process says too much: %" PRIu64
				" lines dropped",
				output->n_dropped);
		output->second = second;
		output->n_in_second = 0;
		output->n_dropped = 0;
	}
	if (output->n_in_second++ < MAX_LINES_A_SECOND)
		return true;
	output->n_dropped++;
	return false;
}

static void end_line(struct child_output *output)
{
	output->line[output->n] = '\0';
	output->n = 0;
	if (!*output->line)
		return;
	output->hide(output, output->line);
	memcpy(output->last, output->line, sizeof(output->last));
	if (child_output_may_log(output))
		log_warning(output->who, "the plugin's process writes: %s", output->line);
}

static void take(struct child_output *output, const char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] == '\n')
			end_line(output);
		else if (output->n < sizeof(output->line) - 1 && bytes[i])
			output->line[output->n++] = bytes[i];
	}
}

/* Whether there may be more. */
static bool read_some(struct child_output *output)
{
	char bytes[4096];
	ssize_t n = read(output->fd, bytes, sizeof(bytes));

	if (n > 0)
		take(output, bytes, (size_t)n);
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		uv_poll_stop(&output->poll);
	return n > 0;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
	struct child_output *output = container_of(poll, struct child_output, poll);

	(void)events;
	if (status < 0) {
		uv_poll_stop(poll);
		return;
	}
	for (int i = 0; i < MAX_READS && read_some(output); i++)
		;
}

void child_output_drain(struct child_output *output)
{
	for (int i = 0; i < MAX_READS && read_some(output); i++)
		;
	end_line(output);
}

int child_output_open(struct child_output *output, uv_loop_t *loop, int fd)
{
	int r = uv_poll_init(loop, &output->poll, fd);

	if (r < 0) {
		close(fd);
		return r;
	}
	output->fd = fd;
	return uv_poll_start(&output->poll, UV_READABLE, on_poll);
}

static void on_handle_closed(uv_handle_t *handle)
{
	struct child_output *output =
		container_of((uv_poll_t *)(void *)handle, struct child_output, poll);

	output->on_closed(output);
}

void child_output_close(struct child_output *output)
{
	uv_close((uv_handle_t *)&output->poll, on_handle_closed);
	close(output->fd);
	output->fd = -1;
}
