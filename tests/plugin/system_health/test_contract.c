/* SPDX-License-Identifier: Apache-2.0 */
/* The life of an instance: what plugin.h asks of it, and what must never happen. */
#include "cases.h"
#include "fake_host_tables.h"
#include "fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void the_tables_keep_the_rules(void **state)
{
	(void)state;
	fake_tables_check(&rk_plugin_entry);
}

static void the_defaults_are_no_faults_and_relative_paths_are(void **state)
{
	static const char *const options[] = { "proc=proc", "mail.exim_spool=spool",
		NULL };
	struct fake_host *fake = fake_host_create(&rk_plugin_entry, NULL);

	(void)state;
	fake_host_check(fake);
	assert_string_equal(fake->faults, "");
	fake_host_destroy(fake);
	fake = fake_host_create(&rk_plugin_entry, options);
	fake_host_check(fake);
	assert_non_null(strstr(fake->faults, "proc: 'proc' is no absolute path"));
	assert_non_null(strstr(fake->faults, "mail.exim_spool: "));
	fake_host_destroy(fake);
}

static void without_proc_it_is_not_supported(void **state)
{
	static const char *const options[] = { "proc=/nowhere", NULL };
	struct fake_host *fake = fake_host_create(&rk_plugin_entry, options);

	(void)state;
	assert_int_equal(fake_host_start(fake), -ENOTSUP);
	fake_host_destroy(fake);
}

static void without_sys_only_what_it_tells_is_missing(void **state)
{
	static const char *const options[] = { "sys=/nowhere", NULL };
	struct fake_host *fake = fake_host_create(&rk_plugin_entry, options);

	(void)state;
	assert_int_equal(fake_host_start(fake), 0);
	fake_host_destroy(fake);
}

static void a_zeroed_instance_can_be_stopped(void **state)
{
	struct system_health *health = calloc(1, sizeof(*health));

	(void)state;
	rk_plugin_entry.stop(health);
	/* A descriptor that was never opened reads as 0. */
	assert_true(fcntl(0, F_GETFD) >= 0 || errno == EBADF);
	free(health);
}

static void descriptor_zero_survives_a_start_that_failed(void **state)
{
	static const char *const options[] = { "proc=/nowhere", NULL };
	int kept = dup2(open("/dev/null", O_RDONLY), 0);
	struct fake_host *fake = fake_host_create(&rk_plugin_entry, options);

	(void)state;
	assert_int_equal(kept, 0);
	fake_host_start(fake);
	fake_host_destroy(fake);
	assert_true(fcntl(0, F_GETFD) >= 0);
}

static void every_part_can_be_switched_off(void **state)
{
	static const char *const options[] = { "parts.uptime=false", "parts.load=false",
		"parts.cpu=false", "parts.memory=false", "parts.paging=false",
		"parts.disk=false", "parts.network=false", "parts.tcp=false",
		"parts.pressure=false", "parts.process=false", "parts.descriptors=false",
		"parts.entropy=false", "parts.temperature=false",
		"parts.filesystem=false", "parts.mail=false", NULL };
	struct fixture *fixture = fixture_open("linux_6_18", options);

	(void)state;
	assert_int_equal(fixture_run(fixture), 0);
	assert_int_equal(fixture->fake->n_samples, 0);
	assert_string_equal(fixture->fake->log, "");
	fixture_close(fixture);
}

static void a_switch_takes_its_own_part_alone(void **state)
{
	static const struct {
		const char *option, *prefix;
	} rows[] = {
		{ "parts.uptime=false", "system.uptime" },
		{ "parts.load=false", "system.linux.load_average" },
		{ "parts.cpu=false", "system.cpu." },
		{ "parts.memory=false", "system.memory." },
		{ "parts.paging=false", "system.paging." },
		{ "parts.disk=false", "system.disk." },
		{ "parts.network=false", "system.network.io" },
		{ "parts.tcp=false", "system.network.connection.count" },
		{ "parts.pressure=false", "system.linux.psi." },
		{ "parts.process=false", "system.process." },
		{ "parts.descriptors=false", "system.linux.file_descriptor." },
		{ "parts.entropy=false", "system.linux.entropy." },
		{ "parts.filesystem=false", "system.filesystem." },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		const char *const options[] = { rows[i].option, NULL };
		struct fixture *fixture = fixture_open("linux_6_18", options);

		assert_int_equal(fixture_run(fixture), 0);
		for (size_t k = 0; k < RK_LEN(rows); k++)
			assert_int_equal(
				fixture_reports(fixture, rows[k].prefix), k != i);
		fixture_close(fixture);
	}
}

static void a_run_can_be_cancelled_at_every_question(void **state)
{
	struct fixture *fixture = fixture_open("linux_6_18", NULL);
	size_t at = 0;

	(void)state;
	do {
		int r;

		fixture->fake->plan.cancel_at = ++at;
		r = fixture_run(fixture);
		assert_int_equal(r, fixture->fake->was_cancelled ? -ECANCELED : 0);
	} while (fixture->fake->was_cancelled);
	assert_true(at > PARTS);
	fixture->fake->plan.cancel_at = 0;
	assert_int_equal(fixture_run(fixture), 0);
	assert_true(fixture->fake->n_samples > 100);
	fixture_close(fixture);
}

static void a_cancelled_run_begins_no_further_part(void **state)
{
	struct fixture *fixture = fixture_open("missing_files", NULL);

	(void)state;
	fixture->fake->plan.cancel_at = 2;
	assert_int_equal(fixture_run(fixture), -ECANCELED);
	assert_int_equal(fake_host_count_log(fixture->fake, "is left out"), 0);
	fixture_close(fixture);
}

