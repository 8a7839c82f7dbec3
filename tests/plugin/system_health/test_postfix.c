/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of Postfix: the answers of a showq server, good and bad. */
#include "cases.h"
#include "fixture.h"
#include "local_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PROTOCOL "protocol\0mail_queue_list_protocol\0\0"
#define MESSAGE(queue, time, size)                                                       \
	"queue_name\0" queue "\0queue_id\0C4C2127A\0time\0" time "\0size\0" size         \
	"\0forced_expire\0"                                                              \
	"0\0sender\0a@example.com\0recipient\0b@example.net\0reason\0connect to "        \
	"127.0.0.1[127.0.0.1]:25: Connection refused\0recipient\0c@example.net\0"        \
	"reason\0\0\0"

struct script {
	const char *bytes;
	size_t n;
	bool stays;    /* silent afterwards, instead of closing */
	bool endless;  /* ... or says it again and again */
	bool by_bytes; /* one byte at a time */
};

/* clang-format off */
#define BYTES(text) .bytes = text, .n = sizeof(text) - 1
/* clang-format on */

static void serve(struct local_server *server, int client)
{
	const struct script *script = server->script;
	size_t step = script->by_bytes ? 1 : script->n;

	do {
		for (size_t at = 0; at < script->n; at += step) {
			if (!local_server_send(server, client, script->bytes + at, step))
				return;
		}
	} while (script->endless);
	if (script->stays)
		local_server_wait(server, client);
}

struct setting {
	struct local_server *server; /* NULL: none serves */
	struct fixture *fixture;
	char *folder, *queue;
};

/* A machine without anything but a Postfix, whose socket is at the path; NULL: it
 * has none. */
static struct setting open_setting(
	const struct script *script, const char *path, const char *option)
{
	char *folder = folder_create_temporary(), *made = NULL;
	const char *const options[] = { "parts.process=false", option, NULL };
	struct setting setting = { .folder = folder };

	fake_host_append(&made, "%s/spool", folder);
	mkdir(made, 0700);
	fake_host_append(&made, "/postfix");
	mkdir(made, 0700);
	fake_host_append(&made, "/%.*s", (int)strcspn(path, "/"), path);
	mkdir(made, 0700);
	free(made);
	made = NULL;
	fake_host_append(&made, "%s/spool/postfix/%s", folder, path);
	if (script)
		setting.server = local_server_start(made, serve, script);
	free(made);
	made = NULL;
	fake_host_append(&made, "%s/spool/postfix", folder);
	setting.fixture = fixture_open("missing_files", options);
	setting.fixture->fake->plan.now_ns = INT64_C(1795328000000000000);
	setting.queue = made;
	setting.fixture->health->settings.mail.postfix_queue = made;
	return setting;
}

static void close_setting(struct setting *setting)
{
	/* No address may get out, neither as a figure nor as a reason. */
	assert_null(strchr(setting->fixture->fake->log, '@'));
	assert_null(strchr(setting->fixture->fake->why, '@'));
	for (size_t i = 0; i < setting->fixture->fake->n_series; i++)
		assert_null(strchr(setting->fixture->fake->series[i].text, '@'));
	fixture_close(setting->fixture);
	if (setting->server)
		local_server_stop(setting->server);
	free(setting->queue);
	folder_remove(setting->folder);
}

static struct setting open_postfix(const struct script *script)
{
	return open_setting(script, "public/showq", "mail.timeout=10s");
}

static const struct rk_sample *find(
	const struct setting *setting, const char *metric, const char *queue)
{
	char series[128];

	snprintf(series, sizeof(series),
		"mail.queue.%s{mail.queue.name=%s,mail.server=postfix}", metric, queue);
	return fake_host_find(setting->fixture->fake, series);
}

