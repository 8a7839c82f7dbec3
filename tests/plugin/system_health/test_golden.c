/* SPDX-License-Identifier: Apache-2.0 */
/* Whole trees in, every sample out, compared with the expected.txt of the tree. */
#include "cases.h"
#include "fixture.h"
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void compare(const struct fixture *fixture, const char *tree, const char *name)
{
	char path[512];
	char *text = fake_host_text(fixture->fake);

	snprintf(path, sizeof(path), "%s/%s/%s", TESTDATA, tree, name);
	golden_compare(path, text);
	free(text);
}

static void expect_first(const char *tree)
{
	struct fixture *fixture = fixture_open(tree, NULL);

	assert_int_equal(fixture_run(fixture), 0);
	assert_string_equal(fixture->fake->why, "");
	compare(fixture, tree, "expected.txt");
	fixture_close(fixture);
}

static void expect_both(const char *tree, const char *const *options)
{
	struct fixture *fixture = fixture_open_copy(tree, options);

	assert_int_equal(fixture_run(fixture), 0);
	compare(fixture, tree, "expected.txt");
	fixture_next(fixture);
	assert_int_equal(fixture_run(fixture), 0);
	assert_string_equal(fixture->fake->why, "");
	compare(fixture, tree, "expected-next.txt");
	fixture_close(fixture);
}

static void a_present_machine_is_reported(void **state)
{
	(void)state;
	expect_first("linux_6_18");
}

static void a_container_is_reported_without_the_mounts_of_its_engine(void **state)
{
	(void)state;
	expect_first("container");
}

static void one_cpu_is_reported_with_its_utilization_from_the_second_run(void **state)
{
	(void)state;
	expect_both("one_cpu", NULL);
}

static void an_old_kernel_is_reported_without_what_it_lacks(void **state)
{
	(void)state;
	expect_first("linux_2_6_32");
}

static void a_new_kernel_is_reported_with_discards_flushes_and_sensors(void **state)
{
	(void)state;
	expect_both("linux_6_1_nvme", NULL);
}

static void partitions_are_reported_where_they_are_asked_for(void **state)
{
	static const char *const options[] = { "disk.partitions=true", "disk.exclude=[]",
		"disk.include=[nvme*, sr0]", NULL };
	struct fixture *fixture = fixture_open("linux_6_1_nvme", options);

	(void)state;
	assert_int_equal(fixture_run(fixture), 0);
	compare(fixture, "linux_6_1_nvme", "expected-partitions.txt");
	fixture_close(fixture);
}

static void zones_are_reported_where_there_are_no_chips(void **state)
{
	(void)state;
	expect_first("thermal_zones");
}

static void missing_files_are_left_out_and_told_once(void **state)
{
	struct fixture *fixture = fixture_open("missing_files", NULL);
	size_t told;

	(void)state;
	assert_int_equal(fixture_run(fixture), 0);
	compare(fixture, "missing_files", "expected.txt");
	told = fake_host_count_log(fixture->fake, "info: ");
	assert_int_equal(told, fake_host_count_log(fixture->fake, ""));
	assert_int_equal(fake_host_count_log(fixture->fake, "cpu is left out: "), 1);
	assert_int_equal(fake_host_count_log(fixture->fake, "postfix is left out: "), 1);
	assert_int_equal(fixture_run(fixture), 0);
	assert_int_equal(fake_host_count_log(fixture->fake, ""), told);
	fixture_close(fixture);
}

static void figures_that_fit_no_sample_are_left_out(void **state)
{
	(void)state;
	expect_first("huge_counters");
}

static void a_reset_gives_no_absurd_figure_and_a_new_start(void **state)
{
	(void)state;
	expect_both("counters_reset", NULL);
}

static void a_host_is_seen_through_its_root_as_its_first_process_sees_it(void **state)
{
	(void)state;
	expect_first("host_by_root");
}

