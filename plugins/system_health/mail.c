/* SPDX-License-Identifier: Apache-2.0 */
#include "mail.h"

#include "monotonic.h"

#include <errno.h>

void mail_queue_add(struct mail_queue *queue, uint64_t bytes, int64_t received_s)
{
	queue->messages++;
	if (__builtin_add_overflow(queue->bytes, bytes, &queue->bytes))
		queue->bytes = UINT64_MAX;
	if (queue->oldest_s == 0 || received_s < queue->oldest_s)
		queue->oldest_s = received_s;
}

/* An empty queue is told as 0 too, or its last age would stay on the screens. */
static uint64_t oldest_age_s(const struct mail_queue *queue, int64_t now_ns)
{
	int64_t now_s = now_ns / NS_PER_SECOND;

	if (queue->oldest_s == 0 || queue->oldest_s > now_s)
		return 0;
	return (uint64_t)now_s - (uint64_t)queue->oldest_s;
}

void mail_report(struct report *report, struct mail_handles *handles,
	struct mail_names names, const struct mail_queue *queue, bool complete)
{
	const struct rk_label labels[] = {
		{ LABEL_MAIL_QUEUE, names.queue },
		{ LABEL_MAIL_SERVER, names.server },
	};
	const struct {
		struct handle *handle;
		enum metric metric;
		uint64_t amount;
	} figures[] = {
		{ &handles->messages, METRIC_MAIL_MESSAGES, queue->messages },
		{ &handles->bytes, METRIC_MAIL_BYTES, queue->bytes },
		{ &handles->oldest, METRIC_MAIL_OLDEST_AGE,
			oldest_age_s(queue, report->now_ns) },
	};

	for (size_t i = 0; i < RK_LEN(figures); i++) {
		struct rk_sample sample = {
			.series = report_series(report, figures[i].handle,
				figures[i].metric, labels, RK_LEN(labels)),
			.confidence = complete ? RK_AS_DECLARED : RK_DIRECTIONAL,
		};

		if (figures[i].amount > INT64_MAX)
			continue;
		sample.value = decimal((int64_t)figures[i].amount, 0);
		report_add(report, &sample);
	}
}

int mail_absence(const struct mail_settings *settings, enum mail_server server, int r)
{
	return settings->server.index == server ? -ENOTCONN : r;
}