static void expect_queue(const struct setting *setting, const char *queue,
	int64_t messages, int64_t bytes, int64_t age_s)
{
	assert_int_equal(find(setting, "messages", queue)->value.digits, messages);
	assert_int_equal(find(setting, "bytes", queue)->value.digits, bytes);
	assert_int_equal(find(setting, "oldest.age", queue)->value.digits, age_s);
}

static const char three_messages[] = PROTOCOL MESSAGE("deferred", "1795327869", "550")
	MESSAGE("deferred", "1795327000", "450") MESSAGE("active", "1795327999", "7");

static void each_queue_is_counted_weighed_and_aged(void **state)
{
	static const struct script script = { .bytes = three_messages,
		.n = sizeof(three_messages) };
	struct setting setting = open_postfix(&script);

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), 0);
	expect_queue(&setting, "deferred", 2, 1000, 1000);
	expect_queue(&setting, "active", 1, 7, 1);
	expect_queue(&setting, "hold", 0, 0, 0);
	expect_queue(&setting, "incoming", 0, 0, 0);
	expect_queue(&setting, "maildrop", 0, 0, 0);
	assert_int_equal(find(&setting, "messages", "deferred")->confidence, 0);
	close_setting(&setting);
}

static void an_answer_may_come_byte_by_byte(void **state)
{
	static const struct script script = {
		.bytes = three_messages, .n = sizeof(three_messages), .by_bytes = true
	};
	struct setting setting = open_postfix(&script);

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), 0);
	expect_queue(&setting, "deferred", 2, 1000, 1000);
	close_setting(&setting);
}

static void an_older_postfix_names_no_protocol(void **state)
{
	static const struct script script = {
		BYTES(MESSAGE("hold", "1795327000", "5") "\0"), .stays = true
	};
	struct setting setting = open_postfix(&script);

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), 0);
	expect_queue(&setting, "hold", 1, 5, 1000);
	close_setting(&setting);
}

static void an_empty_queue_is_told_as_zero(void **state)
{
	static const struct script script = { BYTES(PROTOCOL "\0"), .stays = true };
	struct setting setting = open_postfix(&script);

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), 0);
	expect_queue(&setting, "deferred", 0, 0, 0);
	close_setting(&setting);
}

static void an_unknown_queue_is_counted_in_none(void **state)
{
	static const struct script script = { BYTES(
		PROTOCOL MESSAGE("corrupt", "1795327000", "5") "\0") };
	struct setting setting = open_postfix(&script);

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), 0);
	expect_queue(&setting, "active", 0, 0, 0);
	close_setting(&setting);
}

static void the_private_socket_is_taken_where_there_is_no_public_one(void **state)
{
	static const struct script script = { BYTES(
		PROTOCOL MESSAGE("active", "1795327999", "5") "\0") };
	struct setting setting =
		open_setting(&script, "private/showq", "mail.timeout=10s");

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), 0);
	expect_queue(&setting, "active", 1, 5, 1);
	close_setting(&setting);
}

static void a_socket_is_found_however_long_its_path_is(void **state)
{
	static const struct script script = { BYTES(
		PROTOCOL MESSAGE("active", "1795327999", "5") "\0") };
	struct setting setting = open_postfix(&script);
	char *queue = NULL;

	(void)state;
	fake_host_append(&queue, "%s", setting.folder);
	for (int i = 0; i < 60; i++)
		fake_host_append(&queue, "/spool/..");
	fake_host_append(&queue, "/spool/postfix");
	setting.fixture->health->settings.mail.postfix_queue = queue;
	assert_int_equal(fixture_run(setting.fixture), 0);
	expect_queue(&setting, "active", 1, 5, 1);
	close_setting(&setting);
	free(queue);
}

static void an_endless_answer_is_cut_off_and_told_as_a_lower_bound(void **state)
{
	static const struct script script = { BYTES(MESSAGE("active", "1795327999", "5")),
		.endless = true };
	struct setting setting =
		open_setting(&script, "public/showq", "mail.timeout=300ms");

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), RK_PARTIAL);
	assert_non_null(
		strstr(setting.fixture->fake->why, "postfix: showq took too long"));
	assert_true(find(&setting, "messages", "active")->value.digits > 0);
	assert_int_equal(
		find(&setting, "messages", "active")->confidence, RK_DIRECTIONAL);
	close_setting(&setting);
}

