/* SPDX-License-Identifier: Apache-2.0 */
#include "base/random.h"
#include "cases.h"
#include "encode/rfc5424.h"
#include "encode/structured_data.h"
#include "model/codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_NS  (INT64_C(20413) * 86400 * 1000000000) /* 2025-11-21T00:00:00Z */
#define HOUR_NS (INT64_C(3600) * 1000000000)

#define TEXT(text)                                                                       \
	{                                                                                \
		(text), sizeof(text) - 1                                                 \
	}

static const struct known_source source = {
	.view = { .host = TEXT("mx1"),
		.collector = TEXT("c"),
		.identity = TEXT("mx1/c"),
		.plugin = TEXT("p"),
		.tenant = TEXT("acme") },
};

static const struct series_view plain_series = {
	.metric = TEXT("a.b"),
	.unit = TEXT("By"),
	.kind = RK_GAUGE,
	.confidence = RK_EXACT,
	.labels = { { TEXT("esp.vendor"), TEXT("a\"b\\c]d\ne") } },
	.n_labels = 1,
};

/* The message in the buffer, whose size must be that in front of it, without its ids,
 * of 32 hexadecimal digits each. */
static char *message_of(const struct buffer *bytes)
{
	const char *at = (const char *)bytes->data, *end = at + bytes->size, *message;
	char *text;
	size_t n;

	message = rfc5424_next(&at, end, &n);
	assert_non_null(message);
	assert_ptr_equal(at, end);
	text = strndup(message, n);
	assert_non_null(text);
	for (char *id = text; *id; id++) {
		if (strspn(id, "0123456789abcdef") >= 32) {
			memcpy(id, "ID", 2);
			memmove(id + 2, id + 32, strlen(id + 32) + 1);
		}
	}
	return text;
}

static void expect_sample(const struct rfc5424_options *options,
	const struct series_view *view, const struct rk_sample *sample,
	const char *expected)
{
	struct known_series series = { .view = *view };
	struct encoder encoder;
	struct buffer bytes = { 0 };
	char *text;

	encoder_init(&encoder, &encoder_rfc5424, SINK_DECIMALS_NUMBER);
	if (options)
		rfc5424_configure(&encoder, options);
	/* Twice: the text of the series is made once. */
	for (int i = 0; i < 2; i++) {
		buffer_clear(&bytes);
		assert_int_equal(encoder_add_sample(&encoder, &bytes, &source, &series,
					 sample, DAY_NS + HOUR_NS),
			0);
		text = message_of(&bytes);
		assert_string_equal(text, expected);
		free(text);
	}
	free(series.made);
	buffer_finish(&bytes);
}

static const struct rfc5424_options own_options = {
	.facility = 2,
	.app_name = "agent",
	.sd_id = "mail@4711",
	.sentences = true,
};

/* ---- messages ---------------------------------------------------------- */

static void a_sample_is_structured_data_and_json(void **state)
{
	const struct rk_sample sample = {
		.value = { .form = RK_DECIMAL, .digits = 1230, .scale = 2 },
		.time_ns = DAY_NS + 7512000,
	};

	(void)state;
	expect_sample(NULL, &plain_series, &sample,
		"<134>1 2025-11-21T00:00:00.007512Z mx1 rookery - a.b "
		"[rookery@32473 metric=\"a.b\" kind=\"gauge\" unit=\"By\" tenant=\"acme\""
		" collector=\"c\" plugin=\"p\" host=\"mx1\""
		" l-esp-vendor=\"a\\\"b\\\\c\\]d e\" value=\"12.30\""
		" confidence=\"exact\" observed=\"2025-11-21T01:00:00Z\" id=\"ID\"] "
		"{\"time\":\"2025-11-21T00:00:00.007512Z\","
		"\"observed\":\"2025-11-21T01:00:00Z\",\"metric\":\"a.b\","
		"\"kind\":\"gauge\",\"value\":12.30,\"unit\":\"By\","
		"\"confidence\":\"exact\",\"tenant\":\"acme\",\"collector\":\"c\","
		"\"plugin\":\"p\",\"host\":\"mx1\","
		"\"labels\":{\"esp.vendor\":\"a\\\"b\\\\c]d\\ne\"},\"id\":\"ID\"}");
}

