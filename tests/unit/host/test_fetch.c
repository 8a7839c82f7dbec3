/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests of an instance, with a carrier that is the test's: it keeps what is asked and
 * answers when the test says so, under virtual time.
 */
#include "host/description.h"
#include "host/instance.h"
#include "host/shared.h"

#include "base/clock.h"
#include "base/macros.h"
#include "base/timers.h"
#include "loop/mailbox.h"
#include "model/value.h"
#include "net/http_exchange.h"

#include <rookery/ext/http.h>

#include "cases.h"
#include "loop.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 512 };

struct world {
	uv_loop_t loop;
	struct mailbox mailbox;
	struct clock clock;
	struct timers timers;
	int64_t now_ns;
	struct host_shared shared;
	struct http_carrier carrier;
	struct object object;
	struct values values;
	struct runner_listener listener;
	struct runner *runner;
	bool started, stopped, done, mailbox_closed;
	struct rk_run *run;
	/* What is under way, in the order in which it was asked. */
	struct http_exchange *asked[MOST];
	size_t n_asked, n_cancelled;
	/* What was told. */
	size_t n_told;
	int last_result, last_status;
	uint32_t last_attempts, last_cached;
	char last_why[256], last_body[64];
	void (*on_told)(const struct rk_http_answer *answer);
};

static struct world *world; /* one case runs at a time */
static const struct rk_host *host;
static const struct rk_http *http;

/* ---- the carrier --------------------------------------------------------- */

static int carrier_start(
	const struct http_carrier *carrier, struct http_exchange *exchange)
{
	(void)carrier;
	assert_true(world->n_asked < MOST);
	world->asked[world->n_asked++] = exchange;
	exchange->flight = exchange;
	return 0;
}

static void drop(struct http_exchange *exchange)
{
	size_t i = 0;

	while (i < world->n_asked && world->asked[i] != exchange)
		i++;
	assert_true(i < world->n_asked);
	memmove(&world->asked[i], &world->asked[i + 1],
		(--world->n_asked - i) * sizeof(world->asked[0]));
	exchange->flight = NULL;
}

static void carrier_cancel(
	const struct http_carrier *carrier, struct http_exchange *exchange)
{
	(void)carrier;
	drop(exchange);
	world->n_cancelled++;
}

static const struct http_carrier_ops carrier_ops = { carrier_start, carrier_cancel };

/* Answers what was asked first. */
static void answer(int status, const char *header, const char *body)
{
	struct http_exchange *exchange = world->asked[0];

	assert_true(world->n_asked > 0);
	drop(exchange);
	exchange->reply.status = status;
	if (header)
		assert_int_equal(http_fields_add_line(
					 &exchange->reply.fields, header, strlen(header)),
			0);
	buffer_append_text(&exchange->reply.body, body);
	exchange->on_done(exchange);
}

static const char *asked_for(const char *header)
{
	return http_fields_find(&world->asked[0]->call.fields, header, 0);
}

/* ---- the plugin ---------------------------------------------------------- */

static int plugin_start(void *self, const struct rk_host *given)
{
	(void)self;
	host = given;
	http = host->extension(host, RK_HTTP);
	return 0;
}

static void plugin_collect(void *self, struct rk_run *run)
{
	(void)self;
	world->run = run;
}

static const struct rk_plugin plugin = {
	RK_PLUGIN_ABI,
	.name = "asker",
	.summary = "Asks what the test says.",
	.version = "1",
	.interval = "1s",
	.needs = RK_NEED_NET,
	.start = plugin_start,
	.collect = plugin_collect,
};

static void on_told(void *context, const struct rk_http_answer *told)
{
	assert_ptr_equal(context, world);
	world->n_told++;
	world->last_result = told->result;
	world->last_status = told->status;
	world->last_attempts = told->attempts;
	world->last_cached = told->from_cache;
	snprintf(world->last_why, sizeof(world->last_why), "%s",
		told->why ? told->why : "");
	snprintf(world->last_body, sizeof(world->last_body), "%s",
		told->body ? (const char *)told->body : "");
	if (world->on_told)
		world->on_told(told);
}

static struct rk_http_order order_of(const char *url)
{
	return (struct rk_http_order){
		.size = sizeof(struct rk_http_order),
		.url = url,
		.on_done = on_told,
		.context = world,
	};
}

static struct rk_http_request *ask(const char *url)
{
	struct rk_http_order order = order_of(url);
	struct rk_http_request *request = NULL;

	assert_int_equal(http->start(host, &order, &request), 0);
	return request;
}

/* ---- the world ----------------------------------------------------------- */

static int64_t virtual_ns(const struct clock *clock)
{
	(void)clock;
	return world->now_ns;
}

