/* SPDX-License-Identifier: Apache-2.0 */
/* The receiver's side of the socket. */
#include "receiver.h"

#include "base/bytes.h"
#include "campaign.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Beyond what the transport waits. */
enum { LATE_MS = 12, MESSAGE_MAX_SIZE = 16 << 20 };

static bool chance(struct receiver *receiver, uint64_t percent)
{
	return random_below(&receiver->random, 100) < percent;
}

static bool behaves(struct receiver *receiver, enum receiver_mode mode, uint64_t percent)
{
	return receiver->mode == mode && chance(receiver, percent);
}

/* ---- one message ------------------------------------------------------- */

static bool read_all(int fd, void *to, size_t n)
{
	return recv(fd, to, n, MSG_WAITALL) == (ssize_t)n;
}

static bool is_same_id(const struct ledger_batch *a, const struct ledger_batch *b)
{
	return a->begin.epoch == b->begin.epoch &&
	       a->begin.sequence == b->begin.sequence &&
	       a->begin.index == b->begin.index && a->n_records == b->n_records;
}

static void keep(struct receiver *receiver, const struct ledger_batch *id,
	const struct buffer *content)
{
	if (receiver->n == receiver->capacity) {
		size_t n = receiver->capacity = receiver->capacity * 2 + 64;

		receiver->ids = realloc(receiver->ids, n * sizeof(*receiver->ids));
		receiver->contents =
			realloc(receiver->contents, n * sizeof(*receiver->contents));
		must(receiver->ids && receiver->contents, "out of memory");
	}
	receiver->ids[receiver->n] = *id;
	receiver->contents[receiver->n++] = *content;
}

/* Takes what is new, and compares what is not. Owns the content. */
static void take(
	struct receiver *receiver, const struct ledger_batch *id, struct buffer *content)
{
	for (size_t i = 0; i < receiver->n; i++) {
		const struct buffer *first = &receiver->contents[i];

		if (!is_same_id(&receiver->ids[i], id))
			continue;
		receiver->n_repeated++;
		must_else(FAULT_INVENTED,
			first->size == content->size &&
				memcmp(first->data, content->data, first->size) == 0,
			"a batch came again under its id with other bytes");
		buffer_finish(content);
		return;
	}
	keep(receiver, id, content);
}

static bool read_message(int fd, struct ledger_batch *id, struct buffer *content)
{
	uint8_t head[RECEIVER_HEAD_SIZE];
	size_t size;
	uint8_t *room;

	if (!read_all(fd, head, sizeof(head)))
		return false;
	*id = (struct ledger_batch){
		.begin = { get_u64(head), get_u64(head + 8), get_u32(head + 16) },
		.n_records = get_u32(head + 20),
	};
	size = get_u32(head + 24);
	must(size <= MESSAGE_MAX_SIZE, "a message of %zu bytes", size);
	room = buffer_reserve(content, size + 1);
	must(room, "out of memory");
	if (!read_all(fd, room, size))
		return false;
	buffer_advance(content, size);
	return true;
}

static void answer(int fd, char byte)
{
	/* Who asked may be gone; it asks again. */
	(void)!send(fd, &byte, 1, MSG_NOSIGNAL);
}

static void serve(struct receiver *receiver, int fd)
{
	struct buffer content = { 0 };
	struct ledger_batch id;

	if (behaves(receiver, RECEIVER_TEARS, 40)) {
		receiver->n_torn++;
		return;
	}
	if (!read_message(fd, &id, &content)) {
		buffer_finish(&content);
		return;
	}
	receiver->n_messages++;
	if (behaves(receiver, RECEIVER_REJECTS, 70)) {
		receiver->n_rejected++;
		buffer_finish(&content);
		answer(fd, 'n');
		return;
	}
	take(receiver, &id, &content);
	if (behaves(receiver, RECEIVER_DROPS, 40)) {
		receiver->n_dropped++;
		return;
	}
	if (behaves(receiver, RECEIVER_IS_LATE, 30)) {
		receiver->n_late++;
		poll(NULL, 0, LATE_MS);
	}
	answer(fd, 'y');
}

/* ---- the thread -------------------------------------------------------- */

static void *receiver_run(void *context)
{
	struct receiver *receiver = context;
	struct pollfd waits[] = {
		{ .fd = receiver->listener, .events = POLLIN },
		{ .fd = receiver->stop[0], .events = POLLIN },
	};

	for (;;) {
		int fd;

		if (poll(waits, 2, -1) < 0 && errno != EINTR)
			break;
		if (waits[1].revents)
			break;
		if (!waits[0].revents)
			continue;
		fd = accept(receiver->listener, NULL, NULL);
		if (fd < 0)
			continue;
		serve(receiver, fd);
		close(fd);
	}
	return NULL;
}

void receiver_start(struct receiver *receiver, enum receiver_mode mode, uint64_t seed)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t n = sizeof(address);

	*receiver = (struct receiver){ .mode = mode };
	random_seed(&receiver->random, seed);
	receiver->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	must(receiver->listener >= 0 && pipe(receiver->stop) == 0, "no socket");
	must(bind(receiver->listener, (struct sockaddr *)&address, n) == 0 &&
			listen(receiver->listener, 64) == 0 &&
			getsockname(
				receiver->listener, (struct sockaddr *)&address, &n) == 0,
		"cannot listen: %s", strerror(errno));
	receiver->port = ntohs(address.sin_port);
	must(pthread_create(&receiver->thread, NULL, receiver_run, receiver) == 0,
		"no thread");
}

void receiver_stop(struct receiver *receiver)
{
	must(write(receiver->stop[1], "", 1) == 1, "cannot stop the receiver");
	pthread_join(receiver->thread, NULL);
	close(receiver->stop[0]);
	close(receiver->stop[1]);
	close(receiver->listener);
}

void receiver_finish(struct receiver *receiver)
{
	for (size_t i = 0; i < receiver->n; i++)
		buffer_finish(&receiver->contents[i]);
	free(receiver->contents);
	free(receiver->ids);
}