static void a_full_part_is_committed_and_nothing_is_lost(void **state)
{
	struct fixture *fixture = fixture_open("many_cpus", NULL);
	size_t n;

	(void)state;
	assert_int_equal(fixture_run(fixture), 0);
	n = fixture->fake->n_samples;
	assert_true(n > 2000);
	fixture->fake->plan.part_capacity = 300;
	assert_int_equal(fixture_run(fixture), 0);
	assert_true(fixture->fake->n_samples >= n);
	assert_true(fixture->fake->n_commits > 5);
	fixture_close(fixture);
}

static void a_journal_that_takes_nothing_ends_the_run(void **state)
{
	struct fixture *fixture = fixture_open("many_cpus", NULL);

	(void)state;
	fixture->fake->plan.part_capacity = 300;
	fixture->fake->plan.commit_result = -EAGAIN;
	assert_int_equal(fixture_run(fixture), -EAGAIN);
	fixture_close(fixture);
}

static void series_that_the_host_refuses_are_not_asked_for_again(void **state)
{
	struct fixture *fixture = fixture_open("linux_6_18", NULL);

	(void)state;
	fixture->fake->plan.max_series = 10;
	assert_int_equal(fixture_run(fixture), 0);
	assert_int_equal(fixture->fake->n_samples, 10);
	fixture->fake->plan.max_series = 0;
	assert_int_equal(fixture_run(fixture), 0);
	assert_true(fixture->fake->n_series < 50);
	fixture_close(fixture);
}

static void a_person_can_have_the_figures_explained(void **state)
{
	struct fixture *fixture = fixture_open("linux_6_18", NULL);

	(void)state;
	fixture->fake->plan.request.flags = RK_EXPLAIN;
	assert_int_equal(fixture_run(fixture), 0);
	assert_int_equal(fake_host_count_log(fixture->fake, "load gave 3 samples"), 1);
	fixture_close(fixture);
}

static void a_clock_before_the_boot_gives_totals_without_start(void **state)
{
	struct fixture *fixture = fixture_open("linux_6_18", NULL);
	const struct rk_sample *sample;

	(void)state;
	fixture->fake->plan.now_ns = 1000;
	assert_int_equal(fixture_run(fixture), 0);
	sample = fake_host_find(fixture->fake, "system.process.created");
	assert_int_equal(sample->start_ns, 0);
	fixture_close(fixture);
}

static int count_descriptors(void)
{
	DIR *folder = opendir("/proc/self/fd");
	int n = 0;

	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

static void a_thousand_runs_leak_nothing(void **state)
{
	struct fixture *fixture = fixture_open("linux_6_18", NULL);
	size_t bytes, series;
	int descriptors;

	(void)state;
	for (int i = 0; i < 3; i++)
		fixture_run(fixture);
	bytes = mallinfo2().uordblks;
	descriptors = count_descriptors();
	series = fixture->fake->n_series;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(fixture_run(fixture), 0);
	assert_int_equal(count_descriptors(), descriptors);
	assert_int_equal(fixture->fake->n_series, series);
	/* The C library keeps what was freed for later, some of it on other threads;
	 * the smallest leak in each run takes 32 bytes of its own. */
	assert_true(mallinfo2().uordblks < bytes + 1000 * 16);
	fixture_close(fixture);
}

/* An instance of its own on a thread of its own, as the host keeps them. */

static void *live_apart(void *argument)
{
	static const char *const options[] = { "proc=" TESTDATA "/linux_6_18/proc",
		"sys=" TESTDATA "/linux_6_18/sys", "parts.filesystem=false",
		"parts.units=false", "parts.mail=false", NULL };
	struct fake_host *fake = fake_host_create(&rk_plugin_entry, options);
	size_t *ret_samples = argument;

	fake->plan.now_ns = INT64_C(1800000000000000000);
	fake_host_start(fake);
	for (int i = 0; i < 50; i++) {
		fake->plan.now_ns += 10;
		fake_host_collect(fake);
	}
	*ret_samples = fake->n_samples;
	fake_host_destroy(fake);
	return NULL;
}

static void two_instances_run_at_once(void **state)
{
	pthread_t threads[2];
	size_t samples[2] = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, live_apart, &samples[i]), 0);
	for (size_t i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_true(samples[0] > 100);
	assert_int_equal(samples[0], samples[1]);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_tables_keep_the_rules),
	cmocka_unit_test(the_defaults_are_no_faults_and_relative_paths_are),
	cmocka_unit_test(without_proc_it_is_not_supported),
	cmocka_unit_test(without_sys_only_what_it_tells_is_missing),
	cmocka_unit_test(a_zeroed_instance_can_be_stopped),
	cmocka_unit_test(descriptor_zero_survives_a_start_that_failed),
	cmocka_unit_test(every_part_can_be_switched_off),
	cmocka_unit_test(a_switch_takes_its_own_part_alone),
	cmocka_unit_test(a_run_can_be_cancelled_at_every_question),
	cmocka_unit_test(a_cancelled_run_begins_no_further_part),
	cmocka_unit_test(a_full_part_is_committed_and_nothing_is_lost),
	cmocka_unit_test(a_journal_that_takes_nothing_ends_the_run),
	cmocka_unit_test(series_that_the_host_refuses_are_not_asked_for_again),
	cmocka_unit_test(a_person_can_have_the_figures_explained),
	cmocka_unit_test(a_clock_before_the_boot_gives_totals_without_start),
	cmocka_unit_test(a_thousand_runs_leak_nothing),
	cmocka_unit_test(two_instances_run_at_once),
};

CASES_MAIN(cases)
