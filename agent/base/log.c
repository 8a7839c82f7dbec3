/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include "clock.h"
#include "macros.h"
#include "timestamp.h"
#include "utf8.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A line is written at once and no longer than a pipe takes whole. */
enum { LOG_LINE_MAX = PIPE_BUF - 256, LOG_STATUS_MAX = 200 };

static struct {
	atomic_int level;
	enum log_form form;
	void (*write)(enum log_level level, const char *who, const char *text);
	bool terminal;
	pthread_mutex_t lock; /* what follows */
	unsigned long dropped;
	char status[LOG_STATUS_MAX];
} output = {
	.level = LOG_LEVEL_INFO,
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

static const char *const level_names[] = {
	[LOG_LEVEL_ERROR] = "error",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_NOTICE] = "notice",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

static const char *const level_colours[] = {
	[LOG_LEVEL_ERROR] = "\033[31m",
	[LOG_LEVEL_WARNING] = "\033[33m",
	[LOG_LEVEL_NOTICE] = "\033[1m",
	[LOG_LEVEL_INFO] = "",
	[LOG_LEVEL_DEBUG] = "\033[2m",
};

void log_setup(enum log_level level)
{
	output.form = getenv("JOURNAL_STREAM") ? LOG_FORM_PRIORITY : LOG_FORM_PLAIN;
	output.terminal = isatty(STDERR_FILENO);
	log_set_level(level);
}

void log_set_writer(
	void (*write)(enum log_level level, const char *who, const char *text))
{
	output.write = write;
}

void log_set_level(enum log_level level)
{
	atomic_store(&output.level, (int)level);
}

enum log_level log_get_level(void)
{
	return (enum log_level)atomic_load(&output.level);
}

const char *log_level_name(enum log_level level)
{
	return (size_t)level < LENGTH(level_names) ? level_names[level] : NULL;
}

/* Whether a line can be written without waiting for its reader. */
static bool output_is_ready(void)
{
	struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && (out.revents & POLLOUT);
}

static bool output_write(const char *text, size_t n)
{
	return output_is_ready() && write(STDERR_FILENO, text, n) == (ssize_t)n;
}

static size_t put_text(char *to, size_t room, const char *text)
{
	size_t n = MIN(strlen(text), room);

	memcpy(to, text, n);
	return n;
}

static size_t put_head(char *to, size_t room, enum log_level level, const char *who)
{
	struct timestamp_cache cache = { 0 };
	char time[TIMESTAMP_TEXT_SIZE + 1];
	int n;

	if (output.form == LOG_FORM_PRIORITY) {
		n = snprintf(to, room, "<%d>%s: ", level, who);
	} else {
		int64_t second = clock_wall_ns(&clock_system) / NS_PER_SECOND;

		*timestamp_to_text(&cache, time, second * NS_PER_SECOND) = '\0';
		n = snprintf(to, room, "%s %s%s%s %s: ", time,
			output.terminal ? level_colours[level] : "", level_names[level],
			output.terminal && *level_colours[level] ? "\033[0m" : "", who);
	}
	return n < 0 ? 0 : MIN((size_t)n, room - 1);
}

/* A message is one line of text: anything else in it would forge lines or move
 * the terminal's cursor. */
static void make_one_line(char *text, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t length = utf8_length(text + i, n - i);

		if (length == 0 || (unsigned char)text[i] < ' ' || text[i] == '\177')
			text[i] = ' ';
		i += length ? length : 1;
	}
}

__attribute__((format(printf, 3, 0))) static size_t put_message(
	char *to, size_t room, const char *format, va_list list)
{
	int n = vsnprintf(to, room, format, list);
	size_t size = n < 0 ? 0 : MIN((size_t)n, room - 1);

	make_one_line(to, size);
	return size;
}

static void tell_dropped(void)
{
	char text[80];
	int n;

	if (output.dropped == 0)
		return;
	n = snprintf(text, sizeof(text), "%slog: %lu lines dropped: nobody read them\n",
		output.form == LOG_FORM_PRIORITY ? "<4>" : "", output.dropped);
	if (output_write(text, (size_t)n))
		output.dropped = 0;
}

void log_write_list(
	enum log_level level, const char *who, const char *format, va_list list)
{
	char line[LOG_LINE_MAX + LOG_STATUS_MAX + 16];
	size_t n = 0;

	if ((int)level > atomic_load(&output.level))
		return;
	if (output.write) {
		put_message(line, LOG_LINE_MAX, format, list);
		output.write(level, who, line);
		return;
	}
	pthread_mutex_lock(&output.lock);
	tell_dropped();
	if (output.status[0])
		n += put_text(line, sizeof(line), "\r\033[K");
	n += put_head(line + n, 200, level, who);
	n += put_message(line + n, LOG_LINE_MAX - n, format, list);
	line[n++] = '\n';
	n += put_text(line + n, sizeof(line) - n, output.status);
	if (!output_write(line, n))
		output.dropped++;
	pthread_mutex_unlock(&output.lock);
}

void log_write(enum log_level level, const char *who, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	log_write_list(level, who, format, list);
	va_end(list);
}

void log_set_status(const char *text)
{
	char line[LOG_STATUS_MAX + 16];

	pthread_mutex_lock(&output.lock);
	if (text || output.status[0]) {
		int n;

		snprintf(output.status, sizeof(output.status), "%s", text ? text : "");
		n = snprintf(line, sizeof(line), "\r\033[K%s", output.status);
		output_write(line, (size_t)n);
	}
	pthread_mutex_unlock(&output.lock);
}
