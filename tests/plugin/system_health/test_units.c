/* SPDX-License-Identifier: Apache-2.0 */
/* The units of systemd: a message bus, good and bad, on a socket of the test. */
#include "cases.h"
#include "fixture.h"
#include "local_server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- writing messages ---------------------------------------------------- */

struct message {
	char bytes[4096];
	size_t n;
};

static void put(struct message *message, const void *bytes, size_t n)
{
	assert_true(sizeof(message->bytes) - message->n >= n);
	memcpy(message->bytes + message->n, bytes, n);
	message->n += n;
}

static void put_alignment(struct message *message, size_t alignment)
{
	while (message->n % alignment != 0)
		put(message, "", 1);
}

static void put_u32(struct message *message, uint32_t value)
{
	put_alignment(message, 4);
	put(message, &value, 4);
}

static void put_text(struct message *message, const char *text)
{
	put_u32(message, (uint32_t)strlen(text));
	put(message, text, strlen(text) + 1);
}

static void set_u32(struct message *message, size_t at, size_t value)
{
	uint32_t written = (uint32_t)value;

	memcpy(message->bytes + at, &written, 4);
}

/* The header of an answer; error and signature may be NULL. */
static void begin(struct message *message, int type, uint32_t reply_serial,
	const char *error, const char *signature)
{
	const char head[] = { 'l', (char)type, 1, 1 };

	message->n = 0;
	put(message, head, 4);
	put_u32(message, 0);
	put_u32(message, 77);
	put_u32(message, 0);
	if (reply_serial) {
		put(message, "\x05\x01u", 4);
		put_u32(message, reply_serial);
	}
	if (error) {
		put_alignment(message, 8);
		put(message, "\x04\x01s", 4);
		put_text(message, error);
	}
	if (signature) {
		const char size = (char)strlen(signature);

		put_alignment(message, 8);
		put(message, "\x08\x01g", 4);
		put(message, &size, 1);
		put(message, signature, strlen(signature) + 1);
	}
	set_u32(message, 12, message->n - 16);
	put_alignment(message, 8);
}

static void end(struct message *message, size_t body_at)
{
	set_u32(message, 4, message->n - body_at);
}

static void put_unit(struct message *message, const char *name, const char *state)
{
	put_alignment(message, 8);
	put_text(message, name);
	put_text(message, "a description");
	put_text(message, "loaded");
	put_text(message, state);
	put_text(message, "running");
	put_text(message, "");
	put_text(message, "/org/freedesktop/systemd1/unit/x");
	put_u32(message, 0);
	put_text(message, "");
	put_text(message, "/");
}

/* ---- the bus ------------------------------------------------------------- */

enum behaviour {
	BUS_LISTS,
	BUS_REJECTS,
	BUS_KNOWS_NO_SYSTEMD,
	BUS_REFUSES,
	BUS_IS_SILENT,
	BUS_TALKS_NONSENSE,
	BUS_LISTS_SOMETHING_ELSE,
	BUS_HANGS_UP,
};

/* Reads until the text is there. False where the client went. */
static bool read_until(int client, const char *text, size_t n)
{
	char got[2048];
	size_t size = 0;

	while (size < sizeof(got)) {
		ssize_t more = recv(client, got + size, sizeof(got) - size, 0);

		if (more <= 0)
			return false;
		size += (size_t)more;
		if (memmem(got, size, text, n))
			return true;
	}
	return false;
}

static void answer_hello(struct local_server *server, int client)
{
	struct message message;
	size_t body;

	begin(&message, 2, 1, NULL, "s");
	body = message.n;
	put_text(&message, ":1.1");
	end(&message, body);
	local_server_send(server, client, message.bytes, message.n);
	/* As a bus does: a signal that nobody asked for. */
	begin(&message, 4, 0, NULL, "s");
	body = message.n;
	put_text(&message, ":1.1");
	end(&message, body);
	local_server_send(server, client, message.bytes, message.n);
}

static void answer_list(struct local_server *server, int client, uint32_t serial)
{
	struct message message;
	size_t body, size_at, first;

	begin(&message, 2, serial, NULL, "a(ssssssouso)");
	body = size_at = message.n;
	put_u32(&message, 0);
	put_alignment(&message, 8);
	first = message.n;
	put_unit(&message, "postfix@-.service", "active");
	put_unit(&message, "opendkim.service", "failed");
	put_unit(&message, "cron.service", "active");
	put_unit(&message, "dev-sda.swap", "inactive");
	put_unit(&message, "strange.service", "refreshing");
	set_u32(&message, size_at, message.n - first);
	end(&message, body);
	local_server_send(server, client, message.bytes, message.n);
}

static void answer_error(
	struct local_server *server, int client, uint32_t serial, const char *name)
{
	struct message message;

	begin(&message, 3, serial, name, NULL);
	local_server_send(server, client, message.bytes, message.n);
}