static void an_answer_is_read_up_to_its_bound_however_fast_it_comes(void **state)
{
	enum { VALUE_SIZE = 1024 * 1024 };
	static const char head[] =
		"queue_name\0active\0time\0001795327999\0size\0005\0reason";
	struct script script = { .endless = true, .n = sizeof(head) + VALUE_SIZE };
	char *bytes = malloc(script.n);
	struct setting setting;

	(void)state;
	memcpy(bytes, head, sizeof(head));
	memset(bytes + sizeof(head), 'x', VALUE_SIZE);
	memset(bytes + script.n - 2, '\0', 2);
	script.bytes = bytes;
	setting = open_setting(&script, "public/showq", "mail.timeout=1m");
	assert_int_equal(fixture_run(setting.fixture), RK_PARTIAL);
	assert_non_null(
		strstr(setting.fixture->fake->why, "postfix: showq was not at its end"));
	/* 64 MiB of messages of 1 MiB; the last may be read or not. */
	assert_in_range(find(&setting, "messages", "active")->value.digits, 62, 65);
	close_setting(&setting);
	free(bytes);
}

static void a_name_without_end_is_refused(void **state)
{
	enum { NAME_SIZE = 100000 };
	struct script script = { .n = NAME_SIZE };
	char *bytes = malloc(NAME_SIZE);
	struct setting setting;

	(void)state;
	memset(bytes, 'a', NAME_SIZE);
	script.bytes = bytes;
	setting = open_postfix(&script);
	assert_int_equal(fixture_run(setting.fixture), RK_PARTIAL);
	assert_non_null(strstr(setting.fixture->fake->why, "not that of Postfix"));
	close_setting(&setting);
	free(bytes);
}

static void a_silent_server_is_given_up(void **state)
{
	static const struct script script = { BYTES(""), .stays = true };
	struct setting setting =
		open_setting(&script, "public/showq", "mail.timeout=100ms");

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), RK_PARTIAL);
	assert_string_equal(setting.fixture->fake->why,
		"postfix: showq took too long after 0 messages");
	assert_null(find(&setting, "messages", "active"));
	close_setting(&setting);
}

static void a_silent_server_does_not_hold_a_cancelled_run(void **state)
{
	static const struct script script = { BYTES(""), .stays = true };
	struct setting setting =
		open_setting(&script, "public/showq", "mail.timeout=60s");

	(void)state;
	setting.fixture->fake->plan.cancel_at = 40;
	assert_int_equal(fixture_run(setting.fixture), -ECANCELED);
	close_setting(&setting);
}

static void what_is_no_answer_is_told_and_gives_no_figure(void **state)
{
	static const struct script scripts[] = {
		{ BYTES("Mail queue is empty\n") },
		{ BYTES("\xff\xfe\xfd\0\0\0") },
		{ BYTES("queue_name\0active\0time\0soon\0size\0005\0\0\0") },
		{ BYTES("queue_name\0active\0time\0001\0\0\0") },
		{ BYTES("queue_name\0active\0time\0"
			"99999999999999999999999\0size\0001\0\0\0") },
		{ BYTES("size\0001\0\0\0") },
		{ BYTES("anamethatislongerthananyattributeofpostfix\0") },
		{ BYTES("queue_name\0aqueuethatislongerthananyqueueofpostfix\0") },
		{ BYTES(PROTOCOL "\0more") },
		{ BYTES(PROTOCOL) },
		{ BYTES("") },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(scripts); i++) {
		struct setting setting = open_postfix(&scripts[i]);

		assert_int_equal(fixture_run(setting.fixture), RK_PARTIAL);
		assert_non_null(strstr(setting.fixture->fake->why,
			"postfix: showq's answer is not that of Postfix 3.1 or later"));
		assert_null(find(&setting, "messages", "active"));
		close_setting(&setting);
	}
}

