/* SPDX-License-Identifier: Apache-2.0 */
/* What a line of a program says, or what is wrong with it. */
#include "line.h"
#include "lines.h"
#include "number.h"

#include "cases.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* In memory of exactly its size, so that a sanitizer sees who reads behind it. */
static int read_text(const char *text, struct line *line, char **ret_text, char *why)
{
	size_t n = strlen(text) + 1;

	*ret_text = malloc(n);
	assert_non_null(*ret_text);
	memcpy(*ret_text, text, n);
	return line_read(*ret_text, line, why);
}

/* ---- numbers ------------------------------------------------------------ */

static void numbers_stay_as_they_are_written(void **state)
{
	static const struct {
		const char *text;
		bool may_be_real;
		int result;
		uint32_t form;
		int64_t digits;
		uint32_t scale;
		double real;
	} rows[] = {
		{ "0", true, 0, RK_DECIMAL, 0, 0, 0 },
		{ "-0", true, 0, RK_DECIMAL, 0, 0, 0 },
		{ "1.10", true, 0, RK_DECIMAL, 110, 2, 0 },
		{ "-12.340", true, 0, RK_DECIMAL, -12340, 3, 0 },
		{ "1e3", true, 0, RK_DECIMAL, 1000, 0, 0 },
		{ "1.5E+1", true, 0, RK_DECIMAL, 15, 0, 0 },
		{ "2.5e-3", true, 0, RK_DECIMAL, 25, 4, 0 },
		{ "0e99", true, 0, RK_DECIMAL, 0, 0, 0 },
		{ "9223372036854775807", true, 0, RK_DECIMAL, INT64_MAX, 0, 0 },
		{ "9223372036854775808", false, -ERANGE, 0, 0, 0, 0 },
		{ "9223372036854775808", true, -ERANGE, 0, 0, 0, 0 }, /* 19 digits */
		{ "0.30000000000000004", true, 0, RK_DECIMAL, 30000000000000004, 17, 0 },
		{ "1.2345678901234567e-05", true, 0, RK_REAL, 0, 0,
			1.2345678901234567e-05 },
		{ "1.2345678901234567e-05", false, -ERANGE, 0, 0, 0, 0 },
		{ "1e300", true, 0, RK_REAL, 0, 0, 1e300 },
		{ "1e400", true, -ERANGE, 0, 0, 0, 0 },
		{ "1e-400", true, -ERANGE, 0, 0, 0, 0 },
		{ "1e999999999999999999999", true, -ERANGE, 0, 0, 0, 0 },
		{ "0.1234567890123456789", true, -ERANGE, 0, 0, 0, 0 },
		{ "0.100000000000000000000", true, 0, RK_DECIMAL, 100000000000000000, 18,
			0 },
		{ "", true, -EINVAL, 0, 0, 0, 0 },
		{ "-", true, -EINVAL, 0, 0, 0, 0 },
		{ "1.2.3", true, -EINVAL, 0, 0, 0, 0 },
		{ "1,5", true, -EINVAL, 0, 0, 0, 0 },
		{ "1e", true, -EINVAL, 0, 0, 0, 0 },
		{ "1e 5", true, -EINVAL, 0, 0, 0, 0 },
		{ "0x10", true, -EINVAL, 0, 0, 0, 0 },
		{ "NaN", true, -EINVAL, 0, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct rk_number value = { 0 };
		int r = number_from_text(
			rows[i].text, strlen(rows[i].text), rows[i].may_be_real, &value);

		if (r != rows[i].result || value.form != rows[i].form)
			fail_msg("%s: %d, form %u", rows[i].text, r, value.form);
		if (r == 0 && value.form == RK_DECIMAL) {
			assert_int_equal(value.digits, rows[i].digits);
			assert_int_equal(value.scale, rows[i].scale);
		}
		if (r == 0 && value.form == RK_REAL)
			assert_true(value.real == rows[i].real);
	}
}

static void times_are_those_of_rfc_3339(void **state)
{
	static const struct {
		const char *text;
		int result;
		int64_t ns;
	} rows[] = {
		{ "1970-01-01T00:00:00Z", 0, 0 },
		{ "1970-01-01T00:00:01.5Z", 0, 1500000000 },
		{ "1970-01-01 01:00:00.000000001+01:00", 0, 1 },
		{ "1969-12-31T23:59:59.999999999Z", 0, -1 },
		{ "1969-12-31T22:30:00-01:30", 0, 0 },
		{ "2024-02-29T00:00:00Z", 0, 1709164800000000000 },
		{ "2023-02-29T00:00:00Z", -EINVAL, 0 },
		{ "2026-13-01T00:00:00Z", -EINVAL, 0 },
		{ "2026-01-01T24:00:00Z", -EINVAL, 0 },
		{ "2026-01-01T00:00:00", -EINVAL, 0 },
		{ "2026-01-01T00:00:00Zx", -EINVAL, 0 },
		{ "2026-01-01T00:00:00.Z", -EINVAL, 0 },
		{ "2026-01-01T00:00:00.1234567891Z", -EINVAL, 0 },
		{ "2026-01-01", -EINVAL, 0 },
		{ "9999-01-01T00:00:00Z", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
	};
	char text[TIME_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		int64_t ns = 0;

		if (time_from_text(rows[i].text, &ns) != rows[i].result ||
			ns != rows[i].ns)
			fail_msg("%s: %lld", rows[i].text, (long long)ns);
	}
	assert_string_equal(time_to_text(text, -1), "1969-12-31T23:59:59.999999999Z");
	assert_string_equal(
		time_to_text(text, 1500000000), "1970-01-01T00:00:01.500000000Z");
}

/* ---- whole lines -------------------------------------------------------- */

static void a_sample_says_all_of_its_fields(void **state)
{
	struct line line;
	char why[LINE_WHY_SIZE], *text;

	(void)state;
	assert_int_equal(read_text(" { \"metric\" : \"a.b\", "
				   "\"value\":-1.50,\"kind\":\"cumulative\","
				   "\"unit\":\"By\",\"confidence\":\"directional\","
				   "\"tenant\":\"acme\","
				   "\"time\":\"1970-01-01T00:00:02Z\",\"start\":\"1970-"
				   "01-01T00:00:01Z\","
				   "\"labels\":{\"x\":\"a\\\"\\u00e4\\ud83d\\ude00\\n\","
				   "\"y\":7,\"z\":true},"
				   "\"provisional\":true,\"observed\":\"x\",\"id\":5,"
				   "\"host\":null} ",
				 &line, &text, why),
		0);
	assert_int_equal(line.type, LINE_SAMPLE);
	assert_string_equal(line.metric, "a.b");
	assert_int_equal(line.value.digits, -150);
	assert_int_equal(line.value.scale, 2);
	assert_int_equal(line.kind, RK_CUMULATIVE);
	assert_string_equal(line.unit, "By");
	assert_int_equal(line.confidence, RK_DIRECTIONAL);
	assert_string_equal(line.tenant, "acme");
	assert_int_equal(line.time_ns, 2000000000);
	assert_int_equal(line.start_ns, 1000000000);
	assert_true(line.provisional);
	assert_int_equal(line.n_labels, 3);
	assert_string_equal(line.labels[0].value, "a\"\xc3\xa4\xf0\x9f\x98\x80\n");
	assert_string_equal(line.labels[1].value, "7");
	assert_string_equal(line.labels[2].value, "true");
	free(text);
}

static void an_event_says_all_of_its_fields(void **state)
{
	struct line line;
	char why[LINE_WHY_SIZE], *text;

	(void)state;
	assert_int_equal(
		read_text("{\"event\":\"vendor.incident\",\"key\":\"inc-1\",\"phase\":"
			  "\"begin\","
			  "\"severity\":\"high\",\"follow_up\":true,\"insight\":\"It is "
			  "late.\","
			  "\"action\":\"Wait.\",\"labels\":{\"vendor.name\":\"x\"},"
			  "\"details\":{\"minutes\":\"12\"}}",
			&line, &text, why),
		0);
	assert_int_equal(line.type, LINE_EVENT);
	assert_string_equal(line.event, "vendor.incident");
	assert_string_equal(line.key, "inc-1");
	assert_int_equal(line.phase, RK_BEGIN);
	assert_int_equal(line.severity, RK_HIGH);
	assert_true(line.follow_up);
	assert_string_equal(line.insight, "It is late.");
	assert_string_equal(line.action, "Wait.");
	assert_int_equal(line.n_labels, 1);
	assert_string_equal(line.details[0].value, "12");
	free(text);
}

static void an_end_says_how(void **state)
{
	struct line line;
	char why[LINE_WHY_SIZE], *text;

	(void)state;
	assert_int_equal(read_text("{\"end\":\"partial\",\"why\":\"one\",\"collect\":7}",
				 &line, &text, why),
		0);
	assert_int_equal(line.type, LINE_END);
	assert_int_equal(line.end, END_PARTIAL);
	assert_int_equal(line.collect, 7);
	assert_string_equal(line.why, "one");
	free(text);
}

#define SAMPLE(more) "{\"metric\":\"a.b\",\"value\":1" more "}"
#define EVENT(more)  "{\"event\":\"a.b\",\"severity\":\"low\",\"insight\":\"x\"" more "}"
#define TEN(text)    text text text text text text text text text text

static void what_is_wrong_names_the_field(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "it is no JSON object: no object" },
		{ "[1]", "it is no JSON object: no object" },
		{ "{", "it is no JSON object: a member without a name" },
		{ "{}", "it has not one of 'metric', 'event' and 'end'" },
		{ "{\"metric\":\"a.b\"",
			"it is no JSON object: no ',' between two members" },
		{ "{\"metric", "it is no JSON object: a text without end" },
		{ "{\"metric\":\"a\tb\"}", "it is no JSON object: a control character in "
					   "a text (in 'metric')" },
		{ "{\"metric\":\"\\x\"}", "it is no JSON object: an unknown escape in a "
					  "text (in 'metric')" },
		{ "{\"metric\":\"\\u0000\"}", "it is no JSON object: an unknown escape "
					      "in a text (in 'metric')" },
		{ "{\"metric\":\"\\ud800x\"}", "it is no JSON object: an unknown escape "
					       "in a text (in 'metric')" },
		{ SAMPLE("") " x", "it is no JSON object: something behind the object" },
		{ SAMPLE(","), "it is no JSON object: a member without a name" },
		{ "{\"value\":[1]}",
			"it is no JSON object: a value that is none (in 'value')" },
		{ "{\"value\":01}",
			"it is no JSON object: a value that is none (in 'value')" },
		{ SAMPLE(",\"colour\":1"), "there is no field 'colour'" },
		{ SAMPLE(",\"value\":1"), "'value' is there twice" },
		{ SAMPLE(",\"event\":\"a\""),
			"it has not one of 'metric', 'event' and 'end'" },
		{ SAMPLE(",\"severity\":\"low\""),
			"'severity' does not belong to a sample" },
		{ EVENT(",\"unit\":\"1\""), "'unit' does not belong to an event" },
		{ "{\"end\":\"ok\",\"time\":\"1970-01-01T00:00:00Z\"}",
			"'time' does not belong to an end" },
		{ "{\"end\":\"ok\",\"collect\":1.5}", "'collect' is no count: '1.5'" },
		{ "{\"metric\":\"a.b\"}", "'value' is missing" },
		{ "{\"metric\":\"a.b\",\"value\":null}", "'value' is missing" },
		{ "{\"metric\":\"A b\"}",
			"'metric' is no name: [a-z][a-z0-9_.]*, up to 64 bytes: 'A b'" },
		{ "{\"metric\":5}", "'metric' is no text, or empty" },
		{ "{\"value\":\"ten\"}", "'value' is no number: 'ten'" },
		{ "{\"value\":true}", "'value' is no number: 'true'" },
		{ "{\"value\":\"1e300\"}", "'value' would have to be rounded: '1e300'" },
		{ SAMPLE(",\"kind\":\"rate\""),
			"'kind' is none of gauge, delta, cumulative: 'rate'" },
		{ SAMPLE(",\"confidence\":1"),
			"'confidence' is none of exact, approximate, directional: '1'" },
		{ SAMPLE(",\"unit\":\"\""), "'unit' is no text, or empty" },
		{ SAMPLE(",\"unit\":\"" TEN("1234567") "\""),
			"'unit' has more than 64 bytes" },
		{ SAMPLE(",\"time\":\"yesterday\""),
			"'time' is no time such as \"2026-11-21T00:00:00Z\": "
			"'yesterday'" },
		{ SAMPLE(",\"time\":17"),
			"'time' is no time such as \"2026-11-21T00:00:00Z\": '17'" },
		{ SAMPLE(",\"time\":\"1970-01-01T00:00:02Z\",\"start\":\"1970-01-01T00:"
			 "00:02Z\""),
			"'start' is not before 'time'" },
		{ SAMPLE(",\"provisional\":1"),
			"'provisional' is neither true nor false" },
		{ SAMPLE(",\"labels\":1"), "'labels' is no object of texts" },
		{ SAMPLE(",\"labels\":{\"A\":\"x\"}"),
			"'labels': 'A' is no name: [a-z][a-z0-9_.]*, up to 64 bytes" },
		{ SAMPLE(",\"labels\":{\"a\":\"x\",\"a\":\"y\"}"),
			"'labels' has 'a' twice" },
		{ SAMPLE(",\"labels\":{\"a\":{}}"),
			"it is no JSON object: a value that is none (in 'labels')" },
		{ SAMPLE(",\"labels\":{\"a\":null}"),
			"it is no JSON object: a label or detail that is no text (in "
			"'labels')" },
		{ "{\"event\":\"a\",\"insight\":\"x\"}", "'severity' is missing" },
		{ "{\"event\":\"a\",\"severity\":\"low\"}", "'insight' is missing" },
		{ EVENT(",\"phase\":\"end\""), "'key' is missing: 'phase' is 'end'" },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		struct line line;
		char why[LINE_WHY_SIZE] = "", *text;
		int r = read_text(rows[i].text, &line, &text, why);

		if (r != -EINVAL || strcmp(why, rows[i].why) != 0)
			fail_msg("%s: %d, %s", rows[i].text, r, why);
		free(text);
	}
}