static void answer_something_else(
	struct local_server *server, int client, uint32_t serial)
{
	struct message message;
	size_t body;

	begin(&message, 2, serial, NULL, "s");
	body = message.n;
	put_text(&message, "nothing");
	end(&message, body);
	local_server_send(server, client, message.bytes, message.n);
}

/* Answers one call to ListUnits. False where the connection is to be closed. */
static bool answer(struct local_server *server, int client, uint32_t serial,
	enum behaviour behaviour)
{
	switch (behaviour) {
	case BUS_KNOWS_NO_SYSTEMD:
		answer_error(server, client, serial,
			"org.freedesktop.DBus.Error.ServiceUnknown");
		return true;
	case BUS_REFUSES:
		answer_error(server, client, serial,
			"org.freedesktop.DBus.Error.LimitsExceeded");
		return true;
	case BUS_IS_SILENT:
		local_server_wait(server, client);
		return false;
	case BUS_TALKS_NONSENSE:
		local_server_send(server, client, "220 mail.example ESMTP\r\n", 24);
		return true;
	case BUS_LISTS_SOMETHING_ELSE:
		answer_something_else(server, client, serial);
		return true;
	default:
		answer_list(server, client, serial);
		return behaviour != BUS_HANGS_UP;
	}
}

static void serve(struct local_server *server, int client)
{
	enum behaviour behaviour = *(const enum behaviour *)server->script;

	if (!read_until(client, "\r\n", 2))
		return;
	if (behaviour == BUS_REJECTS) {
		local_server_send(server, client, "REJECTED EXTERNAL\r\n", 19);
		local_server_wait(server, client);
		return;
	}
	local_server_send(server, client, "OK 1234deadbeef\r\n", 17);
	if (!read_until(client, "Hello", 5))
		return;
	answer_hello(server, client);
	for (uint32_t serial = 2; read_until(client, "ListUnits", 9); serial++) {
		if (!answer(server, client, serial, behaviour))
			break;
	}
}

/* ---- the cases ----------------------------------------------------------- */

struct setting {
	struct local_server *server;
	struct fixture *fixture;
	char *folder, *socket;
};

static const char *const no_mail[] = { "parts.mail=false", NULL };

static void make_folders(const char *root, const char *const *names)
{
	for (; *names; names++) {
		char *path = NULL;

		fake_host_append(&path, "%s/%s", root, *names);
		assert_int_equal(mkdir(path, 0700), 0);
		free(path);
	}
}

/* A machine whose bus does this; NULL: systemd runs, and there is no bus. */
static struct setting open_bus(const enum behaviour *behaviour)
{
	static const char *const names[] = { "run", "run/systemd", "run/systemd/system",
		"run/dbus", NULL };
	struct setting setting = { .folder = folder_create_temporary() };

	make_folders(setting.folder, names);
	fake_host_append(
		&setting.socket, "%s/run/dbus/system_bus_socket", setting.folder);
	if (behaviour)
		setting.server = local_server_start(setting.socket, serve, behaviour);
	setting.fixture = fixture_open("missing_files", no_mail);
	setting.fixture->health->settings.parts.units = true;
	setting.fixture->health->settings.root = setting.folder;
	return setting;
}

static void close_bus(struct setting *setting)
{
	fixture_close(setting->fixture);
	if (setting->server)
		local_server_stop(setting->server);
	free(setting->socket);
	folder_remove(setting->folder);
}

static int64_t value(const struct setting *setting, const char *series)
{
	const struct rk_sample *sample = fake_host_find(setting->fixture->fake, series);

	if (!sample)
		fail_msg("there is no '%s'", series);
	return sample ? sample->value.digits : -1;
}

static bool has_units(const struct setting *setting)
{
	return fake_host_find(setting->fixture->fake,
		       "systemd.unit.count{systemd.unit.active_state=failed}") != NULL;
}

static void units_are_counted_and_chosen_ones_told_one_by_one(void **state)
{
	static const enum behaviour behaviour = BUS_LISTS;
	struct setting setting = open_bus(&behaviour);

	(void)state;
	assert_int_equal(fixture_run(setting.fixture), 0);
	assert_int_equal(
		value(&setting, "systemd.unit.count{systemd.unit.active_state=active}"),
		2);
	assert_int_equal(
		value(&setting, "systemd.unit.count{systemd.unit.active_state=failed}"),
		1);
	assert_int_equal(
		value(&setting,
			"systemd.unit.count{systemd.unit.active_state=reloading}"),
		0);
	assert_int_equal(
		value(&setting, "systemd.unit.state{systemd.unit.active_state=failed,"
				"systemd.unit.name=opendkim.service}"),
		1);
	assert_int_equal(
		value(&setting, "systemd.unit.state{systemd.unit.active_state=active,"
				"systemd.unit.name=opendkim.service}"),
		0);
	assert_int_equal(
		value(&setting, "systemd.unit.state{systemd.unit.active_state=active,"
				"systemd.unit.name=postfix@-.service}"),
		1);
	assert_null(fake_host_find(setting.fixture->fake,
		"systemd.unit.state{systemd.unit.active_state=active,"
		"systemd.unit.name=cron.service}"));
	close_bus(&setting);
}

