/* SPDX-License-Identifier: Apache-2.0 */
#include "deliver/relp_parser.h"

#include "base/random.h"
#include "cases.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The result for these bytes, given one by one or at once. */
static int take(struct relp_parser *parser, const char *bytes, size_t n, bool one_by_one)
{
	const uint8_t *at = (const uint8_t *)bytes, *end = at + n;
	int r = 0;

	while (at < end && r == 0)
		r = relp_parser_take(parser, &at, one_by_one ? at + 1 : end);
	if (r > 0)
		assert_ptr_equal(at, end);
	return r;
}

static void a_frame_is_read_byte_by_byte_and_at_once(void **state)
{
	static const struct {
		const char *bytes;
		uint32_t txnr;
		const char *command, *data;
	} frames[] = {
		{ "1 rsp 6 200 OK\n", 1, "rsp", "200 OK" },
		{ "999999999 rsp 7 200\nOK\n\n", 999999999, "rsp", "200\nOK\n" },
		{ "0 serverclose 0\n", 0, "serverclose", "" },
		{ "0 serverclose 0 \n", 0, "serverclose", "" },
		{ "12 rsp 1  \n", 12, "rsp", " " },
	};
	struct relp_parser parser = { 0 };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(frames) / sizeof(*frames); i++) {
		size_t k = i / 2, n = strlen(frames[k].bytes);

		assert_int_equal(take(&parser, frames[k].bytes, n, i % 2), 1);
		assert_int_equal(parser.frame.txnr, frames[k].txnr);
		assert_string_equal(parser.frame.command, frames[k].command);
		assert_string_equal(parser.frame.data, frames[k].data);
		assert_int_equal(parser.frame.size, strlen(frames[k].data));
	}
}

static void what_is_no_frame_is_refused(void **state)
{
	static const char *const bad[] = { " rsp 0\n", "x", "-1 rsp", "1\n", "1234567890",
		"1  ", "1 rsp \n", "1 rsp x", "1 r-p", "1 rsp  ", "1 rsp 4097 ",
		"1 rsp 1000000000", "1 rsp 2\n", "1 rsp 2 abc", "1 rsp 0 a",
		"1 abcdefghijabcdefghijabcdefghijabc", "HTTP/1.1 400\r\n", "\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		for (int k = 0; k < 2; k++) {
			struct relp_parser parser = { 0 };

			assert_int_equal(
				take(&parser, bad[i], strlen(bad[i]), k), -EPROTO);
		}
	}
}

static void frames_follow_each_other_in_any_pieces(void **state)
{
	char bytes[4096];
	size_t n = 0;
	struct random random;

	(void)state;
	for (int i = 1; i <= 100; i++)
		n += (size_t)snprintf(bytes + n, sizeof(bytes) - n, "%d rsp %d %.*s\n", i,
			1 + i % 6, 1 + i % 6, "200 OK");
	random_seed(&random, 1);
	for (int round = 0; round < 1000; round++) {
		const uint8_t *at = (const uint8_t *)bytes, *all = at + n;
		struct relp_parser parser = { 0 };
		uint32_t n_frames = 0;

		while (at < all) {
			size_t left = (size_t)(all - at);
			const uint8_t *end = at + 1 + random_below(&random, left);
			int r;

			while ((r = relp_parser_take(&parser, &at, end)) > 0)
				assert_int_equal(parser.frame.txnr, ++n_frames);
			assert_int_equal(r, 0);
		}
		assert_int_equal(n_frames, 100);
	}
}

static void garbage_ends_in_an_error_and_nothing_worse(void **state)
{
	static const char letters[] = "0129 \nrsp\xff\0";
	struct random random;

	(void)state;
	random_seed(&random, 2);
	for (int round = 0; round < 100000; round++) {
		struct relp_parser parser = { 0 };
		uint8_t bytes[64];
		const uint8_t *at = bytes;
		int r = 1;

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] =
				(uint8_t)letters[random_below(&random, sizeof(letters))];
		while (r > 0) {
			r = relp_parser_take(&parser, &at, bytes + sizeof(bytes));
			assert_true(parser.frame.txnr <= 999999999 || r < 0);
		}
		assert_true(r == 0 || r == -EPROTO);
	}
}

static void codes_are_three_digits(void **state)
{
	static const struct {
		const char *data;
		int code;
	} answers[] = { { "200 OK", 200 }, { "500", 500 }, { "20", -1 }, { "", -1 },
		{ "OK", -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(*answers); i++) {
		struct relp_frame frame = { 0 };

		snprintf(frame.data, sizeof(frame.data), "%s", answers[i].data);
		assert_int_equal(relp_code(&frame), answers[i].code);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_frame_is_read_byte_by_byte_and_at_once),
	cmocka_unit_test(what_is_no_frame_is_refused),
	cmocka_unit_test(frames_follow_each_other_in_any_pieces),
	cmocka_unit_test(garbage_ends_in_an_error_and_nothing_worse),
	cmocka_unit_test(codes_are_three_digits),
};

CASES_MAIN(cases)
