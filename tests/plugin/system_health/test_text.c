/* SPDX-License-Identifier: Apache-2.0 */
/* What all parts read with: files, numbers, names, filters, counters. */
#include "escape.h"
#include "exact.h"
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>

static void numbers_are_read_up_to_what_fits_and_refused_beyond(void **state)
{
	static const struct {
		const char *text;
		bool read;
		uint64_t value;
		size_t left;
	} rows[] = {
		{ "0", true, 0, 0 },
		{ "  \t42 7", true, 42, 2 },
		{ "18446744073709551615", true, UINT64_MAX, 0 },
		{ "18446744073709551616", false, 0, 0 },
		{ "99999999999999999999999999", false, 0, 0 },
		{ "00000000000000000000000000001", true, 1, 0 },
		{ "12kB", true, 12, 2 },
		{ "-1", false, 0, 0 },
		{ "+1", false, 0, 0 },
		{ "x", false, 0, 0 },
		{ "   ", false, 0, 0 },
		{ "", false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].text);
		struct scan scan = scan_of(text, size);
		uint64_t value;

		assert_int_equal(scan_unsigned(&scan, &value), rows[i].read);
		if (rows[i].read) {
			assert_int_equal(value, rows[i].value);
			assert_int_equal(scan_left(&scan), rows[i].left);
		}
		free(text);
	}
}

static void decimals_keep_their_digits(void **state)
{
	static const struct {
		const char *text;
		bool read;
		int64_t digits;
		uint32_t scale;
	} rows[] = {
		{ "0.04", true, 4, 2 },
		{ "12.340 rest", true, 12340, 3 },
		{ "7", true, 7, 0 },
		{ "7.", true, 7, 0 },
		{ "9223372036854775807", true, INT64_MAX, 0 },
		{ "9223372036854775808", false, 0, 0 },
		{ "0.0000000000000000001", false, 0, 0 },
		{ ".5", false, 0, 0 },
		{ "-1.0", false, 0, 0 },
		{ "nan", false, 0, 0 },
		{ "", false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].text);
		struct scan scan = scan_of(text, size);
		struct scan_decimal value;

		assert_int_equal(scan_decimal(&scan, &value), rows[i].read);
		if (rows[i].read) {
			assert_int_equal(value.digits, rows[i].digits);
			assert_int_equal(value.scale, rows[i].scale);
		}
		free(text);
	}
}

static void escapes_are_undone_and_other_backslashes_kept(void **state)
{
	static const struct {
		const char *written, *name;
		bool fits;
	} rows[] = {
		{ "/a\\040b\\011c", "/a b\tc", true },
		{ "\\134", "\\", true },
		{ "\\1", "\\1", true },
		{ "\\999", "\\999", true },
		{ "\\000", "\\000", true },
		{ "\\777", "\\777", true },
		{ "", "", true },
		{ "0123456789012345", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].written);
		struct scan written = scan_of(text, size);
		char name[16];

		assert_int_equal(escape_undo(&written, name, sizeof(name)), rows[i].fits);
		if (rows[i].fits)
			assert_string_equal(name, rows[i].name);
		free(text);
	}
}

static void a_filter_takes_what_is_included_and_not_excluded(void **state)
{
	static const char *const some[] = { "eth*", "en*" };
	static const char *const one[] = { "eth9" };
	const struct rk_list none = { NULL, 0 };
	const struct rk_list two = { some, 2 }, single = { one, 1 };
	static const char *const deep[] = { "/run/*" };
	const struct filter filters[] = {
		{ none, none },
		{ two, none },
		{ two, single },
		{ none, two },
	};

	(void)state;
	assert_true(filter_takes(&filters[0], "lo"));
	assert_false(filter_takes(&filters[1], "lo"));
	assert_true(filter_takes(&filters[1], "eth9"));
	assert_false(filter_takes(&filters[2], "eth9"));
	assert_true(filter_takes(&filters[2], "eno1"));
	assert_false(filter_takes(&filters[3], "eno1"));
	assert_true(filter_takes(&filters[3], "lo"));
	assert_false(filter_takes(
		&(struct filter){ none, { deep, 1 } }, "/run/user/1000/doc"));
}

