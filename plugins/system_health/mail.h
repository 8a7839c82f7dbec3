/* SPDX-License-Identifier: Apache-2.0 */
/* What a queue of any mail server is reported as. No address, sender or subject
 * ever gets here. */
#ifndef SYSTEM_HEALTH_MAIL_H
#define SYSTEM_HEALTH_MAIL_H

#include "options.h"
#include "report.h"

#include <stdbool.h>
#include <stdint.h>

struct mail_queue {
	uint64_t messages, bytes;
	int64_t oldest_s; /* Unix time; 0: there is none */
};

/* Counts one message in. */
void mail_queue_add(struct mail_queue *queue, uint64_t bytes, int64_t received_s);

struct mail_handles {
	struct handle messages, bytes, oldest;
};

struct mail_names {
	const char *server, *queue;
};

/* complete: the queue was read to its end; else its figures are a lower bound. */
void mail_report(struct report *report, struct mail_handles *handles,
	struct mail_names names, const struct mail_queue *queue, bool complete);

/* A server that was named must be there: its absence is a failure. */
int mail_absence(const struct mail_settings *settings, enum mail_server server, int r);

#endif
