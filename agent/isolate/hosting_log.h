/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that instances in a child log become frames. What is logged faster than the
 * agent reads is dropped and counted. */
#ifndef ISOLATE_HOSTING_LOG_H
#define ISOLATE_HOSTING_LOG_H

struct channel;
struct mailbox;

/* From now on, for the whole process; both outlive it. [loop] */
void hosting_log_begin(struct mailbox *mailbox, struct channel *channel);

/* Back to standard error: the loop ends. */
void hosting_log_end(void);

#endif