static void a_postfix_that_is_named_and_missing_is_a_failure(void **state)
{
	struct setting setting =
		open_setting(NULL, "public/showq", "mail.server=postfix");

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), RK_PARTIAL);
	assert_non_null(
		strstr(setting.fixture->fake->why, "postfix: there is no Postfix"));
	assert_int_equal(
		fake_host_count_log(setting.fixture->fake, "postfix is left out"), 0);
	close_setting(&setting);
}

static void a_postfix_that_is_stopped_is_a_failure(void **state)
{
	static const struct script script = { BYTES("") };
	struct setting setting = open_postfix(&script);

	(void)state;
	local_server_stop(setting.server);
	setting.server = NULL;
	assert_int_equal(fixture_run(setting.fixture), RK_PARTIAL);
	assert_non_null(strstr(setting.fixture->fake->why, "Connection refused"));
	close_setting(&setting);
}

static void no_server_is_asked_where_none_is_configured(void **state)
{
	static const struct script script = { BYTES(PROTOCOL "\0") };
	struct setting setting =
		open_setting(&script, "public/showq", "mail.server=none");

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), 0);
	assert_null(find(&setting, "messages", "active"));
	assert_int_equal(fake_host_count_log(setting.fixture->fake, "postfix"), 0);
	close_setting(&setting);
}

static void the_queue_is_read_once_a_turn_and_when_a_person_asks(void **state)
{
	static const struct script script = { BYTES(PROTOCOL "\0") };
	static const struct {
		int64_t scheduled_s;
		uint32_t flags;
		bool read;
	} rows[] = {
		{ 1000, 0, true },
		{ 1010, 0, false },
		{ 1015, RK_MANUAL, true },
		{ 1019, 0, false },
		{ 1020, 0, true },
		{ 1079, 0, false },
		{ 1085, 0, true },
	};
	struct setting setting = open_postfix(&script);

	(void)state;
	setting.fixture->health->settings.mail.every.ns = INT64_C(60000000000);
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_request *request = &setting.fixture->fake->plan.request;

		request->scheduled_ns = rows[i].scheduled_s * INT64_C(1000000000);
		request->flags = rows[i].flags;
		assert_int_equal(fixture_run(setting.fixture), 0);
		assert_int_equal(
			find(&setting, "messages", "active") != NULL, rows[i].read);
	}
	close_setting(&setting);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(each_queue_is_counted_weighed_and_aged),
	cmocka_unit_test(an_answer_may_come_byte_by_byte),
	cmocka_unit_test(an_older_postfix_names_no_protocol),
	cmocka_unit_test(an_empty_queue_is_told_as_zero),
	cmocka_unit_test(an_unknown_queue_is_counted_in_none),
	cmocka_unit_test(the_private_socket_is_taken_where_there_is_no_public_one),
	cmocka_unit_test(a_socket_is_found_however_long_its_path_is),
	cmocka_unit_test(an_endless_answer_is_cut_off_and_told_as_a_lower_bound),
	cmocka_unit_test(an_answer_is_read_up_to_its_bound_however_fast_it_comes),
	cmocka_unit_test(a_name_without_end_is_refused),
	cmocka_unit_test(a_silent_server_is_given_up),
	cmocka_unit_test(a_silent_server_does_not_hold_a_cancelled_run),
	cmocka_unit_test(what_is_no_answer_is_told_and_gives_no_figure),
	cmocka_unit_test(a_postfix_that_is_named_and_missing_is_a_failure),
	cmocka_unit_test(a_postfix_that_is_stopped_is_a_failure),
	cmocka_unit_test(no_server_is_asked_where_none_is_configured),
	cmocka_unit_test(the_queue_is_read_once_a_turn_and_when_a_person_asks),
};

CASES_MAIN(cases)
