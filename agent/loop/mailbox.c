/* SPDX-License-Identifier: Apache-2.0 */
#include "mailbox.h"

void mailbox_drain(struct mailbox *mailbox)
{
	struct list mails;

	list_init(&mails);
	pthread_mutex_lock(&mailbox->lock);
	list_splice(&mails, &mailbox->mails);
	pthread_mutex_unlock(&mailbox->lock);
	while (!list_is_empty(&mails)) {
		struct mail *mail = container_of(mails.next, struct mail, link);

		list_remove(&mail->link);
		mail->deliver(mail);
	}
}

static void mailbox_on_async(uv_async_t *async)
{
	mailbox_drain(container_of(async, struct mailbox, async));
}

int mailbox_open(struct mailbox *mailbox, uv_loop_t *loop)
{
	int r = uv_async_init(loop, &mailbox->async, mailbox_on_async);

	if (r < 0)
		return r;
	list_init(&mailbox->mails);
	pthread_mutex_init(&mailbox->lock, NULL);
	return 0;
}

static void mailbox_on_close(uv_handle_t *handle)
{
	struct mailbox *mailbox =
		container_of((uv_async_t *)(void *)handle, struct mailbox, async);

	pthread_mutex_destroy(&mailbox->lock);
	if (mailbox->on_closed)
		mailbox->on_closed(mailbox);
}

void mailbox_close(struct mailbox *mailbox, void (*on_closed)(struct mailbox *mailbox))
{
	mailbox_drain(mailbox);
	mailbox->on_closed = on_closed;
	uv_close((uv_handle_t *)&mailbox->async, mailbox_on_close);
}

void mailbox_post(struct mailbox *mailbox, struct mail *mail)
{
	pthread_mutex_lock(&mailbox->lock);
	list_append(&mailbox->mails, &mail->link);
	pthread_mutex_unlock(&mailbox->lock);
	uv_async_send(&mailbox->async);
}