/* Every beginning of a line is read to its end and not beyond. */
static void a_line_that_is_cut_off_is_refused(void **state)
{
	static const char whole[] = "{\"metric\":\"a.b\",\"value\":-1.5e1,\"labels\":{"
				    "\"a\":\"\\ud83d\\ude00\","
				    "\"b\":true},\"provisional\":false,\"unit\":null}";

	(void)state;
	for (size_t n = 0; n < sizeof(whole) - 1; n++) {
		char part[sizeof(whole)] = "", why[LINE_WHY_SIZE], *text;
		struct line line;

		memcpy(part, whole, n);
		assert_int_equal(read_text(part, &line, &text, why), -EINVAL);
		free(text);
	}
}

/* ---- lines out of a pipe ------------------------------------------------ */

static void put(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void lines_come_whole_whatever_the_pieces(void **state)
{
	struct lines lines;
	int fds[2];
	char *text;

	(void)state;
	assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	assert_int_equal(lines_init(&lines, 8), 0);
	lines_open(&lines, fds[0]);
	assert_int_equal(lines_read(&lines), -EAGAIN);
	put(fds[1], "on");
	assert_int_equal(lines_read(&lines), 1);
	assert_int_equal(lines_next(&lines, &text), LINES_NONE);
	put(fds[1], "e\n12345678\n");
	for (int i = 0; i < 3; i++) { /* as much as there is room for */
		if (lines_next(&lines, &text) == LINES_LINE)
			break;
		assert_int_equal(lines_read(&lines), 1);
	}
	assert_string_equal(text, "one");
	assert_int_equal(lines_read(&lines), 1);
	assert_int_equal(lines_next(&lines, &text), LINES_LINE);
	assert_string_equal(text, "12345678");
	put(fds[1], "123456789\nlast");
	close(fds[1]);
	assert_int_equal(lines_read(&lines), 1);
	assert_int_equal(lines_next(&lines, &text), LINES_TOO_LONG);
	while (lines_read(&lines) > 0)
		assert_int_equal(lines_next(&lines, &text), LINES_NONE);
	assert_int_equal(lines_next(&lines, &text), LINES_LINE);
	assert_string_equal(text, "last");
	assert_int_equal(lines_next(&lines, &text), LINES_NONE);
	assert_int_equal(lines.n_bytes, 4 + 9 + 10 + 4);
	lines_finish(&lines);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(numbers_stay_as_they_are_written),
	cmocka_unit_test(times_are_those_of_rfc_3339),
	cmocka_unit_test(a_sample_says_all_of_its_fields),
	cmocka_unit_test(an_event_says_all_of_its_fields),
	cmocka_unit_test(an_end_says_how),
	cmocka_unit_test(what_is_wrong_names_the_field),
	cmocka_unit_test(a_line_that_is_cut_off_is_refused),
	cmocka_unit_test(lines_come_whole_whatever_the_pieces),
};

CASES_MAIN(cases)
