/* SPDX-License-Identifier: Apache-2.0 */
#include "mail_postfix.h"

#include "machine.h"
#include "monotonic.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	ANSWER_PIECE = 32 * 1024,
	/* A message takes some hundred bytes, and a hundred more a recipient. */
	ANSWER_LIMIT = 64 * 1024 * 1024,
};

static int connect_to(
	struct mail_postfix *postfix, const struct machine *machine, const char *service)
{
	char queue[MACHINE_PATH_SIZE], path[MACHINE_PATH_SIZE + 32];
	int r = machine_path(machine, machine->settings->mail.postfix_queue, queue);

	if (r < 0)
		return r;
	(void)snprintf(path, sizeof(path), "%s/%s", queue, service);
	return channel_connect(&postfix->channel, path);
}

static int connect_showq(
	struct mail_postfix *postfix, struct machine *machine, struct report *report)
{
	const struct mail_settings *settings = &machine->settings->mail;
	int r;

	channel_bound(&postfix->channel, monotonic_ns() + settings->timeout.ns, report);
	r = connect_to(postfix, machine, "public/showq");
	/* Some installations keep the service to themselves. */
	if (r == -ENOENT)
		r = connect_to(postfix, machine, "private/showq");
	if (r == -ENOENT || r == -ENOTDIR)
		return report_fail(report, mail_absence(settings, MAIL_POSTFIX, r),
			"there is no Postfix with its queue at '%s'",
			settings->postfix_queue);
	if (r == -EACCES)
		return report_fail(report, mail_absence(settings, MAIL_POSTFIX, r),
			"not allowed to ask Postfix at '%s'; the group postdrop is",
			settings->postfix_queue);
	if (r < 0)
		return report_fail(report, r, "cannot ask Postfix at '%s': %s",
			settings->postfix_queue, strerror(-r));
	return 0;
}

/* Reads to the end of the answer, or as far as time and bounds allow. 0 at the end,
 * -ETIMEDOUT, -EFBIG, -EPROTO for what is no answer, or what receiving gave. */
static int read_answer(struct channel *channel, struct text *piece, struct showq *showq)
{
	enum showq_result result = SHOWQ_MORE;
	int r = text_reserve(piece, ANSWER_PIECE);

	for (size_t total = 0; r == 0 && result == SHOWQ_MORE;) {
		ssize_t n = channel_receive(channel, piece->data, ANSWER_PIECE);

		if (n <= 0)
			return n < 0 ? (int)n : -EPROTO;
		total += (size_t)n;
		result = showq_feed(showq, piece->data, (size_t)n);
		if (total > ANSWER_LIMIT)
			r = -EFBIG;
	}
	return result == SHOWQ_BROKEN ? -EPROTO : r;
}

static void report_queues(struct mail_postfix *postfix, struct report *report,
	const struct showq *showq, bool complete)
{
	for (size_t i = 0; i < SHOWQ_QUEUES; i++)
		mail_report(report, &postfix->queues[i],
			(struct mail_names){ "postfix", showq_queue_names[i] },
			&showq->queues[i], complete);
}

static int mail_postfix_collect(
	void *state, struct machine *machine, struct report *report)
{
	struct mail_postfix *postfix = state;
	const struct mail_settings *settings = &machine->settings->mail;
	struct showq showq = { 0 };
	int r;

	if (settings->server.index != MAIL_AUTO && settings->server.index != MAIL_POSTFIX)
		return 0;
	if (!schedule_is_due(&postfix->schedule, settings->every.ns, report))
		return 0;
	r = connect_showq(postfix, machine, report);
	if (r < 0)
		return r;
	r = read_answer(&postfix->channel, &machine->text, &showq);
	channel_close(&postfix->channel);
	if (r == -EPROTO)
		return report_fail(
			report, r, "showq's answer is not that of Postfix 3.1 or later");
	if (r == 0) {
		report_queues(postfix, report, &showq, true);
	} else if (r == -ETIMEDOUT || r == -EFBIG) {
		/* The longer a queue, the more it matters: better a lower bound. */
		if (showq.messages > 0)
			report_queues(postfix, report, &showq, false);
		report_fail(report, r, "showq %s after %llu messages",
			r == -EFBIG ? "was not at its end" : "took too long",
			(unsigned long long)showq.messages);
	}
	return report_fail(report, r, "cannot read showq's answer: %s", strerror(-r));
}

static void mail_postfix_finish(void *state)
{
	struct mail_postfix *postfix = state;

	channel_close(&postfix->channel);
}

const struct part mail_postfix_part = {
	.name = "postfix",
	.collect = mail_postfix_collect,
	.finish = mail_postfix_finish,
};