static void turn(void)
{
	timers_run(&world->timers);
}

static void wait_for(int64_t ns)
{
	world->now_ns += ns;
	turn();
}

static void on_started(struct runner_listener *listener, int result)
{
	(void)listener;
	assert_int_equal(result, 0);
	world->started = true;
}

static void on_part(struct runner_listener *listener, struct part *part)
{
	(void)listener;
	part_destroy(part);
}

static void on_done(struct runner_listener *listener, int result, const char *why)
{
	(void)listener;
	(void)result;
	(void)why;
	world->done = true;
}

static void on_stopped(struct runner_listener *listener)
{
	(void)listener;
	world->stopped = true;
}

static void on_mailbox_closed(struct mailbox *mailbox)
{
	(void)mailbox;
	world->mailbox_closed = true;
}

static void start(uint32_t flags, const struct http_carrier *carrier)
{
	struct instance_options options;

	world->object.plugin.flags = flags;
	world->shared.carrier = carrier;
	options = (struct instance_options){
		.id = "asker",
		.object = &world->object,
		.values = &world->values,
		.max_series = 1,
		.shared = &world->shared,
	};
	assert_int_equal(instance_create(&options, &world->listener, &world->runner), 0);
	world->started = false;
	world->runner->ops->start(world->runner);
	loop_run_until(&world->loop, &world->started);
}

static void stop(void)
{
	world->stopped = false;
	world->runner->ops->stop(world->runner);
	assert_int_equal(world->n_asked, 0);
	loop_run_until(&world->loop, &world->stopped);
	world->runner->ops->destroy(world->runner);
}

static int setup(void **state)
{
	struct buffer why = { 0 };

	(void)state;
	world = calloc(1, sizeof(*world));
	assert_non_null(world);
	world->listener = (struct runner_listener){ on_started, on_part, on_done,
		on_stopped, NULL };
	world->clock = (struct clock){ virtual_ns, virtual_ns };
	world->now_ns = NS_PER_SECOND;
	timers_init(&world->timers, &world->clock);
	world->object = (struct object){ .plugin = plugin };
	assert_int_equal(description_read(&plugin, &world->object.description, &why), 0);
	world->values.set = &world->object.description.options;
	world->carrier.ops = &carrier_ops;
	assert_int_equal(uv_loop_init(&world->loop), 0);
	assert_int_equal(mailbox_open(&world->mailbox, &world->loop), 0);
	world->shared = (struct host_shared){
		.loop = &world->loop,
		.clock = &world->clock,
		.timers = &world->timers,
		.mailbox = &world->mailbox,
	};
	start(0, &world->carrier);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	stop();
	assert_int_equal(timers_next_ns(&world->timers), INT64_MAX);
	mailbox_close(&world->mailbox, on_mailbox_closed);
	loop_run_until(&world->loop, &world->mailbox_closed);
	loop_finish(&world->loop);
	timers_finish(&world->timers);
	description_finish(&world->object.description);
	free(world);
	return 0;
}

/* ---- who gets it ----------------------------------------------------------- */

static void blocking_instances_and_those_without_a_carrier_get_none(void **state)
{
	(void)state;
	assert_non_null(http);
	stop();
	start(RK_BLOCKING, &world->carrier);
	assert_null(http);
	stop();
	start(0, NULL);
	assert_null(http);
}

static void an_order_may_grow_but_not_shrink(void **state)
{
	struct {
		struct rk_http_order order;
		uint64_t of_a_newer_sdk;
	} larger = { .order = order_of("http://a.example/") };

	(void)state;
	larger.order.size = sizeof(larger);
	assert_int_equal(http->start(host, &larger.order, NULL), 0);
	larger.order.size = 8;
	assert_int_equal(http->start(host, &larger.order, NULL), -EINVAL);
}

static void who_does_not_declare_the_network_gets_none(void **state)
{
	struct rk_http_order order = order_of("http://a.example/");

	(void)state;
	world->object.plugin.needs = 0;
	assert_int_equal(http->start(host, &order, NULL), -EPERM);
}

/* ---- telling ----------------------------------------------------------------- */

static void nothing_is_told_from_inside_the_call_that_asks(void **state)
{
	(void)state;
	ask("http://a.example/x?y=z");
	assert_int_equal(world->n_asked, 0);
	turn();
	assert_int_equal(world->n_asked, 1);
	assert_string_equal(
		(const char *)world->asked[0]->call.url.data, "http://a.example/x?y=z");
	answer(200, NULL, "hello");
	assert_int_equal(world->n_told, 1);
	assert_int_equal(world->last_result, 0);
	assert_string_equal(world->last_body, "hello");
}

