/* SPDX-License-Identifier: Apache-2.0 */
/* The units of systemd, asked of a message bus that is the test's own. */
#include "cases.h"
#include "fake_bus.h"
#include "fixture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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
		setting.server =
			local_server_start(setting.socket, fake_bus_serve, behaviour);
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
	struct message message;
	size_t body_at = fake_bus_write_list(&message, 1);

	(void)state;
	for (size_t n = 0; n <= message.n; n++) {
		/* Exactly n bytes, so that a sanitizer sees what is read beyond. */
		char *copy = malloc(n > 0 ? n : 1);
		uint32_t body = (uint32_t)(n - body_at);
		struct dbus_message parsed;
		struct dbus_reader list;
		struct unit unit;

		memcpy(copy, message.bytes, n);
		assert_int_equal(dbus_message_parse(copy, n, &parsed), n == message.n);
		/* The same with a header that claims the cut is the whole. */
		if (n >= body_at) {
			memcpy(copy + 4, &body, 4);
			assert_true(dbus_message_parse(copy, n, &parsed));
			assert_int_equal(units_begin(&parsed, &list), n == message.n);
		}
		while (n == message.n && unit_next(&list, &unit))
			assert_true(strlen(unit.active_state) > 5);
		free(copy);
	}
}

static void units_of_a_list_that_is_cut_are_read_as_far_as_they_are_whole(void **state)
{
	struct message message;
	size_t body_at = fake_bus_write_list(&message, 1);
	size_t most = 0;

	(void)state;
	for (size_t n = body_at + 8; n <= message.n; n++) {
		char *copy = malloc(n);
		uint32_t body = (uint32_t)(n - body_at), list_size = body - 8;
		struct dbus_message parsed;
		struct dbus_reader list;
		struct unit unit;
		size_t units = 0;

		memcpy(copy, message.bytes, n);
		memcpy(copy + 4, &body, 4);
		memcpy(copy + body_at, &list_size, 4);
		assert_true(dbus_message_parse(copy, n, &parsed));
		assert_true(units_begin(&parsed, &list));
		while (unit_next(&list, &unit))
			units++;
		assert_true(units >= most);
		most = units;
		free(copy);
	}
	assert_int_equal(most, 5);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(units_are_counted_and_chosen_ones_told_one_by_one),
	cmocka_unit_test(the_connection_is_kept_and_made_again_where_it_broke),
	cmocka_unit_test(a_machine_without_systemd_or_bus_is_left_out_and_told_once),
	cmocka_unit_test(a_machine_that_booted_otherwise_is_left_out),
	cmocka_unit_test(a_bus_that_fails_is_told),
	cmocka_unit_test(a_message_that_is_cut_anywhere_is_refused),
	cmocka_unit_test(units_of_a_list_that_is_cut_are_read_as_far_as_they_are_whole),
};

CASES_MAIN(cases)