static void the_connection_is_kept_and_made_again_where_it_broke(void **state)
{
	static const enum behaviour behaviours[] = { BUS_LISTS, BUS_HANGS_UP };

	(void)state;
	for (size_t i = 0; i < RK_LEN(behaviours); i++) {
		struct setting setting = open_bus(&behaviours[i]);

		for (int run = 0; run < 4; run++) {
			assert_int_equal(fixture_run(setting.fixture), 0);
			assert_true(has_units(&setting));
		}
		close_bus(&setting);
	}
}

static void a_machine_without_systemd_or_bus_is_left_out_and_told_once(void **state)
{
	static const enum behaviour behaviours[] = { BUS_KNOWS_NO_SYSTEMD, BUS_REJECTS };

	(void)state;
	for (size_t i = 0; i <= RK_LEN(behaviours); i++) {
		struct setting setting =
			open_bus(i < RK_LEN(behaviours) ? &behaviours[i] : NULL);

		assert_int_equal(fixture_run(setting.fixture), 0);
		assert_int_equal(fixture_run(setting.fixture), 0);
		assert_int_equal(
			fake_host_count_log(setting.fixture->fake, "units is left out"),
			1);
		assert_false(has_units(&setting));
		close_bus(&setting);
	}
}

static void a_machine_that_booted_otherwise_is_left_out(void **state)
{
	struct fixture *fixture = fixture_open("missing_files", no_mail);

	(void)state;
	fixture->health->settings.parts.units = true;
	fixture->health->settings.root = TESTDATA "/missing_files";
	assert_int_equal(fixture_run(fixture), 0);
	assert_int_equal(fake_host_count_log(fixture->fake,
				 "units is left out: systemd does not run here"),
		1);
	fixture_close(fixture);
}

static void a_bus_that_fails_is_told(void **state)
{
	static const struct {
		enum behaviour behaviour;
		const char *why;
	} rows[] = {
		{ BUS_REFUSES, "units: systemd answers "
			       "'org.freedesktop.DBus.Error.LimitsExceeded'" },
		{ BUS_TALKS_NONSENSE,
			"units: cannot ask systemd for its units: Protocol error" },
		{ BUS_LISTS_SOMETHING_ELSE, "units: systemd's list of units is none" },
		{ BUS_IS_SILENT,
			"units: cannot ask systemd for its units: Connection timed out" },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct setting setting = open_bus(&rows[i].behaviour);

		assert_int_equal(fixture_run(setting.fixture), RK_PARTIAL);
		assert_string_equal(setting.fixture->fake->why, rows[i].why);
		assert_false(has_units(&setting));
		assert_non_null(fake_host_find(setting.fixture->fake, "system.uptime"));
		close_bus(&setting);
	}
}

static void a_message_that_is_cut_anywhere_is_refused(void **state)
{
	struct dbus_message parsed;
	struct dbus_reader list;
	struct unit unit;
	struct message message;
	size_t size_at, first;
	char *copy;

	(void)state;
	begin(&message, 2, 1, NULL, "a(ssssssouso)");
	size_at = message.n;
	put_u32(&message, 0);
	put_alignment(&message, 8);
	first = message.n;
	put_unit(&message, "a.service", "active");
	set_u32(&message, size_at, message.n - first);
	end(&message, size_at);
	for (size_t n = 0; n <= message.n; n++) {
		/* Exactly n bytes, so that a sanitizer sees what is read beyond. */
		copy = malloc(n + 1);
		memcpy(copy, message.bytes, n);
		copy = realloc(copy, n > 0 ? n : 1);
		assert_int_equal(dbus_message_parse(copy, n, &parsed), n == message.n);
		/* The same with a header that claims the cut is the whole. */
		if (n >= size_at) {
			uint32_t body = (uint32_t)(n - size_at);

			memcpy(copy + 4, &body, 4);
			assert_true(dbus_message_parse(copy, n, &parsed));
			if (units_begin(&parsed, &list))
				while (unit_next(&list, &unit))
					assert_string_equal(unit.active_state, "active");
		}
		free(copy);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(units_are_counted_and_chosen_ones_told_one_by_one),
	cmocka_unit_test(the_connection_is_kept_and_made_again_where_it_broke),
	cmocka_unit_test(a_machine_without_systemd_or_bus_is_left_out_and_told_once),
	cmocka_unit_test(a_machine_that_booted_otherwise_is_left_out),
	cmocka_unit_test(a_bus_that_fails_is_told),
	cmocka_unit_test(a_message_that_is_cut_anywhere_is_refused),
};

CASES_MAIN(cases)
