/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of Exim: spools as Exim 4.96 and 4.97 write them, and what else is there. */
#include "cases.h"
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void the_name_of_a_spool_file_tells_when_its_message_came(void **state)
{
	static const struct {
		const char *name;
		bool taken;
		int kind;
		int64_t received_s;
	} rows[] = {
		/* As Exim 4.96 wrote it, with this time in its fourth line. */
		{ "1xV0nG-0001t8-0A-H", true, 'H', 1795327878 },
		{ "1xV0nG-0001t8-0A-D", true, 'D', 1795327878 },
		{ "1xV0nG-00000000t8a-0Abc-H", true, 'H', 1795327878 },
		{ "000000-000000-00-H", true, 'H', 0 },
		{ "zzzzzz-zzzzzz-zz-D", true, 'D', 56800235583 },
		{ "1xV0nG-0001t8-0A-J", false, 0, 0 },
		{ "1xV0nG-0001t8-0A-", false, 0, 0 },
		{ "1xV0nG-0001t8-0A", false, 0, 0 },
		{ "1xV0nG-0001t8-0A-H.lock", false, 0, 0 },
		{ "hdr.1xV0nG-0001t8-0A", false, 0, 0 },
		{ "1xV0n.-0001t8-0A-H", false, 0, 0 },
		{ "1xV0nG-0001t8a-0A-H", false, 0, 0 },
		{ "1xV0nG", false, 0, 0 },
		{ "", false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct exim_file file;

		assert_int_equal(exim_file_parse(rows[i].name, &file), rows[i].taken);
		if (!rows[i].taken)
			continue;
		assert_int_equal(file.kind, rows[i].kind);
		assert_int_equal(file.received_s, rows[i].received_s);
	}
}

static void write_file(const char *folder, const char *name, size_t size)
{
	char *path = NULL;
	FILE *file;

	fake_host_append(&path, "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	for (size_t i = 0; i < size; i++)
		fputc('x', file);
	fclose(file);
	free(path);
}

static char *make_folder(const char *parent, const char *name)
{
	char *path = NULL;

	fake_host_append(&path, "%s/%s", parent, name);
	assert_int_equal(mkdir(path, 0700), 0);
	return path;
}

/* A machine whose Exim has its spool in this folder. */
static struct fixture *open_exim(const char *spool, const char *option)
{
	const char *const options[] = { "parts.process=false", option, NULL };
	struct fixture *fixture = fixture_open("missing_files", options);

	fixture->health->settings.mail.exim_spool = spool;
	fixture->fake->plan.now_ns = INT64_C(1795328000000000000);
	return fixture;
}

static void expect_queue(
	const struct fixture *fixture, int64_t messages, int64_t bytes, int64_t age_s)
{
	static const char *const names[] = { "messages", "bytes", "oldest.age" };
	const int64_t values[] = { messages, bytes, age_s };

	for (size_t i = 0; i < 3; i++) {
		char series[128];

		snprintf(series, sizeof(series),
			"mail.queue.%s{mail.queue.name=input,mail.server=exim}",
			names[i]);
		assert_int_equal(
			fake_host_find(fixture->fake, series)->value.digits, values[i]);
	}
}

static void messages_are_counted_in_plain_and_in_split_spools(void **state)
{
	char *spool = folder_create_temporary();
	char *input = make_folder(spool, "input");
	char *split = make_folder(input, "G");
	char *other = make_folder(input, "notes");
	struct fixture *fixture = open_exim(spool, "mail.server=exim");

	(void)state;
	write_file(input, "1xV0nG-0001t8-0A-H", 600);
	write_file(input, "1xV0nG-0001t8-0A-D", 25);
	write_file(split, "1xV0mG-0001tA-0C-H", 600);
	write_file(split, "1xV0mG-0001tA-0C-D", 75);
	/* Not yet received, so no message; and nothing of a message at all. */
	write_file(split, "1xV0nG-0001tB-0C-D", 1);
	write_file(split, "1xV0nG-0001tB-0C-J", 1000);
	write_file(other, "1xV0nG-0001tC-0C-H", 1000);
	assert_int_equal(fixture_run(fixture), 0);
	expect_queue(fixture, 2, 101, 1795328000 - (1795327878 - 62));
	fixture_close(fixture);
	free(other);
	free(split);
	free(input);
	folder_remove(spool);
}

static void an_empty_spool_is_told_as_zero(void **state)
{
	char *spool = folder_create_temporary();
	char *input = make_folder(spool, "input");
	struct fixture *fixture = open_exim(spool, "mail.server=auto");

	(void)state;
	assert_int_equal(fixture_run(fixture), 0);
	expect_queue(fixture, 0, 0, 0);
	fixture_close(fixture);
	free(input);
	folder_remove(spool);
}

static void a_missing_spool_is_left_out_and_a_named_one_is_a_failure(void **state)
{
	struct fixture *fixture = open_exim("/nowhere", "mail.server=auto");

	(void)state;
	assert_int_equal(fixture_run(fixture), 0);
	assert_int_equal(fake_host_count_log(fixture->fake, "exim is left out"), 1);
	fixture_close(fixture);
	fixture = open_exim("/nowhere", "mail.server=exim");
	assert_int_equal(fixture_run(fixture), RK_PARTIAL);
	assert_non_null(strstr(fixture->fake->why, "exim: there is no Exim"));
	fixture_close(fixture);
}

static void a_spool_that_takes_too_long_is_told_as_a_lower_bound(void **state)
{
	char *spool = folder_create_temporary();
	char *input = make_folder(spool, "input");
	struct fixture *fixture = open_exim(spool, "mail.server=exim");
	const struct rk_sample *sample;
	char name[32];

	(void)state;
	for (int i = 0; i < 600; i++) {
		snprintf(name, sizeof(name), "1xV0nG-%06d-0A-H", i);
		write_file(input, name, 0);
	}
	fixture->health->settings.mail.timeout.ns = 0;
	assert_int_equal(fixture_run(fixture), RK_PARTIAL);
	assert_non_null(
		strstr(fixture->fake->why, "exim: reading Exim's spool took too long"));
	sample = fake_host_find(fixture->fake,
		"mail.queue.messages{mail.queue.name=input,mail.server=exim}");
	assert_true(sample->value.digits > 0 && sample->value.digits < 600);
	assert_int_equal(sample->confidence, RK_DIRECTIONAL);
	fixture_close(fixture);
	free(input);
	folder_remove(spool);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_name_of_a_spool_file_tells_when_its_message_came),
	cmocka_unit_test(messages_are_counted_in_plain_and_in_split_spools),
	cmocka_unit_test(an_empty_spool_is_told_as_zero),
	cmocka_unit_test(a_missing_spool_is_left_out_and_a_named_one_is_a_failure),
	cmocka_unit_test(a_spool_that_takes_too_long_is_told_as_a_lower_bound),
};

CASES_MAIN(cases)