static void broken_files_are_told_part_by_part(void **state)
{
	struct fixture *fixture = fixture_open("broken_files", NULL);

	(void)state;
	assert_int_equal(fixture_run(fixture), RK_PARTIAL);
	assert_non_null(strstr(fixture->fake->why, "uptime: 'uptime' is no number"));
	assert_non_null(strstr(fixture->fake->why, "; load: "));
	assert_non_null(strstr(fixture->fake->why, "; cpu: "));
	assert_non_null(strstr(fixture->fake->why, "; memory: "));
	compare(fixture, "broken_files", "expected.txt");
	fixture_close(fixture);
}

static const char *cpu_series(
	char to[96], const char *metric, const char *mode, int number)
{
	if (number < 0)
		snprintf(to, 96, "%s{cpu.mode=%s}", metric, mode);
	else
		snprintf(to, 96, "%s{cpu.logical_number=%d,cpu.mode=%s}", metric, number,
			mode);
	return to;
}

static void two_hundred_fifty_six_cpus_are_told_apart_and_together(void **state)
{
	struct fixture *fixture = fixture_open_copy("many_cpus", NULL);
	const struct rk_sample *sample;
	char series[96];
	int64_t sum = 0;

	(void)state;
	assert_int_equal(fixture_run(fixture), 0);
	sample = fake_host_find(fixture->fake, "system.cpu.logical.count");
	assert_int_equal(sample->value.digits, 256);
	for (int i = 0; i < 256; i++)
		sum += fake_host_find(
			fixture->fake, cpu_series(series, "system.cpu.time", "user", i))
			       ->value.digits;
	sample = fake_host_find(
		fixture->fake, cpu_series(series, "system.cpu.time", "user", -1));
	assert_int_equal(sample->value.digits, sum);
	assert_null(fake_host_find(
		fixture->fake, cpu_series(series, "system.cpu.utilization", "user", 7)));
	fixture_next(fixture);
	assert_int_equal(fixture_run(fixture), 0);
	for (int i = -1; i < 256; i++) {
		sample = fake_host_find(fixture->fake,
			cpu_series(series, "system.cpu.utilization", "user", i));
		assert_int_equal(sample->value.digits, 4000);
		assert_int_equal(sample->value.scale, 4);
	}
	fixture_close(fixture);
}

static void cores_are_left_out_where_they_are_not_asked_for(void **state)
{
	static const char *const options[] = { "cpu.per_core=false", NULL };
	struct fixture *fixture = fixture_open("many_cpus", options);
	char series[96];

	(void)state;
	assert_int_equal(fixture_run(fixture), 0);
	assert_null(fake_host_find(
		fixture->fake, cpu_series(series, "system.cpu.time", "user", 0)));
	assert_non_null(fake_host_find(
		fixture->fake, cpu_series(series, "system.cpu.time", "user", -1)));
	assert_non_null(fake_host_find(fixture->fake, "system.cpu.logical.count"));
	fixture_close(fixture);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_present_machine_is_reported),
	cmocka_unit_test(a_container_is_reported_without_the_mounts_of_its_engine),
	cmocka_unit_test(one_cpu_is_reported_with_its_utilization_from_the_second_run),
	cmocka_unit_test(an_old_kernel_is_reported_without_what_it_lacks),
	cmocka_unit_test(a_new_kernel_is_reported_with_discards_flushes_and_sensors),
	cmocka_unit_test(partitions_are_reported_where_they_are_asked_for),
	cmocka_unit_test(zones_are_reported_where_there_are_no_chips),
	cmocka_unit_test(missing_files_are_left_out_and_told_once),
	cmocka_unit_test(figures_that_fit_no_sample_are_left_out),
	cmocka_unit_test(a_reset_gives_no_absurd_figure_and_a_new_start),
	cmocka_unit_test(a_host_is_seen_through_its_root_as_its_first_process_sees_it),
	cmocka_unit_test(broken_files_are_told_part_by_part),
	cmocka_unit_test(two_hundred_fifty_six_cpus_are_told_apart_and_together),
	cmocka_unit_test(cores_are_left_out_where_they_are_not_asked_for),
};

CASES_MAIN(cases)
