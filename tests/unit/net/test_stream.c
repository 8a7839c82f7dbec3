/* SPDX-License-Identifier: Apache-2.0 */
#include "base/macros.h"
#include "cases.h"
#include "loop.h"
#include "net/stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A server on this machine that reads little at once, and our stream to it. */
struct world {
	struct stream_listener listener;
	uv_loop_t loop;
	struct stream *stream;
	int server, peer;
	char port[8];
	bool is_open, is_written, has_failed;
	int error;
};

static struct world *world_of(struct stream_listener *listener)
{
	return (struct world *)(void *)listener; /* its first member */
}

static void on_open(struct stream_listener *listener)
{
	world_of(listener)->is_open = true;
}

static void on_read(struct stream_listener *listener, const uint8_t *bytes, size_t n)
{
	(void)listener;
	(void)bytes;
	(void)n;
}

static void on_written(struct stream_listener *listener)
{
	world_of(listener)->is_written = true;
}

static void on_failed(struct stream_listener *listener, int error, const char *why)
{
	(void)why;
	world_of(listener)->has_failed = true;
	world_of(listener)->error = error;
}

static int setup(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t size = sizeof(address);
	struct world *world = calloc(1, sizeof(*world));
	const int little = 4096;

	assert_non_null(world);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	world->listener =
		(struct stream_listener){ on_open, on_read, on_written, on_failed };
	world->peer = -1;
	world->server = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(world->server, SOL_SOCKET, SO_RCVBUF, &little, sizeof(little));
	assert_int_equal(
		bind(world->server, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(world->server, 1), 0);
	assert_int_equal(
		getsockname(world->server, (struct sockaddr *)&address, &size), 0);
	snprintf(world->port, sizeof(world->port), "%d", ntohs(address.sin_port));
	*state = world;
	return uv_loop_init(&world->loop);
}

static int teardown(void **state)
{
	struct world *world = *state;

	if (world->peer >= 0)
		close(world->peer);
	if (world->server >= 0)
		close(world->server);
	free(world);
	return 0;
}

static void open_stream(struct world *world, const char *host, uint64_t connect_ms)
{
	const struct stream_order order = { host, world->port, NULL, connect_ms, 60000 };

	assert_int_equal(
		stream_open(&world->loop, &order, &world->listener, &world->stream), 0);
}

static void connect_both(struct world *world)
{
	open_stream(world, "127.0.0.1", 60000);
	loop_run_until(&world->loop, &world->is_open);
	world->peer = accept(world->server, NULL, NULL);
	assert_true(world->peer >= 0);
}

/* Until the end, which must come in order. */
static size_t read_all(int fd)
{
	char bytes[4096];
	size_t all = 0;
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		all += (size_t)n;
	assert_int_equal(n, 0);
	return all;
}

static void a_peer_that_speaks_late_gets_all_that_was_written(void **state)
{
	static const char bytes[40000];
	struct world *world = *state;

	connect_both(world);
	stream_write(world->stream, bytes, sizeof(bytes));
	loop_run_until(&world->loop, &world->is_written);
	stream_close(world->stream, "last");
	uv_run(&world->loop, UV_RUN_NOWAIT);
	/* Our kernel still has most of it, and would drop that where it resets. */
	assert_int_equal(send(world->peer, "late", 4, MSG_NOSIGNAL), 4);
	uv_run(&world->loop, UV_RUN_NOWAIT);
	assert_int_equal(send(world->peer, "later", 5, MSG_NOSIGNAL), 5);
	assert_int_equal(read_all(world->peer), sizeof(bytes) + strlen("last"));
	close(world->peer);
	world->peer = -1;
	loop_finish(&world->loop);
}

static void a_peer_that_never_ends_is_not_waited_for(void **state)
{
	struct world *world = *state;

	connect_both(world);
	stream_close(world->stream, NULL);
	loop_finish(&world->loop);
	assert_int_equal(read_all(world->peer), 0);
}

static void a_peer_that_leaves_is_told_once(void **state)
{
	struct world *world = *state;

	connect_both(world);
	close(world->peer);
	world->peer = -1;
	loop_run_until(&world->loop, &world->has_failed);
	assert_int_equal(world->error, -ECONNRESET);
	world->has_failed = false;
	stream_write(world->stream, "x", 1);
	uv_run(&world->loop, UV_RUN_NOWAIT);
	assert_false(world->has_failed || world->is_written);
	stream_close(world->stream, NULL);
	loop_finish(&world->loop);
}

/* ---- names --------------------------------------------------------------- */

/* Names hang while that is wanted. "two" has an address where nobody listens, and the
 * server's behind it; "twice" has that two times. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool hangs;
} resolver = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

int __real_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
	struct addrinfo **ret);
int __wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
	struct addrinfo **ret);

int __wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
	struct addrinfo **ret)
{
	pthread_mutex_lock(&resolver.lock);
	while (resolver.hangs)
		pthread_cond_wait(&resolver.changed, &resolver.lock);
	pthread_mutex_unlock(&resolver.lock);
	if (strncmp(host, "tw", 2) == 0) {
		const char *first = host[2] == 'o' ? "127.0.0.2" : "127.0.0.1";
		struct addrinfo *second;

		assert_int_equal(
			__real_getaddrinfo("127.0.0.1", port, hints, &second), 0);
		assert_int_equal(__real_getaddrinfo(first, port, hints, ret), 0);
		(*ret)->ai_next = second;
		return 0;
	}
	return __real_getaddrinfo(host, port, hints, ret);
}

static void let_names_hang(bool hangs)
{
	pthread_mutex_lock(&resolver.lock);
	resolver.hangs = hangs;
	pthread_cond_broadcast(&resolver.changed);
	pthread_mutex_unlock(&resolver.lock);
}

static void a_name_that_hangs_fails_and_holds_up_nothing(void **state)
{
	struct world *world = *state;

	let_names_hang(true);
	open_stream(world, "127.0.0.1", 10);
	loop_run_until(&world->loop, &world->has_failed);
	assert_int_equal(world->error, -ETIMEDOUT);
	stream_close(world->stream, NULL);
	/* The thread still hangs. */
	loop_finish(&world->loop);
	let_names_hang(false);
}

