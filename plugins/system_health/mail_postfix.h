/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of a local Postfix, from the socket of its showq(8), which is what
 * postqueue(1) reads as well; that program is set-group-ID, so that an agent without
 * new privileges cannot run it.
 */
#ifndef SYSTEM_HEALTH_MAIL_POSTFIX_H
#define SYSTEM_HEALTH_MAIL_POSTFIX_H

#include "channel.h"
#include "part.h"
#include "schedule.h"
#include "showq.h"

struct mail_postfix {
	struct schedule schedule;
	struct channel channel;
	struct mail_handles queues[SHOWQ_QUEUES];
};

extern const struct part mail_postfix_part;

#endif
