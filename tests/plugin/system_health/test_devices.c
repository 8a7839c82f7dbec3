/* SPDX-License-Identifier: Apache-2.0 */
/* Devices that come and go, bear odd names, are told twice or are too many. */
#include "cases.h"
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static size_t count_live(const struct fixture *fixture, const char *text)
{
	size_t n = 0;

	for (size_t i = 0; i < fixture->fake->n_series; i++) {
		const struct fake_series *series = &fixture->fake->series[i];

		n += series->live && strstr(series->text, text) != NULL;
	}
	return n;
}

static void series_of_devices_that_went_are_forgotten(void **state)
{
	struct fixture *fixture = fixture_open_copy("counters_reset", NULL);

	(void)state;
	fixture_run(fixture);
	assert_true(count_live(fixture, "=tun0") > 0);
	assert_true(count_live(fixture, "=sdb") > 0);
	fixture_next(fixture);
	fixture_run(fixture);
	assert_int_equal(count_live(fixture, "=tun0"), 0);
	assert_int_equal(count_live(fixture, "=sdb"), 0);
	assert_true(count_live(fixture, "=wg0") > 0);
	fixture_close(fixture);
}

static void series_of_mounts_that_went_are_forgotten(void **state)
{
	struct fixture *fixture = fixture_open_copy("container", NULL);

	(void)state;
	fixture_run(fixture);
	assert_true(count_live(fixture, "mountpoint=/tmp") > 0);
	fixture_write(fixture, "proc/self/mountinfo",
		"640 520 0:52 / / ro,relatime - overlay overlay rw\n");
	fixture_run(fixture);
	assert_int_equal(count_live(fixture, "mountpoint=/tmp"), 0);
	assert_int_equal(
		count_live(fixture, "mode=rw,system.filesystem.mountpoint=/,"), 0);
	assert_true(count_live(fixture, "mode=ro,system.filesystem.mountpoint=/,") > 0);
	fixture_close(fixture);
}

static void sensors_keep_their_series_and_those_that_went_are_forgotten(void **state)
{
	struct fixture *fixture = fixture_open_copy("linux_6_1_nvme", NULL);
	size_t series;

	(void)state;
	fixture_run(fixture);
	fixture_run(fixture);
	series = fixture->fake->n_series;
	assert_int_equal(count_live(fixture, "hw.temperature"), 3);
	for (int i = 0; i < 130; i++)
		fixture_run(fixture);
	assert_int_equal(fixture->fake->n_series, series);
	fixture_write(fixture, "sys/class/hwmon/hwmon0/temp2_input", NULL);
	fixture_write(fixture, "sys/class/hwmon/hwmon0/temp9_input", "1000\n");
	for (int i = 0; i < 65; i++)
		fixture_run(fixture);
	assert_int_equal(count_live(fixture, "hw.id=coretemp.0/temp2"), 0);
	assert_int_equal(count_live(fixture, "hw.id=coretemp.0/temp9"), 1);
	assert_int_equal(fixture->fake->n_series, series + 1);
	fixture_close(fixture);
}

static void sockets_are_counted_once_a_turn(void **state)
{
	static const char *const options[] = { "tcp.every=1h", NULL };
	struct fixture *fixture = fixture_open("linux_6_18", options);

	(void)state;
	for (int i = 0; i < 3; i++) {
		fixture->fake->plan.request.scheduled_ns = 1000 + i;
		assert_int_equal(fixture_run(fixture), 0);
		assert_int_equal(
			fixture_reports(fixture, "system.network.connection.count"),
			i == 0);
	}
	fixture_close(fixture);
}

static void names_that_fit_no_label_are_left_out(void **state)
{
	struct fixture *fixture = fixture_open_copy("linux_6_18", NULL);
	char *text = calloc(1, 8192);

	(void)state;
	strcpy(text, "\xff\xfe: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
	memset(text + strlen(text), 'x', 2000);
	strcat(text, ": 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
	fixture_write(fixture, "proc/self/net/dev", text);
	fixture_write(fixture, "proc/self/mountinfo",
		"1 0 8:1 / /\\377\\376 rw - ext4 /dev/sda1 rw\n");
	fixture_write(fixture, "proc/diskstats", "8 0 \xc3 1 2 3 4 5 6 7 8 9 10 11\n");
	fixture_write(fixture, "proc/swaps", "/\\377 file 10 5 -1\n");
	assert_int_equal(fixture_run(fixture), 0);
	assert_false(fixture_reports(fixture, "system.network.io"));
	assert_false(fixture_reports(fixture, "system.filesystem"));
	assert_false(fixture_reports(fixture, "system.disk"));
	assert_false(fixture_reports(fixture, "system.paging.usage"));
	free(text);
	fixture_close(fixture);
}

static void a_device_that_is_told_twice_is_reported_once(void **state)
{
	struct fixture *fixture = fixture_open_copy("linux_6_18", NULL);

	(void)state;
	fixture_write(fixture, "proc/self/net/dev",
		"eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
		"eth0: 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9\n");
	fixture_write(fixture, "proc/pressure/cpu",
		"some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n"
		"some avg10=0.00 avg60=0.00 avg300=0.00 total=2\n");
	fixture_write(fixture, "proc/swaps", "/a file 10 5 -1\n/a file 10 5 -1\n");
	assert_int_equal(fixture_run(fixture), 0);
	assert_int_equal(
		fake_host_find(fixture->fake, "system.network.io{network.interface.name="
					      "eth0,network.io.direction="
					      "receive}")
			->value.digits,
		1);
	fixture_close(fixture);
}

static void too_many_processes_are_told_once_and_not_counted(void **state)
{
	static const char *const options[] = { "process.most=9", NULL };
	struct fixture *fixture = fixture_open("linux_6_18", options);

	(void)state;
	assert_int_equal(fixture_run(fixture), 0);
	assert_false(fixture_reports(fixture, "system.process.count"));
	assert_true(fixture_reports(fixture, "system.process.created"));
	assert_int_equal(fixture_run(fixture), 0);
	assert_int_equal(fake_host_count_log(fixture->fake, "more than 9 processes"), 1);
	fixture_close(fixture);
}

static void ticks_that_are_no_power_of_ten_give_reals(void **state)
{
	struct fixture *fixture = fixture_open("one_cpu", NULL);
	const struct rk_sample *sample;

	(void)state;
	assert_int_equal(fake_host_start(fixture->fake), 0);
	fixture->health->machine.ticks_are_decimal = false;
	fixture->health->machine.ticks_per_second = 1024;
	assert_int_equal(fixture_run(fixture), 0);
	sample = fake_host_find(fixture->fake, "system.cpu.time{cpu.mode=user}");
	assert_int_equal(sample->value.form, RK_REAL);
	assert_true(sample->value.real == 100.0 / 1024);
	fixture_close(fixture);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(series_of_devices_that_went_are_forgotten),
	cmocka_unit_test(series_of_mounts_that_went_are_forgotten),
	cmocka_unit_test(sensors_keep_their_series_and_those_that_went_are_forgotten),
	cmocka_unit_test(sockets_are_counted_once_a_turn),
	cmocka_unit_test(names_that_fit_no_label_are_left_out),
	cmocka_unit_test(a_device_that_is_told_twice_is_reported_once),
	cmocka_unit_test(too_many_processes_are_told_once_and_not_counted),
	cmocka_unit_test(ticks_that_are_no_power_of_ten_give_reals),
};

CASES_MAIN(cases)