static void a_stream_is_closed_while_its_name_is_resolved(void **state)
{
	struct world *world = *state;

	let_names_hang(true);
	open_stream(world, "127.0.0.1", 60000);
	uv_run(&world->loop, UV_RUN_NOWAIT);
	stream_close(world->stream, "last");
	loop_finish(&world->loop);
	let_names_hang(false);
	assert_false(world->is_open || world->has_failed);
}

static void each_address_of_a_name_is_tried(void **state)
{
	struct world *world = *state;

	open_stream(world, "two", 60000);
	loop_run_until(&world->loop, &world->is_open);
	stream_close(world->stream, NULL);
	close(world->server);
	world->server = -1;
	loop_finish(&world->loop);
}

/* Connections that nobody accepts fill the server's queue; the next one gets no answer.
 */
static void a_server_that_does_not_answer_fails_in_time(void **state)
{
	struct world *world = *state;
	struct sockaddr_in address;
	socklen_t size = sizeof(address);
	int crowd[8];

	assert_int_equal(
		getsockname(world->server, (struct sockaddr *)&address, &size), 0);
	for (size_t i = 0; i < LENGTH(crowd); i++) {
		crowd[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(crowd[i], (struct sockaddr *)&address, size);
	}
	open_stream(world, "twice", 300);
	loop_run_until(&world->loop, &world->has_failed);
	assert_int_equal(world->error, -ETIMEDOUT);
	stream_close(world->stream, NULL);
	loop_finish(&world->loop);
	for (size_t i = 0; i < LENGTH(crowd); i++)
		close(crowd[i]);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test_setup_teardown(each_address_of_a_name_is_tried, setup, teardown),
	cmocka_unit_test_setup_teardown(
		a_server_that_does_not_answer_fails_in_time, setup, teardown),
	cmocka_unit_test_setup_teardown(
		a_peer_that_speaks_late_gets_all_that_was_written, setup, teardown),
	cmocka_unit_test_setup_teardown(
		a_peer_that_never_ends_is_not_waited_for, setup, teardown),
	cmocka_unit_test_setup_teardown(a_peer_that_leaves_is_told_once, setup, teardown),
	cmocka_unit_test_setup_teardown(
		a_name_that_hangs_fails_and_holds_up_nothing, setup, teardown),
	cmocka_unit_test_setup_teardown(
		a_stream_is_closed_while_its_name_is_resolved, setup, teardown),
};

CASES_MAIN(cases)
