/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "cases.h"
#include "deliver/syslog_frame.h"
#include "encode/rfc5424.h"

#include <errno.h>
#include <string.h>

#define HEAD "<134>1 2025-11-21T00:00:00Z mx1 rookery - a.b "
#define DATA "[x@1 a=\"b\\\"] c\\\\\" d=\"] \"]"

static void put(struct buffer *to, const char *message)
{
	buffer_append_format(to, "%zu %s", strlen(message), message);
}

static void lines_end_where_messages_do(void **state)
{
	struct buffer from = { 0 }, to = { 0 };

	(void)state;
	put(&from, HEAD DATA " one");
	put(&from, HEAD "- 2 two");
	assert_int_equal(syslog_frame_lines(&from, &to), 0);
	assert_string_equal(buffer_text(&to), HEAD DATA " one\n" HEAD "- 2 two\n");
	buffer_append_text(&from, "9 short");
	assert_int_equal(syslog_frame_lines(&from, &to), -EBADMSG);
	buffer_finish(&from);
	buffer_finish(&to);
}

static void expect_fit(size_t most, const char *message, const char *expected)
{
	struct buffer from = { 0 }, to = { 0 };
	const char *at, *found;
	uint64_t n_short;
	size_t n;

	put(&from, message);
	assert_int_equal(syslog_frame_has_longer(&from, most), strlen(message) > most);
	assert_int_equal(syslog_frame_fit(&from, most, &to, &n_short), 0);
	assert_int_equal(n_short, strlen(message) > most);
	at = (const char *)to.data;
	found = rfc5424_next(&at, at + to.size, &n);
	assert_non_null(found);
	assert_true(n <= most);
	assert_int_equal(n, strlen(expected));
	assert_memory_equal(found, expected, n);
	buffer_finish(&from);
	buffer_finish(&to);
}

static void what_is_too_long_goes_without_its_text(void **state)
{
	(void)state;
	expect_fit(sizeof(HEAD DATA " text") - 1, HEAD DATA " text", HEAD DATA " text");
	expect_fit(sizeof(HEAD DATA " text") - 2, HEAD DATA " text", HEAD DATA);
	expect_fit(sizeof(HEAD DATA) - 1, HEAD DATA " text", HEAD DATA);
}

static void what_is_still_too_long_goes_without_its_data(void **state)
{
	(void)state;
	expect_fit(sizeof(HEAD DATA) - 2, HEAD DATA " text", HEAD "- text");
	expect_fit(sizeof(HEAD) - 1 + 4, HEAD DATA " text", HEAD "- te");
	/* No character is cut apart. */
	expect_fit(sizeof(HEAD) - 1 + 5, HEAD DATA " a\xe2\x82\xac", HEAD "- a");
	expect_fit(
		sizeof(HEAD) - 1 + 6, HEAD DATA " a\xe2\x82\xac", HEAD "- a\xe2\x82\xac");
}

static void whatever_stands_in_a_message_the_bound_holds(void **state)
{
	static const char letters[] = "[]\"\\ =-\xc3\xa4x";
	struct random random;

	(void)state;
	random_seed(&random, 5426);
	for (int round = 0; round < 20000; round++) {
		struct buffer from = { 0 }, to = { 0 };
		size_t n = 400 + random_below(&random, 400), size;
		uint64_t n_short;
		const char *at;

		buffer_append_format(&from, "%zu ", n + sizeof(HEAD) - 1);
		buffer_append_text(&from, HEAD);
		for (size_t i = 0; i < n; i++)
			buffer_append_byte(&from, (uint8_t)letters[random_below(
							  &random, sizeof(letters) - 1)]);
		assert_int_equal(syslog_frame_fit(&from, 480, &to, &n_short), 0);
		at = (const char *)to.data;
		assert_non_null(rfc5424_next(&at, at + to.size, &size));
		assert_true(size <= 480);
		assert_ptr_equal(at, (const char *)to.data + to.size);
		buffer_finish(&from);
		buffer_finish(&to);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(lines_end_where_messages_do),
	cmocka_unit_test(what_is_too_long_goes_without_its_text),
	cmocka_unit_test(what_is_still_too_long_goes_without_its_data),
	cmocka_unit_test(whatever_stands_in_a_message_the_bound_holds),
};

CASES_MAIN(cases)