static void eight_are_under_way_and_256_wait(void **state)
{
	struct rk_http_order order = order_of("http://a.example/");

	(void)state;
	for (int i = 0; i < 256; i++)
		ask("http://a.example/");
	assert_int_equal(http->start(host, &order, NULL), -EAGAIN);
	turn();
	assert_int_equal(world->n_asked, 8);
	for (size_t i = 1; i <= 256; i++) {
		answer(200, NULL, "");
		turn();
		assert_int_equal(world->n_told, i);
		assert_int_equal(world->n_asked, MIN((size_t)8, 256 - i));
	}
	assert_int_equal(http->start(host, &order, NULL), 0);
}

/* ---- cancelling ------------------------------------------------------------------ */

static void a_stop_cancels_what_is_left_and_tells_nothing(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		ask("http://a.example/");
	turn();
	stop();
	assert_int_equal(world->n_cancelled, 8);
	assert_int_equal(world->n_told, 0);
	assert_int_equal(timers_next_ns(&world->timers), INT64_MAX);
	start(0, &world->carrier);
}

static void who_is_cancelled_makes_room_wherever_it_is(void **state)
{
	struct rk_http_request *requests[10];

	(void)state;
	for (int i = 0; i < 10; i++)
		requests[i] = ask("http://a.example/");
	http->cancel(requests[9]); /* still queued */
	http->cancel(requests[0]); /* about to be asked */
	turn();
	assert_int_equal(world->n_asked, 8);
	http->cancel(requests[1]); /* under way */
	assert_int_equal(world->n_asked, 7);
	answer(503, NULL, "");
	http->cancel(requests[2]); /* waits until it is asked again */
	wait_for(600 * NS_PER_SECOND);
	while (world->n_asked > 0)
		answer(200, NULL, "");
	assert_int_equal(world->n_told, 6);
}

static struct rk_http_request *told_of;

static void cancels_itself_and_asks_again(const struct rk_http_answer *told)
{
	(void)told;
	http->cancel(told_of);
	world->on_told = NULL;
	ask("http://a.example/again");
}

static void a_callback_may_ask_and_cancel(void **state)
{
	(void)state;
	world->on_told = cancels_itself_and_asks_again;
	told_of = ask("http://a.example/");
	turn();
	answer(200, NULL, "");
	turn();
	answer(200, NULL, "");
	assert_int_equal(world->n_told, 2);
}

/* ---- again ------------------------------------------------------------------------- */

static void attempts_are_bounded_and_wait_longer_each_time(void **state)
{
	(void)state;
	ask("http://a.example/");
	turn();
	answer(503, NULL, "one");
	assert_int_equal(world->n_asked, 0);
	wait_for(NS_PER_SECOND / 2);
	answer(500, NULL, "two");
	wait_for(NS_PER_SECOND);
	answer(504, NULL, "three");
	assert_int_equal(world->n_told, 1);
	assert_int_equal(world->last_result, -EREMOTEIO);
	assert_int_equal(world->last_attempts, 3);
	assert_string_equal(
		world->last_why, "'http://a.example/': HTTP 504: three (3 attempts)");
}

static void no_attempt_begins_before_what_the_server_asks(void **state)
{
	(void)state;
	ask("http://a.example/");
	turn();
	answer(429, "Retry-After: 60", "");
	wait_for(60 * NS_PER_SECOND - 1);
	assert_int_equal(world->n_asked, 0);
	wait_for(NS_PER_SECOND / 2 + 1);
	answer(200, NULL, "");
	assert_int_equal(world->last_attempts, 2);
}

static void a_runs_deadline_bounds_attempts_and_waits(void **state)
{
	struct rk_request request = { .timeout_ns = 20 * NS_PER_SECOND };
	struct rk_http_order order = order_of("http://a.example/");

	(void)state;
	world->runner->ops->collect(world->runner, &request);
	order.run = world->run;
	wait_for(5 * NS_PER_SECOND);
	assert_int_equal(http->start(host, &order, NULL), 0);
	turn();
	assert_int_equal(
		world->asked[0]->call.timeout_ns, 15 * NS_PER_SECOND); /* what is left */
	answer(503, "Retry-After: 15", "");
	assert_int_equal(world->n_told, 1); /* it would be too late */
	assert_int_equal(world->last_attempts, 1);
	host->done(world->run, 0, NULL);
	loop_run_until(&world->loop, &world->done);
}

/* ---- keeping -------------------------------------------------------------------------
 */

static void get(const char *url, int status, const char *header, const char *body)
{
	ask(url);
	turn();
	answer(status, header, body);
}

