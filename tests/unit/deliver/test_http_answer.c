/* SPDX-License-Identifier: Apache-2.0 */
/* What an answer means for the batch. */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/macros.h"
#include "cases.h"
#include "deliver/http_answer.h"

#include <stdio.h>
#include <string.h>

static const struct {
	int status;
	enum sink_verdict verdict;
	bool is_locked_out;
} statuses[] = {
	{ 200, SINK_TAKEN, false },
	{ 202, SINK_TAKEN, false },
	{ 204, SINK_TAKEN, false },
	{ 301, SINK_FAILED, true },
	{ 400, SINK_REFUSED, false },
	{ 401, SINK_FAILED, true },
	{ 403, SINK_FAILED, true },
	{ 404, SINK_FAILED, true },
	{ 407, SINK_FAILED, true },
	{ 408, SINK_FAILED, false },
	{ 410, SINK_FAILED, true },
	{ 413, SINK_TOO_LARGE, false },
	{ 415, SINK_FAILED, true },
	{ 422, SINK_REFUSED, false },
	{ 429, SINK_FAILED, false },
	{ 500, SINK_FAILED, false },
	{ 502, SINK_FAILED, false },
	{ 503, SINK_FAILED, false },
	{ 599, SINK_FAILED, false },
	{ 0, SINK_FAILED, true },
	{ 999, SINK_FAILED, true },
};

static void every_status_has_its_meaning(void **state)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(statuses); i++) {
		struct http_answer answer = { .status = statuses[i].status };
		struct sink_answer read;

		http_answer_read(&answer, &why, &read);
		assert_int_equal(read.verdict, statuses[i].verdict);
		assert_int_equal(read.is_locked_out, statuses[i].is_locked_out);
		assert_int_equal(read.error == 0, statuses[i].verdict == SINK_TAKEN);
		assert_int_equal(read.status, statuses[i].status);
	}
}

/* A page as nginx writes it. */
static void what_is_about_the_connection_is_no_poison(void **state)
{
	static const struct {
		int status;
		const char *title, *why;
		enum sink_verdict verdict;
	} rows[] = {
		{ 400, "400 No required SSL certificate was sent",
			"HTTP 400: 400 No required SSL certificate was sent",
			SINK_FAILED },
		{ 400, "400 The SSL certificate error",
			"HTTP 400: 400 The SSL certificate error", SINK_FAILED },
		{ 400, "400 The plain HTTP request was sent to HTTPS port",
			"HTTP 400: 400 The plain HTTP request was sent to HTTPS port",
			SINK_FAILED },
		{ 400, "400 Bad Request", "HTTP 400: 400 Bad Request", SINK_REFUSED },
		{ 422, "400 The SSL certificate error",
			"HTTP 422: 400 The SSL certificate error", SINK_REFUSED },
		{ 503, "a\nb", "HTTP 503: a", SINK_FAILED },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer why = { 0 };
		struct http_answer answer = { .status = rows[i].status };
		struct sink_answer read;

		answer.size = (size_t)snprintf(answer.begin, sizeof(answer.begin),
			"<html>\r\n<head><title>%s</title></head>", rows[i].title);
		http_answer_read(&answer, &why, &read);
		assert_string_equal(read.why, rows[i].why);
		assert_int_equal(read.verdict, rows[i].verdict);
		assert_int_equal(read.is_locked_out,
			read.verdict == SINK_FAILED && rows[i].status == 400);
	}
}

static void retry_after_is_capped(void **state)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct http_answer answer = { .status = 503, .retry_after_s = 30 };
	struct sink_answer read;

	(void)state;
	http_answer_read(&answer, &why, &read);
	assert_true(read.after_ns == 30 * NS_PER_SECOND);
	answer.retry_after_s = INT64_MAX;
	http_answer_read(&answer, &why, &read);
	assert_true(read.after_ns == HTTP_RETRY_AFTER_MOST_S * NS_PER_SECOND);
}

static void the_first_line_of_the_body_says_why(void **state)
{
	static const struct {
		const char *body, *why;
	} bodies[] = {
		{ "", "HTTP 400" },
		{ "partial write: bad\nmore", "HTTP 400: partial write: bad" },
		{ "\x1b[2Jcleared", "HTTP 400" },
		{ "tab\there", "HTTP 400: tab" },
		{ "rubbed\x7fout", "HTTP 400: rubbed" },
	};
	CLEANUP(buffer_finish) struct buffer why = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(bodies); i++) {
		struct http_answer answer = { .status = 400 };
		struct sink_answer read;

		answer.size = strlen(bodies[i].body);
		memcpy(answer.begin, bodies[i].body, answer.size);
		http_answer_read(&answer, &why, &read);
		assert_string_equal(read.why, bodies[i].why);
	}
}

static void what_a_store_has_or_finds_too_old_is_no_poison(void **state)
{
	static const struct {
		const char *format;
		int status;
		const char *body;
		uint32_t n_outdated; /* 0: it is refused */
	} answers[] = {
		{ "prometheus_remote_write", 400, "out of order sample", UINT32_MAX },
		{ "prometheus_remote_write", 400, "duplicate sample for timestamp",
			UINT32_MAX },
		{ "prometheus_remote_write", 400, "out of bounds", UINT32_MAX },
		{ "prometheus_remote_write", 400, "too old sample", UINT32_MAX },
		{ "prometheus_remote_write", 400, "snappy: corrupt input", 0 },
		{ "influx", 400,
			"{\"error\":\"partial write: points beyond retention policy "
			"dropped=3\"}",
			3 },
		{ "influx", 422,
			"failure writing points to database: partial write: field type "
			"conflict: input field \\\"value\\\" dropped=1",
			1 },
		{ "influx", 400,
			"{\"error\":\"partial write: unable to parse 'x': missing fields "
			"dropped=0\"}",
			0 },
		{ "influx", 400,
			"{\"error\":\"partial write: unable to parse 'x,a=partial\\ "
			"write:\\ max' 'partial write: max': bad timestamp dropped=2",
			0 },
		{ "ndjson", 400, "out of order sample", 0 },
	};
	CLEANUP(buffer_finish) struct buffer why = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(answers); i++) {
		struct http_answer answer = { .status = answers[i].status,
			.size = strlen(answers[i].body),
			.outdated = encoder_type_find(answers[i].format)->outdated };
		struct sink_answer read;

		memcpy(answer.begin, answers[i].body, answer.size);
		http_answer_read(&answer, &why, &read);
		assert_int_equal(read.verdict,
			answers[i].n_outdated > 0 ? SINK_TAKEN : SINK_REFUSED);
		assert_true(read.n_outdated == answers[i].n_outdated);
		assert_int_equal(read.error == 0, answers[i].n_outdated > 0);
	}
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(what_a_store_has_or_finds_too_old_is_no_poison),
	cmocka_unit_test(every_status_has_its_meaning),
	cmocka_unit_test(what_is_about_the_connection_is_no_poison),
	cmocka_unit_test(retry_after_is_capped),
	cmocka_unit_test(the_first_line_of_the_body_says_why),
};

CASES_MAIN(cases)