static void a_label_is_utf_8_of_a_kibibyte(void **state)
{
	char longest[1026];
	static const struct {
		const char *text;
		bool fits;
	} rows[] = {
		{ "", true },
		{ "eth0", true },
		{ "\xc3\xa4", true },
		{ "\xe2\x82\xac", true },
		{ "\xf0\x9f\x90\xa6", true },
		{ "\xc3", false },
		{ "\xa4", false },
		{ "\xc0\x80", false },
		{ "\xe0\x80\x80", false },
		{ "\xed\xa0\x80", false },
		{ "\xf4\x90\x80\x80", false },
		{ "\xff", false },
		{ "a\xe2\x82", false },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++)
		assert_int_equal(label_fits(rows[i].text), rows[i].fits);
	memset(longest, 'x', sizeof(longest));
	longest[1024] = '\0';
	assert_true(label_fits(longest));
	longest[1024] = 'x';
	longest[1025] = '\0';
	assert_false(label_fits(longest));
}

static void a_counter_that_went_down_counts_anew_since_the_run_before(void **state)
{
	struct report report = { .previous_ns = 0 };
	struct counter counter = { 0 };

	(void)state;
	counter_read(&counter, 10, &report);
	assert_false(counter.has_delta);
	assert_int_equal(counter.start_ns, 0);
	report.previous_ns = 1000;
	counter_read(&counter, UINT64_MAX, &report);
	assert_true(counter.has_delta);
	assert_true(counter.delta == UINT64_MAX - 10);
	assert_int_equal(counter.start_ns, 0);
	counter_read(&counter, 5, &report);
	assert_false(counter.has_delta);
	assert_int_equal(counter.start_ns, 1000);
	report.previous_ns = 2000;
	counter_read(&counter, 5, &report);
	assert_true(counter.has_delta);
	assert_int_equal(counter.delta, 0);
	assert_int_equal(counter.start_ns, 1000);
}

static void a_file_whose_descriptor_went_stale_is_opened_anew(void **state)
{
	struct source source = { .fd = open("/dev/null", O_WRONLY), .open = true };
	struct text text = { 0 };

	(void)state;
	assert_int_equal(source_read(&source, AT_FDCWD,
				 TESTDATA "/missing_files/proc/uptime", &text),
		0);
	assert_memory_equal(text.data, "500.00 900.00\n", text.size);
	/* The same descriptor serves again, and what is gone is told. */
	assert_int_equal(source_read(&source, AT_FDCWD, "/nowhere", &text), 0);
	source_close(&source);
	assert_int_equal(source_read(&source, AT_FDCWD, "/nowhere", &text), -ENOENT);
	assert_int_equal(source_read(&source, AT_FDCWD, "/", &text), -EISDIR);
	text_finish(&text);
}

static void a_file_without_end_is_refused(void **state)
{
	struct source source = { 0 };
	struct text text = { 0 };

	(void)state;
	assert_int_equal(source_read(&source, AT_FDCWD, "/dev/zero", &text), -EFBIG);
	assert_false(source.open);
	text_finish(&text);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(numbers_are_read_up_to_what_fits_and_refused_beyond),
	cmocka_unit_test(decimals_keep_their_digits),
	cmocka_unit_test(escapes_are_undone_and_other_backslashes_kept),
	cmocka_unit_test(a_filter_takes_what_is_included_and_not_excluded),
	cmocka_unit_test(a_label_is_utf_8_of_a_kibibyte),
	cmocka_unit_test(a_counter_that_went_down_counts_anew_since_the_run_before),
	cmocka_unit_test(a_file_whose_descriptor_went_stale_is_opened_anew),
	cmocka_unit_test(a_file_without_end_is_refused),
};

CASES_MAIN(cases)