static void nanoseconds_a_period_and_what_is_provisional_are_told(void **state)
{
	const struct rk_sample sample = {
		.value = { .form = RK_REAL, .real = 0.5 },
		.time_ns = DAY_NS + 7512345,
		.start_ns = DAY_NS - 24 * HOUR_NS,
		.flags = RK_PROVISIONAL,
		.confidence = RK_DIRECTIONAL,
	};
	struct series_view view = plain_series;

	(void)state;
	view.kind = RK_DELTA;
	view.n_labels = 0;
	expect_sample(&own_options, &view, &sample,
		"<22>1 2025-11-21T00:00:00.007512Z mx1 agent - a.b "
		"[mail@4711 metric=\"a.b\" kind=\"delta\" unit=\"By\" tenant=\"acme\""
		" collector=\"c\" plugin=\"p\" host=\"mx1\" value=\"0.5\""
		" confidence=\"directional\" provisional=\"true\""
		" time=\"2025-11-21T00:00:00.007512345Z\""
		" start=\"2025-11-20T00:00:00Z\" observed=\"2025-11-21T01:00:00Z\""
		" id=\"ID\"] a.b 0.5 By");
}

static void expect_event(const struct rfc5424_options *options,
	const struct event_view *event, const char *expected)
{
	struct encoder encoder;
	struct buffer bytes = { 0 };
	char *text;

	encoder_init(&encoder, &encoder_rfc5424, SINK_DECIMALS_NUMBER);
	rfc5424_configure(&encoder, options);
	assert_int_equal(
		encoder_add_event(&encoder, &bytes, &source, event, DAY_NS + HOUR_NS), 0);
	text = message_of(&bytes);
	assert_string_equal(text, expected);
	free(text);
	buffer_finish(&bytes);
}

static void an_event_is_as_severe_as_it_says_and_a_sentence(void **state)
{
	static const char *const priorities[] = { "<21>", "<20>", "<19>" };
	struct event_view event = {
		.follow_up = true,
		.phase = RK_BEGIN,
		.type = TEXT("vendor.incident.of.a.very.long.name"),
		.key = TEXT("inc-1"),
		.insight = TEXT("Mail is\nlate."),
		.action = TEXT("Wait."),
		.time_ns = DAY_NS,
		.labels = { { TEXT("vendor.name"), TEXT("sendgrid") } },
		.n_labels = 1,
		.details = { { TEXT("minutes"), TEXT("12") } },
		.n_details = 1,
	};
	char expected[1024];

	(void)state;
	for (event.severity = RK_LOW; event.severity <= RK_HIGH; event.severity++) {
		snprintf(expected, sizeof(expected),
			"%s1 2025-11-21T00:00:00Z mx1 agent -"
			" vendor.incident.of.a.very.long.n"
			" [mail@4711 event=\"vendor.incident.of.a.very.long.name\""
			" key=\"inc-1\" phase=\"begin\" severity=\"%s\""
			" follow_up=\"true\" insight=\"Mail is late.\" action=\"Wait.\""
			" tenant=\"acme\" collector=\"c\" plugin=\"p\" host=\"mx1\""
			" l-vendor-name=\"sendgrid\" d-minutes=\"12\""
			" observed=\"2025-11-21T01:00:00Z\" id=\"ID\"]"
			" Mail is late. Wait.",
			priorities[event.severity], severity_name(event.severity));
		expect_event(&own_options, &event, expected);
	}
}

static void the_size_in_front_is_right_at_every_number_of_digits(void **state)
{
	struct event_view event = { .type = TEXT("a"), .time_ns = DAY_NS };
	struct encoder encoder;
	struct buffer bytes = { 0 };
	static char insight[12000];

	(void)state;
	memset(insight, 'x', sizeof(insight));
	encoder_init(&encoder, &encoder_rfc5424, SINK_DECIMALS_NUMBER);
	rfc5424_configure(&encoder, &own_options);
	event.insight.at = insight;
	for (size_t n = 0; n < sizeof(insight); n += n < 1000 ? 1 : 97) {
		event.insight.n = n;
		buffer_clear(&bytes);
		assert_int_equal(
			encoder_add_event(&encoder, &bytes, &source, &event, DAY_NS), 0);
		free(message_of(&bytes));
	}
	buffer_finish(&bytes);
}

