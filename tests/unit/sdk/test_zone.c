/* SPDX-License-Identifier: Apache-2.0 */
/* Zones: those of the machine, compared with the C library's, and files that are made
 * here to break what reads them. */
#include <rookery/zone.h>

#include "cases.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOUR_S INT64_C(3600)
#define DAY_S  INT64_C(86400)

/* ---- those of the machine ---------------------------------------------------- */

/* Compares one second with glibc's idea of it, which is that of TZ. */
static int32_t check_second(const struct rk_zone *zone, const char *name, int64_t second)
{
	struct rk_civil civil = rk_zone_civil(zone, second * RK_SECOND);
	int32_t offset = rk_zone_offset(zone, second * RK_SECOND);
	time_t time = second;
	struct tm tm;

	localtime_r(&time, &tm);
	if (offset != tm.tm_gmtoff || civil.year != tm.tm_year + 1900 ||
		civil.month != tm.tm_mon + 1 || civil.day != tm.tm_mday ||
		civil.hour != tm.tm_hour || civil.minute != tm.tm_min ||
		civil.second != tm.tm_sec)
		fail_msg("%s: at %lld the offset is %d and not %ld", name,
			(long long)second, offset, tm.tm_gmtoff);
	return offset;
}

/* The second from which on the offset is another one, between two that differ. */
static int64_t find_change(const struct rk_zone *zone, int64_t low, int64_t high)
{
	int32_t offset = rk_zone_offset(zone, low * RK_SECOND);

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (rk_zone_offset(zone, middle * RK_SECOND) == offset)
			low = middle;
		else
			high = middle;
	}
	return high;
}

/* From 1900 to 2100, each 40 days and around each change between. */
static void check_zone(const char *name)
{
	int64_t second = -70 * 365 * DAY_S, end = 130 * 366 * DAY_S;
	struct rk_error error;
	struct rk_zone *zone;
	int32_t offset;

	if (rk_zone_open(name, NULL, &zone, &error) < 0)
		fail_msg("%s", error.text);
	setenv("TZ", name, 1);
	tzset();
	offset = check_second(zone, name, second);
	for (; second < end; second += 40 * DAY_S) {
		int32_t next = check_second(zone, name, second + 40 * DAY_S);

		if (next != offset) {
			int64_t change = find_change(zone, second, second + 40 * DAY_S);

			check_second(zone, name, change - 1);
			check_second(zone, name, change);
		}
		offset = next;
	}
	rk_zone_destroy(zone);
}

static void every_zone_is_as_the_c_library_has_it(void **state)
{
	FILE *table = fopen(RK_ZONE_FOLDER "/zone1970.tab", "re");
	/* Under another program, which makes it some 30 times slower, not each of them.
	 */
	const char *under = getenv("ROOKERY_UNDER");
	int n = 0, step = under && *under ? 8 : 1;
	char line[512], name[65];

	(void)state;
	assert_non_null(table);
	while (fgets(line, sizeof(line), table)) {
		if (sscanf(line, "%*[A-Z,]\t%*s\t%64s", name) == 1 && n++ % step == 0)
			check_zone(name);
	}
	fclose(table);
	assert_true(n > 300);
}

static struct rk_zone *zone_of(const char *name)
{
	struct rk_error error;
	struct rk_zone *zone;

	if (rk_zone_open(name, NULL, &zone, &error) < 0)
		fail_msg("%s", error.text);
	return zone;
}

static int64_t utc(const char *text)
{
	int64_t ns = 0;

	assert_int_equal(
		rk_time_from_text(text, strlen(text), RK_TIME_RFC3339, NULL, &ns, NULL),
		0);
	return ns;
}

/* What is skipped is as late as if the clocks had not been set; what comes twice is the
 * first. */
