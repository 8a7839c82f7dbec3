/* SPDX-License-Identifier: Apache-2.0 */
/* What is read from a token endpoint's answer. */
#include "base/cleanup.h"
#include "base/macros.h"
#include "cases.h"
#include "net/http_grant.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static void a_life_is_read_and_bounded(void **state)
{
	static const struct {
		const char *expires_in;
		int64_t lifetime_s;
	} rows[] = {
		{ "3600", 3600 },
		{ "3599.9", 3599 },
		{ "\"3600\"", 3600 },
		{ "1", 1 },
		{ "0", 0 },
		{ "-5", 0 },
		{ "1e300", HTTP_GRANT_MOST_S },
		{ "9223372036854775807", HTTP_GRANT_MOST_S },
		{ "\"-1\"", 0 },
		{ "\"nan\"", 0 },
		{ "\"inf\"", HTTP_GRANT_MOST_S },
		{ "\"\"", HTTP_GRANT_USUAL_S },
		{ "\"an hour\"", HTTP_GRANT_USUAL_S },
		{ "null", HTTP_GRANT_USUAL_S },
		{ "[5]", HTTP_GRANT_USUAL_S },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(http_grant_finish) struct http_grant grant = { 0 };
		CLEANUP(buffer_finish) struct buffer why = { 0 };
		char text[128];
		int n = snprintf(text, sizeof(text),
			"{\"access_token\":\"t\",\"expires_in\":%s}", rows[i].expires_in);

		assert_int_equal(http_grant_read(text, (size_t)n, &grant, &why), 0);
		assert_string_equal(grant.token, "t");
		assert_int_equal(grant.lifetime_s, rows[i].lifetime_s);
	}
}

static void what_is_no_grant_is_refused_with_a_reason(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "the answer is no JSON object" },
		{ "[]", "the answer is no JSON object" },
		{ "\"t\"", "the answer is no JSON object" },
		{ "{\"access_token\":\"t\"", "the answer is no JSON object" },
		{ "{\"token\":\"t\"}", "the answer has no 'access_token'" },
		{ "{\"access_token\":5}", "the answer has no 'access_token'" },
		{ "{\"access_token\":\"\"}", "the token cannot stand in a header" },
		{ "{\"access_token\":\"a b\"}", "the token cannot stand in a header" },
		{ "{\"access_token\":\"a\\r\\nb\"}",
			"the token cannot stand in a header" },
		{ "{\"access_token\":\"\303\244\"}",
			"the token cannot stand in a header" },
		{ "{\"access_token\":\"t\",\"token_type\":\"mac\"}",
			"the token is not of the type 'bearer'" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer why = { 0 };
		struct http_grant grant = { 0 };

		assert_int_equal(
			http_grant_read(rows[i].text, strlen(rows[i].text), &grant, &why),
			-EBADMSG);
		assert_string_equal(buffer_text(&why), rows[i].why);
		assert_null(grant.token);
	}
}

static void a_token_has_a_bound(void **state)
{
	(void)state;
	for (int more = 0; more <= 1; more++) {
		CLEANUP(http_grant_finish) struct http_grant grant = { 0 };
		CLEANUP(buffer_finish) struct buffer why = { 0 }, text = { 0 };

		buffer_append_text(&text, "{\"access_token\":\"");
		for (int i = 0; i < HTTP_GRANT_TOKEN_MOST + more; i++)
			buffer_append_byte(&text, 'x');
		buffer_append_text(&text, "\"}");
		assert_int_equal(
			http_grant_read((char *)text.data, text.size, &grant, &why),
			more ? -EBADMSG : 0);
	}
}

static void a_refusal_tells_what_it_says_and_no_more(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "{\"error\":\"invalid_client\"}", ": invalid_client" },
		{ "{\"error\":\"a\",\"error_description\":\"b\\u001b[2Jc\\nd\"}",
			": a: b?[2Jc?d" },
		{ "{\"error\":{\"message\":\"x\"}}", "" },
		{ "<html>", "" },
		{ "[1]", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer why = { 0 };

		http_grant_append_error(rows[i].text, strlen(rows[i].text), &why);
		assert_string_equal(buffer_text(&why), rows[i].why);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_life_is_read_and_bounded),
	cmocka_unit_test(what_is_no_grant_is_refused_with_a_reason),
	cmocka_unit_test(a_token_has_a_bound),
	cmocka_unit_test(a_refusal_tells_what_it_says_and_no_more),
};

CASES_MAIN(cases)
