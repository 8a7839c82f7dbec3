/* SPDX-License-Identifier: Apache-2.0 */
#include "hosting_log.h"

#include "base/log.h"
#include "base/macros.h"
#include "channel.h"
#include "loop/mailbox.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines on their way to the loop, and bytes that wait for the agent. */
#define MAX_LINES   256
#define MAX_WAITING (256u << 10)

static struct {
	struct mailbox *mailbox;
	struct channel *channel;
	atomic_uint n_lines;
	atomic_ulong n_dropped;
} sink;

struct line {
	struct mail mail;
	enum log_level level;
	char who[80], text[WIRE_MAX_LINE];
};

static void put_line(enum log_level level, const char *who, const char *text)
{
	struct buffer *out = channel_out(sink.channel);
	size_t begin = wire_begin(out, WIRE_LOG);

	buffer_append_byte(out, (uint8_t)level);
	pack_text(out, who);
	pack_text(out, text);
	wire_end(out, begin);
}

static void tell_dropped(const char *who)
{
	unsigned long n = atomic_exchange(&sink.n_dropped, 0);
	char text[80];

	if (n == 0)
		return;
	snprintf(text, sizeof(text), "logs too much: %lu lines dropped", n);
	put_line(LOG_LEVEL_WARNING, who, text);
}

static void deliver_line(struct mail *mail)
{
	struct line *line = container_of(mail, struct line, mail);

	atomic_fetch_sub(&sink.n_lines, 1);
	if (channel_waiting(sink.channel) > MAX_WAITING) {
		atomic_fetch_add(&sink.n_dropped, 1);
	} else {
		tell_dropped(line->who);
		put_line(line->level, line->who, line->text);
		channel_flush(sink.channel);
	}
	free(line);
}

static void write_line(enum log_level level, const char *who, const char *text)
{
	struct line *line;

	if (atomic_fetch_add(&sink.n_lines, 1) >= MAX_LINES) {
		atomic_fetch_sub(&sink.n_lines, 1);
		atomic_fetch_add(&sink.n_dropped, 1);
		return;
	}
	line = malloc(sizeof(*line));
	if (!line) {
		atomic_fetch_sub(&sink.n_lines, 1);
		return;
	}
	line->mail.deliver = deliver_line;
	line->level = level;
	snprintf(line->who, sizeof(line->who), "%s", who);
	snprintf(line->text, sizeof(line->text), "%s", text);
	mailbox_post(sink.mailbox, &line->mail);
}

void hosting_log_begin(struct mailbox *mailbox, struct channel *channel)
{
	sink.mailbox = mailbox;
	sink.channel = channel;
	log_set_writer(write_line);
}

void hosting_log_end(void)
{
	log_set_writer(NULL);
}