static void readings_of_clocks_are_found(void **state)
{
	static const struct {
		const char *zone;
		struct rk_civil civil;
		int found;
		const char *utc;
	} rows[] = {
		{ "Europe/Vienna", { 2026, 11, 22, 11, 0, 0, 5 }, 0,
			"2026-11-22T10:00:00.000000005Z" },
		{ "Europe/Vienna", { 2026, 3, 29, 1, 59, 59, 0 }, 0,
			"2026-03-29T00:59:59Z" },
		{ "Europe/Vienna", { 2026, 3, 29, 2, 0, 0, 0 }, RK_ZONE_SKIPPED,
			"2026-03-29T01:00:00Z" },
		{ "Europe/Vienna", { 2026, 3, 29, 2, 30, 0, 0 }, RK_ZONE_SKIPPED,
			"2026-03-29T01:30:00Z" },
		{ "Europe/Vienna", { 2026, 3, 29, 3, 0, 0, 0 }, 0,
			"2026-03-29T01:00:00Z" },
		{ "Europe/Vienna", { 2026, 10, 25, 2, 30, 0, 0 }, RK_ZONE_TWICE,
			"2026-10-25T00:30:00Z" },
		{ "Europe/Vienna", { 2026, 10, 25, 3, 0, 0, 0 }, 0,
			"2026-10-25T02:00:00Z" },
		{ "Europe/Vienna", { 2099, 3, 29, 2, 30, 0, 0 }, RK_ZONE_SKIPPED,
			"2099-03-29T01:30:00Z" },
		{ "America/New_York", { 2026, 11, 1, 1, 30, 0, 0 }, RK_ZONE_TWICE,
			"2026-11-01T05:30:00Z" },
		{ "Australia/Lord_Howe", { 2026, 4, 5, 1, 45, 0, 0 }, RK_ZONE_TWICE,
			"2026-04-04T14:45:00Z" },
		{ "Pacific/Apia", { 2011, 12, 30, 12, 0, 0, 0 }, RK_ZONE_SKIPPED,
			"2011-12-30T22:00:00Z" },
		{ "UTC", { 2026, 11, 22, 10, 0, 0, 0 }, 0, "2026-11-22T10:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_zone *zone = zone_of(rows[i].zone);
		int64_t ns = 0;

		assert_int_equal(rk_zone_time(zone, &rows[i].civil, &ns), rows[i].found);
		assert_int_equal(ns, utc(rows[i].utc));
		rk_zone_destroy(zone);
	}
}

static void days_and_months_begin_and_end_where_their_dates_do(void **state)
{
	static const struct {
		const char *zone;
		int32_t first_day; /* 0: a day */
		const char *at, *start, *end;
	} rows[] = {
		{ "UTC", 0, "2026-11-22T10:00:00Z", "2026-11-22T00:00:00Z",
			"2026-11-23T00:00:00Z" },
		{ "Europe/Vienna", 0, "2026-11-22T23:30:00Z", "2026-11-22T23:00:00Z",
			"2026-11-23T23:00:00Z" },
		{ "Europe/Vienna", 0, "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z",
			"2026-03-29T22:00:00Z" },
		{ "Europe/Vienna", 0, "2026-10-24T22:00:00Z", "2026-10-24T22:00:00Z",
			"2026-10-25T23:00:00Z" },
		/* Midnight is skipped: the day begins at one. */
		{ "America/Sao_Paulo", 0, "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z",
			"2018-11-05T02:00:00Z" },
		/* From 23:30 to 00:30: it begins at half past. */
		{ "America/Toronto", 0, "1919-03-31T12:00:00Z", "1919-03-31T04:30:00Z",
			"1919-04-01T04:00:00Z" },
		/* Set back from 00:01 to 23:01: the days are not taken in turns. */
		{ "America/St_Johns", 0, "2010-11-07T02:45:00Z", "2010-11-07T02:30:00Z",
			"2010-11-08T03:30:00Z" },
		{ "America/St_Johns", 0, "2010-11-07T02:29:59Z", "2010-11-06T02:30:00Z",
			"2010-11-07T02:30:00Z" },
		/* There was no 30 December. */
		{ "Pacific/Apia", 0, "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z",
			"2011-12-30T10:00:00Z" },
		{ "Pacific/Apia", 0, "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z",
			"2011-12-31T10:00:00Z" },
		{ "UTC", 1, "2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z",
			"2026-12-01T00:00:00Z" },
		{ "UTC", 1, "2026-10-31T23:59:59.999999999Z", "2026-10-01T00:00:00Z",
			"2026-11-01T00:00:00Z" },
		{ "Europe/Vienna", 1, "2026-10-31T23:30:00Z", "2026-10-31T23:00:00Z",
			"2026-11-30T23:00:00Z" },
		{ "UTC", 31, "2026-02-15T00:00:00Z", "2026-01-31T00:00:00Z",
			"2026-02-28T00:00:00Z" },
		{ "UTC", 31, "2026-02-28T00:00:00Z", "2026-02-28T00:00:00Z",
			"2026-03-31T00:00:00Z" },
		{ "UTC", 15, "2027-01-14T23:59:59Z", "2026-12-15T00:00:00Z",
			"2027-01-15T00:00:00Z" },
		{ "UTC", 30, "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z",
			"2028-03-30T00:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_zone *zone = zone_of(rows[i].zone);
		struct rk_span span;
		int64_t at = utc(rows[i].at);

		assert_int_equal(rows[i].first_day ? rk_zone_month(zone, at,
							     rows[i].first_day, &span)
						   : rk_zone_day(zone, at, &span),
			0);
		if (span.start_ns != utc(rows[i].start) ||
			span.end_ns != utc(rows[i].end)) {
			char start[RK_TIME_TEXT_SIZE], end[RK_TIME_TEXT_SIZE];

			fail_msg("%s %s: from %s to %s", rows[i].zone, rows[i].at,
				rk_time_to_text(
					start, span.start_ns, RK_TIME_RFC3339, NULL),
				rk_time_to_text(end, span.end_ns, RK_TIME_RFC3339, NULL));
		}
		rk_zone_destroy(zone);
	}
}

static void spans_at_the_ends_of_time_are_refused(void **state)
{
	struct rk_span span = { 77, 77 };

	(void)state;
	assert_int_equal(rk_zone_day(NULL, INT64_MAX, &span), -ERANGE);
	assert_int_equal(rk_zone_day(NULL, INT64_MIN, &span), -ERANGE);
	assert_int_equal(rk_zone_month(NULL, INT64_MAX, 1, &span), -ERANGE);
	assert_int_equal(rk_zone_month(NULL, 0, 0, &span), -EINVAL);
	assert_int_equal(rk_zone_month(NULL, 0, 32, &span), -EINVAL);
	assert_int_equal(span.start_ns, 77);
}

static void texts_without_a_zone_are_of_the_callers(void **state)
{
	static const struct {
		const char *text, *utc;
	} rows[] = {
		{ "2026-11-22 10:00:00", "2026-11-22T15:00:00Z" },
		{ "2026-07-01", "2026-07-01T04:00:00Z" },
		{ "20260701", "2026-07-01T04:00:00Z" },
		{ "2026-11-22T10:00:00Z", "2026-11-22T10:00:00Z" },
		{ "2026-03-08T02:30:00", "2026-03-08T07:30:00Z" },
		{ "2016-12-31 18:59:60", "2017-01-01T00:00:00Z" },
	};
	struct rk_zone *zone = zone_of("America/New_York");
	char text[RK_TIME_TEXT_SIZE];
	int64_t ns;

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		assert_int_equal(rk_time_from_text(rows[i].text, strlen(rows[i].text),
					 RK_TIME_ANY | RK_TIME_COMPACT, zone, &ns, NULL),
			0);
		assert_int_equal(ns, utc(rows[i].utc));
	}
	ns = utc("2026-07-01T03:59:59Z");
	assert_string_equal(rk_time_to_text(text, ns, RK_TIME_RFC3339, zone),
		"2026-06-30T23:59:59-04:00");
	assert_string_equal(rk_time_to_text(text, ns, RK_TIME_DAY, zone), "2026-06-30");
	assert_string_equal(rk_time_to_text(text, ns, RK_TIME_MAIL, zone),
		"Tue, 30 Jun 2026 23:59:59 -0400");
	assert_string_equal(rk_time_to_text(text, ns, RK_TIME_HTTP, zone),
		"Wed, 01 Jul 2026 03:59:59 GMT");
	ns = utc("1800-01-01T00:00:00Z");
	assert_string_equal(
		rk_time_to_text(text, ns, RK_TIME_RFC3339, zone), "1800-01-01T00:00:00Z");
	rk_zone_destroy(zone);
}

static void names_do_not_lead_out_of_the_folder(void **state)
{
	static const char *const names[] = { "", "/etc/localtime", "../zoneinfo/UTC",
		"Europe//Vienna", "Europe/", "Europe/Vienna\n", "Europe.Vienna",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
	struct rk_zone *zone = NULL;
	struct rk_error error;

	(void)state;
	for (size_t i = 0; i < RK_LEN(names); i++) {
		assert_int_equal(rk_zone_open(names[i], NULL, &zone, &error), -EINVAL);
		assert_non_null(strstr(error.text, "is no name of a zone"));
	}
	assert_int_equal(rk_zone_open("Europe/Wien", NULL, &zone, &error), -ENOENT);
	assert_string_equal(
		error.text, "there is no zone 'Europe/Wien' in /usr/share/zoneinfo");
	assert_int_equal(rk_zone_open("Europe", NULL, &zone, &error), -ENOENT);
	assert_int_equal(rk_zone_open("null", "/dev", &zone, &error), -ENOENT);
	assert_int_equal(
		rk_zone_open("Europe/Vienna", "/nowhere", &zone, &error), -ENOENT);
	assert_int_equal(rk_zone_open("passwd", "/etc", &zone, &error), -EINVAL);
	assert_string_equal(error.text,
		"zone 'passwd' in /etc: the file of the zone does "
		"not begin as a TZif file");
	assert_null(zone);
	assert_int_equal(rk_zone_open("UTC", "/nowhere", &zone, &error), 0);
	rk_zone_destroy(zone);
	rk_zone_destroy(NULL);
}

/* ---- files that are made here ---------------------------------------------- */

struct file {
	uint8_t bytes[1024];
	size_t n;
};

static void put(struct file *file, const void *bytes, size_t n)
{
	memcpy(file->bytes + file->n, bytes, n);
	file->n += n;
}

static void put_number(struct file *file, int64_t number, int size)
{
	for (int i = size - 1; i >= 0; i--)
		file->bytes[file->n++] = (uint8_t)((uint64_t)number >> (8 * i));
}

static void put_header(
	struct file *file, char version, uint32_t times, uint32_t types, uint32_t chars)
{
	put(file, "TZif", 4);
	put_number(file, version, 1);
	put(file, (char[15]){ 0 }, 15);
	put(file, (char[12]){ 0 }, 12);
	put_number(file, times, 4);
	put_number(file, types, 4);
	put_number(file, chars, 4);
}

/* Two changes, and two types: one hour east, and two. */
static void put_block(struct file *file, char version, int size)
{
	put_header(file, version, 2, 2, 8);
	put_number(file, 1000, size);
	put_number(file, 2000, size);
	put(file, "\1\0", 2);
	put_number(file, 3600, 4);
	put(file, "\0\0", 2);
	put_number(file, 7200, 4);
	put(file, "\1\4", 2);
	put(file, "ONE\0TWO", 8);
}

static struct file file_of(char version, const char *footer)
{
	struct file file = { .n = 0 };

	put_block(&file, version, 4);
	if (version == '\0')
		return file;
	put_block(&file, version, 8);
	put(&file, "\n", 1);
	put(&file, footer, strlen(footer));
	put(&file, "\n", 1);
	return file;
}

static void versions_1_to_4_are_read(void **state)
{
	static const char versions[] = { '\0', '2', '3', '4' };

	(void)state;
	for (size_t i = 0; i < sizeof(versions); i++) {
		struct file file = file_of(versions[i], "ONE-1");
		struct rk_zone *zone;

		assert_int_equal(rk_zone_read(file.bytes, file.n, &zone, NULL), 0);
		assert_int_equal(rk_zone_offset(zone, INT64_MIN), 3600);
		assert_int_equal(rk_zone_offset(zone, 1000 * RK_SECOND - 1), 3600);
		assert_int_equal(rk_zone_offset(zone, 1000 * RK_SECOND), 7200);
		assert_int_equal(rk_zone_offset(zone, 1999 * RK_SECOND), 7200);
		assert_int_equal(rk_zone_offset(zone, 2000 * RK_SECOND), 3600);
		assert_int_equal(rk_zone_offset(zone, INT64_MAX), 3600);
		rk_zone_destroy(zone);
	}
}

/* Every byte of a sound file is left out behind, and changed: nothing is read beyond
 * its end, which the sanitizers see, and what is taken answers. */
static void files_that_are_cut_or_damaged_do_no_harm(void **state)
{
	struct file sound = file_of('2', "ONE-1TWO,M3.5.0,M10.5.0/3");

	(void)state;
	for (size_t n = 0; n < sound.n; n++) {
		uint8_t *copy = malloc(n ? n : 1);
		struct rk_zone *zone;
		struct rk_error error;

		memcpy(copy, sound.bytes, n);
		assert_int_equal(rk_zone_read(copy, n, &zone, &error), -EINVAL);
		free(copy);
	}
	for (size_t i = 0; i < sound.n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			struct file file = sound;
			struct rk_zone *zone = NULL;
			struct rk_span span;

			file.bytes[i] ^= (uint8_t)(1 << bit);
			if (rk_zone_read(file.bytes, file.n, &zone, NULL) == 0)
				assert_int_equal(
					rk_zone_day(zone, 1500 * RK_SECOND, &span), 0);
			rk_zone_destroy(zone);
		}
	}
}

static void hostile_files_are_refused_with_their_reason(void **state)
{
	/* Places in a file of version 2: the second header is at 44 + 38. */
	enum { SECOND = 44 + 8 + 2 + 12 + 8, TIMES = SECOND + 44, TYPES = TIMES + 18 };
	static const struct {
		size_t at;
		uint8_t byte;
		const char *why;
	} rows[] = {
		{ 0, 'X', "does not begin as a TZif file" },
		{ 4, '5', "has a version that is not known" },
		{ 4, '3', "has two headers that differ in version" },
		{ 32, 0xff, "ends within its data" },
		{ SECOND, 'X', "does not begin as a TZif file" },
		{ SECOND + 23, 1, "has indicators that are not one for each type" },
		{ SECOND + 39, 0, "has no types of local time, or too many" },
		{ SECOND + 43, 0, "has no types of local time, or too many" },
		{ SECOND + 33, 0xff, "ends within its data" },
		{ TIMES + 6, 0x7f, "has changes that are not in order" },
		{ TIMES + 16, 2, "has a change to a type that it does not have" },
		{ TYPES, 0x7f, "has an offset of more than a day" },
		{ TYPES, 0x80, "has an offset of more than a day" },
		{ TYPES + 4, 2, "has a type that neither is nor is not daylight" },
		{ TYPES + 5, 8, "has a type whose name does not end" },
		{ TYPES + 19, 'X', "has a type whose name does not end" },
		{ TYPES + 20, ' ', "has no whole footer" },
		{ TYPES + 21, ' ', "has a footer that says no rules" },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct file file = file_of('2', "ONE-1");
		struct rk_error error = { .text = "" };
		struct rk_zone *zone;

		file.bytes[rows[i].at] = rows[i].byte;
		assert_int_equal(
			rk_zone_read(file.bytes, file.n, &zone, &error), -EINVAL);
		if (!strstr(error.text, rows[i].why))
			fail_msg("row %zu: %s", i, error.text);
	}
}

static void a_file_that_goes_on_or_counts_leap_seconds_is_refused(void **state)
{
	struct file file = file_of('2', "ONE-1");
	struct file old = file_of('\0', "");
	struct rk_error error;
	struct rk_zone *zone;

	(void)state;
	put(&file, "\n", 1);
	assert_int_equal(rk_zone_read(file.bytes, file.n, &zone, &error), -EINVAL);
	assert_non_null(strstr(error.text, "goes on behind its footer"));
	put(&old, "\n", 1);
	assert_int_equal(rk_zone_read(old.bytes, old.n, &zone, &error), -EINVAL);
	old = file_of('\0', "");
	old.bytes[31] = 1;
	put_number(&old, 78796800, 4);
	put_number(&old, 1, 4);
	assert_int_equal(rk_zone_read(old.bytes, old.n, &zone, &error), -ENOTSUP);
	assert_non_null(strstr(error.text, "counts leap seconds"));
	assert_int_equal(
		rk_zone_read(old.bytes, RK_ZONE_MAX_SIZE + 1, &zone, &error), -EINVAL);
}

static void footers_are_rules_or_refused(void **state)
{
	static const struct {
		const char *text;
		const char *at;
		int32_t offset_s; /* 1: refused */
	} rows[] = {
		{ "", "2030-07-01T00:00:00Z", 3600 }, /* the last change's */
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2030-07-01T00:00:00Z", 7200 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2030-10-27T00:59:59Z", 7200 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2030-10-27T01:00:00Z", 3600 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2030-12-31T23:59:59Z", 3600 },
		{ "EST5EDT4,M3.2.0,M11.1.0", "2030-07-01T00:00:00Z", -14400 },
		{ "<-03>3", "2030-07-01T00:00:00Z", -10800 },
		{ "<+0530>-5:30", "2030-07-01T00:00:00Z", 19800 },
		{ "AAA-1:02:03", "2030-07-01T00:00:00Z", 3723 },
		/* The south: it ends before it starts. */
		{ "AEST-10AEDT,M10.1.0,M4.1.0/3", "2030-01-01T00:00:00Z", 39600 },
		{ "AEST-10AEDT,M10.1.0,M4.1.0/3", "2030-07-01T00:00:00Z", 36000 },
		/* Backwards in winter, as Ireland says it. */
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2030-01-01T00:00:00Z", 0 },
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2030-07-01T00:00:00Z", 3600 },
		/* Times beyond a day (version 3). */
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T00:59:59Z", -7200 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T01:00:00Z", -3600 },
		/* All the year. */
		{ "XXX3EDT4,0/0,J365/23", "2030-12-31T23:59:59Z", -14400 },
		{ "XXX3EDT4,0/0,J365/23", "2031-01-01T03:00:00Z", -14400 },
		{ "XXX3EDT4,0/0,J365/23", "2030-07-01T00:00:00Z", -14400 },
		/* Its end reaches into the next year, behind the start that is there. */
		{ "XXX2EDT4,0/0,J365/23", "2031-01-01T01:59:59Z", -7200 },
		{ "XXX2EDT4,0/0,J365/23", "2031-01-01T02:30:00Z", -14400 },
		{ "XXX2EDT4,0/0,J365/23", "2031-01-01T03:00:00Z", -7200 },
		/* With and without leap days: 1 March is J60 always, and 60 in leap
		   years. */
		{ "AAA0BBB,J60/0,J300/0", "2032-02-29T23:59:59Z", 0 },
		{ "AAA0BBB,J60/0,J300/0", "2032-03-01T00:00:00Z", 3600 },
		{ "AAA0BBB,J60/0,J300/0", "2031-03-01T00:00:00Z", 3600 },
		{ "AAA0BBB,60/0,300/0", "2032-02-29T23:59:59Z", 0 },
		{ "AAA0BBB,60/0,300/0", "2032-03-01T00:00:00Z", 3600 },
		{ "AAA0BBB,60/0,300/0", "2031-03-01T23:59:59Z", 0 },
		{ "AA0", NULL, 1 },
		{ "AAA", NULL, 1 },
		{ "<AAA0", NULL, 1 },
		{ "AAA25", NULL, 1 },
		{ "AAA0:60", NULL, 1 },
		{ "AAA0BBB", NULL, 1 },
		{ "AAA0BBB,J60", NULL, 1 },
		{ "AAA0BBB,J0,J60", NULL, 1 },
		{ "AAA0BBB,J366,J60", NULL, 1 },
		{ "AAA0BBB,366,J60", NULL, 1 },
		{ "AAA0BBB,M0.1.0,J60", NULL, 1 },
		{ "AAA0BBB,M13.1.0,J60", NULL, 1 },
		{ "AAA0BBB,M3.0.0,J60", NULL, 1 },
		{ "AAA0BBB,M3.6.0,J60", NULL, 1 },
		{ "AAA0BBB,M3.1.7,J60", NULL, 1 },
		{ "AAA0BBB,J1,J60/168", NULL, 1 },
		{ "AAA0BBB,J1,J60 ", NULL, 1 },
		{ ":Europe/Vienna", NULL, 1 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct file file = file_of('3', rows[i].text);
		struct rk_zone *zone = NULL;
		int r = rk_zone_read(file.bytes, file.n, &zone, NULL);

		assert_int_equal(r, rows[i].at ? 0 : -EINVAL);
		if (r == 0 && rk_zone_offset(zone, utc(rows[i].at)) != rows[i].offset_s)
			fail_msg("'%s' at %s: %d", rows[i].text, rows[i].at,
				rk_zone_offset(zone, utc(rows[i].at)));
		rk_zone_destroy(zone);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(every_zone_is_as_the_c_library_has_it),
	cmocka_unit_test(readings_of_clocks_are_found),
	cmocka_unit_test(days_and_months_begin_and_end_where_their_dates_do),
	cmocka_unit_test(spans_at_the_ends_of_time_are_refused),
	cmocka_unit_test(texts_without_a_zone_are_of_the_callers),
	cmocka_unit_test(names_do_not_lead_out_of_the_folder),
	cmocka_unit_test(versions_1_to_4_are_read),
	cmocka_unit_test(files_that_are_cut_or_damaged_do_no_harm),
	cmocka_unit_test(hostile_files_are_refused_with_their_reason),
	cmocka_unit_test(a_file_that_goes_on_or_counts_leap_seconds_is_refused),
	cmocka_unit_test(footers_are_rules_or_refused),
};

CASES_MAIN(cases)