static void what_is_configured_changes_the_shape(void **state)
{
	struct rfc5424_options options = own_options;
	struct encoder a, b;

	(void)state;
	encoder_init(&a, &encoder_rfc5424, SINK_DECIMALS_NUMBER);
	rfc5424_configure(&a, &own_options);
	b = a;
	rfc5424_configure(&b, &options);
	assert_true(encoder_shape(&a) == encoder_shape(&b));
	options.sd_id = "mail@4712";
	rfc5424_configure(&b, &options);
	assert_false(encoder_shape(&a) == encoder_shape(&b));
}

static void a_size_that_is_none_or_too_large_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "x a", "5", "5 ", "5 abcd", "0 ",
		"-1 a", "99999999999999999999999999 a" };
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *at = bad[i];

		assert_null(rfc5424_next(&at, bad[i] + strlen(bad[i]), &n));
	}
}

/* ---- names of labels ----------------------------------------------------- */

/* The other way, as docs/FORMATS.md has it, of what ' ', name, '="', value and '"' are.
 */
static void read_back(const char *parameter, char *name, char *value)
{
	const char *equals = strchr(parameter, '='), *from = equals + 2;
	size_t n = (size_t)(equals - parameter) - 3, i;

	assert_true(parameter[0] == ' ' && parameter[1] == 'l' && parameter[2] == '-');
	assert_true(n + 2 <= PARAMETER_MAX_NAME);
	memcpy(name, parameter + 3, n);
	name[n] = '\0';
	for (i = 0; i < n; i++) {
		assert_int_not_equal(name[i], '.');
		if (name[i] == '-')
			name[i] = '.';
	}
	if (name[0] >= '0' && name[0] <= '9') {
		n = strcspn(from, "=");
		memcpy(name, from, n);
		name[n] = '\0';
		from += n + 1;
	}
	n = strlen(from) - 1;
	memcpy(value, from, n);
	value[n] = '\0';
}

static void names_of_labels_can_be_read_back(void **state)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_.";
	char given[65], name[128], value[128];
	struct buffer bytes = { 0 };
	struct random random;

	(void)state;
	random_seed(&random, 5424);
	for (int round = 0; round < 20000; round++) {
		size_t n = 1 + random_below(&random, 64);
		struct label label = { { given, n }, TEXT("a=b-c.d") };

		given[0] = letters[random_below(&random, 26)];
		for (size_t i = 1; i < n; i++)
			given[i] = letters[random_below(&random, sizeof(letters) - 1)];
		given[n] = '\0';
		buffer_clear(&bytes);
		structured_append_labels(&bytes, 'l', &label, 1);
		read_back(buffer_text(&bytes), name, value);
		assert_string_equal(name, given);
		assert_string_equal(value, "a=b-c.d");
	}
	buffer_finish(&bytes);
}

static void long_names_are_counted(void **state)
{
	static const struct label labels[] = {
		{ TEXT("a.name.of.thirty.characters.xx"), TEXT("1") },
		{ TEXT("a.name.of.thirty1.characters.xx"), TEXT("2") },
		{ TEXT("b.name.of.thirty1.characters.xx"), TEXT("3") },
	};
	struct buffer bytes = { 0 };

	(void)state;
	structured_append_labels(&bytes, 'd', labels, 3);
	assert_string_equal(buffer_text(&bytes),
		" d-a-name-of-thirty-characters-xx=\"1\""
		" d-0=\"a.name.of.thirty1.characters.xx=2\""
		" d-1=\"b.name.of.thirty1.characters.xx=3\"");
	buffer_finish(&bytes);
}

static void fields_of_the_header_are_printable_and_bounded(void **state)
{
	struct buffer bytes = { 0 };

	(void)state;
	structured_append_field(&bytes, slice_of("a b\xc3\xa4\x01z~"), 7);
	structured_append_field(&bytes, slice_of(""), 7);
	assert_string_equal(buffer_text(&bytes), "a?b???z-");
	buffer_finish(&bytes);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_sample_is_structured_data_and_json),
	cmocka_unit_test(nanoseconds_a_period_and_what_is_provisional_are_told),
	cmocka_unit_test(an_event_is_as_severe_as_it_says_and_a_sentence),
	cmocka_unit_test(the_size_in_front_is_right_at_every_number_of_digits),
	cmocka_unit_test(what_is_configured_changes_the_shape),
	cmocka_unit_test(a_size_that_is_none_or_too_large_is_refused),
	cmocka_unit_test(names_of_labels_can_be_read_back),
	cmocka_unit_test(long_names_are_counted),
	cmocka_unit_test(fields_of_the_header_are_printable_and_bounded),
};

CASES_MAIN(cases)
