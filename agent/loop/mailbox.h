/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How other threads hand something to the loop: a queue of mails, each with the
 * function that the loop thread calls for it. Order is kept.
 */
#ifndef LOOP_MAILBOX_H
#define LOOP_MAILBOX_H

#include "base/list.h"

#include <pthread.h>
#include <uv.h>

/* Embedded in what is handed over, which belongs to the mailbox from post until
 * deliver is called. */
struct mail {
	struct list link;
	void (*deliver)(struct mail *mail);
};

struct mailbox {
	uv_async_t async;
	pthread_mutex_t lock;
	struct list mails;
	void (*on_closed)(struct mailbox *mailbox);
};

/* 0 or a negative errno. An open mailbox keeps uv_run going. [loop] */
int mailbox_open(struct mailbox *mailbox, uv_loop_t *loop);

/* Delivers what is there, and takes nothing any more. on_closed (may be NULL)
 * comes when the storage is the owner's again. [loop] */
void mailbox_close(struct mailbox *mailbox, void (*on_closed)(struct mailbox *mailbox));

/* [any] */
void mailbox_post(struct mailbox *mailbox, struct mail *mail);

/* Delivers what is there now, without waiting for the loop's turn. [loop] */
void mailbox_drain(struct mailbox *mailbox);

#endif