static void what_has_not_changed_is_given_from_what_was_kept(void **state)
{
	(void)state;
	get("http://a.example/", 200, "ETag: \"1\"", "kept");
	ask("http://a.example/");
	turn();
	assert_string_equal(asked_for("If-None-Match"), "\"1\"");
	answer(304, NULL, "");
	assert_string_equal(world->last_body, "kept");
	assert_int_equal(world->last_status, 200);
	assert_int_equal(world->last_cached, 1);
	get("http://a.example/", 200, "ETag: \"2\"", "new");
	assert_int_equal(world->last_cached, 0);
	ask("http://a.example/");
	turn();
	assert_string_equal(asked_for("If-None-Match"), "\"2\"");
	answer(304, NULL, "");
	assert_string_equal(world->last_body, "new");
}

static void who_wants_nothing_kept_asks_anew(void **state)
{
	struct rk_http_order order = order_of("http://a.example/");

	(void)state;
	get("http://a.example/", 200, "ETag: \"1\"", "kept");
	order.flags = RK_HTTP_UNCACHED;
	assert_int_equal(http->start(host, &order, NULL), 0);
	turn();
	assert_null(asked_for("If-None-Match"));
	answer(200, NULL, "");
}

static void sixty_four_answers_are_kept_the_least_used_goes(void **state)
{
	char url[64];

	(void)state;
	for (int i = 0; i < 64; i++) {
		snprintf(url, sizeof(url), "http://a.example/%d", i);
		get(url, 200, "ETag: \"x\"", "");
	}
	get("http://a.example/0", 304, NULL, ""); /* is used */
	get("http://a.example/64", 200, "ETag: \"x\"", "");
	ask("http://a.example/0");
	turn();
	assert_non_null(asked_for("If-None-Match"));
	answer(304, NULL, "");
	ask("http://a.example/1");
	turn();
	assert_null(asked_for("If-None-Match"));
	answer(200, NULL, "");
}

static void what_had_to_go_meanwhile_is_asked_for_anew(void **state)
{
	static char large[(2u << 20) + 1];
	char url[64];

	(void)state;
	memset(large, 'x', sizeof(large) - 1);
	get("http://a.example/", 200, "ETag: \"1\"", "kept");
	ask("http://a.example/");
	turn();
	for (int i = 0; i < 4; i++) { /* 8 MiB */
		struct http_exchange *first = world->asked[0];

		snprintf(url, sizeof(url), "http://a.example/%d", i);
		ask(url);
		turn();
		world->asked[0] = world->asked[1];
		world->asked[1] = first;
		answer(200, "ETag: \"2\"", large);
	}
	answer(304, NULL, "");
	turn();
	assert_null(asked_for("If-None-Match"));
	answer(200, NULL, "fresh");
	assert_string_equal(world->last_body, "fresh");
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test_setup_teardown(
		blocking_instances_and_those_without_a_carrier_get_none, setup, teardown),
	cmocka_unit_test_setup_teardown(
		an_order_may_grow_but_not_shrink, setup, teardown),
	cmocka_unit_test_setup_teardown(
		who_does_not_declare_the_network_gets_none, setup, teardown),
	cmocka_unit_test_setup_teardown(
		nothing_is_told_from_inside_the_call_that_asks, setup, teardown),
	cmocka_unit_test_setup_teardown(
		eight_are_under_way_and_256_wait, setup, teardown),
	cmocka_unit_test_setup_teardown(
		a_stop_cancels_what_is_left_and_tells_nothing, setup, teardown),
	cmocka_unit_test_setup_teardown(
		who_is_cancelled_makes_room_wherever_it_is, setup, teardown),
	cmocka_unit_test_setup_teardown(a_callback_may_ask_and_cancel, setup, teardown),
	cmocka_unit_test_setup_teardown(
		attempts_are_bounded_and_wait_longer_each_time, setup, teardown),
	cmocka_unit_test_setup_teardown(
		no_attempt_begins_before_what_the_server_asks, setup, teardown),
	cmocka_unit_test_setup_teardown(
		a_runs_deadline_bounds_attempts_and_waits, setup, teardown),
	cmocka_unit_test_setup_teardown(
		what_has_not_changed_is_given_from_what_was_kept, setup, teardown),
	cmocka_unit_test_setup_teardown(
		who_wants_nothing_kept_asks_anew, setup, teardown),
	cmocka_unit_test_setup_teardown(
		sixty_four_answers_are_kept_the_least_used_goes, setup, teardown),
	cmocka_unit_test_setup_teardown(
		what_had_to_go_meanwhile_is_asked_for_anew, setup, teardown),
};

CASES_MAIN(cases)
