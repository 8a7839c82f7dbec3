/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints bodies for readers that are not ours, and what they cost:
 *
 *	encode body FORMAT KINDS N SEED [OPTION VALUE]...
 *	                       one body of N random records
 *	encode cost FORMAT     bytes and nanoseconds a sample
 *
 * OPTION is the format's. KINDS is samples, events or all. The same numbers make the same
 *records in every format, so that a test compares what a reader found with the lines of
 *ndjson.
 */
#include "base/arena.h"
#include "base/macros.h"
#include "base/random.h"
#include "base/text.h"
#include "encode/encoder.h"
#include "format_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY_NS     (INT64_C(20413) * 86400 * NS_PER_SECOND) /* 2025-11-21T00:00:00Z */
#define N_SERIES   50
#define MAX_TEXT   256
#define N_BATCH    5000
#define N_MEASURED 100000

static struct random dice;
static struct arena arena; /* all records */

static uint64_t roll(uint64_t n)
{
	return random_next(&dice) % n;
}

_Noreturn static void fail(const char *what)
{
	fprintf(stderr, "encode: %s\n", what);
	exit(1);
}

static void *memory(size_t n)
{
	void *made = arena_take(&arena, n);

	if (!made)
		fail("no memory");
	return made;
}

/* ---- random records ---------------------------------------------------- */

/* What a careless writer would get wrong in one format or another. */
static struct slice any_text(size_t most)
{
	static const char *const pieces[] = { "a", "Z", "0", " ", ",", "=", "\"", "\\",
		"\n", "\r", "\t", "\x01", "\x7f", "'", ";", "{", "}", "<&>", "%", "/",
		"\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x93\xac", "\xff", "\xed\xa0\x80",
		"null", "true", "\\n", "1e5", "\xe2\x80\xa8", "\xe2\x80\xa9",
		"\xef\xbb\xbf", "\xc0\x80", "\xf4\x90\x80\x80", "\xe2\x82" };
	char *text = memory(MAX_TEXT + 8);
	size_t n = 0;

	for (uint64_t left = 1 + roll(most); left > 0 && n < MAX_TEXT; left--) {
		const char *piece = pieces[roll(RK_LEN(pieces))];

		memcpy(text + n, piece, strlen(piece));
		n += strlen(piece);
	}
	return (struct slice){ text, n };
}

/* A name as options and metrics have it; of one seed, no two are the same. */
static struct slice name(const char *stem, size_t number)
{
	static const char *const joints[] = { "", ".x", "_y", ".z.w" };
	char *text = memory(MAX_TEXT);

	snprintf(
		text, MAX_TEXT, "%s%s%zu", stem, joints[number % RK_LEN(joints)], number);
	return slice_of(text);
}

static struct known_source *any_source(void)
{
	struct known_source *source = memory(sizeof(*source));

	source->view = (struct source_view){
		.host = slice_of("mx1"),
		.collector = name("collector", roll(1000)),
		.identity = any_text(5),
		.plugin = slice_of("generator"),
		.n_labels = roll(3),
	};
	if (roll(2))
		source->view.tenant = any_text(3);
	for (size_t i = 0; i < source->view.n_labels; i++)
		source->view.labels[i] = (struct label){ name("added", i), any_text(4) };
	return source;
}

static struct known_series *any_series(const struct known_source *source, size_t number)
{
	static const char *const units[] = { "By", "{email}", "{currency}", "1", "s" };
	struct known_series *series = memory(sizeof(*series));
	struct series_view *view = &series->view;

	*view = (struct series_view){
		.metric = name("metric", number / 3),
		.unit = slice_of(units[number / 3 % RK_LEN(units)]),
		.kind = (uint32_t)(number / 3 % 3),
		.confidence = (uint32_t)(RK_EXACT + roll(3)),
		.n_labels = 1 + roll(4),
	};
	if (roll(4) == 0)
		view->tenant = any_text(3);
	/* The first label keeps two series apart, whatever the dice say. */
	view->labels[0] = (struct label){ slice_of("a.number"), name("n", number) };
	for (size_t i = 1; i < view->n_labels; i++)
		view->labels[i] = (struct label){ name("label", i), any_text(6) };
	if (view->n_labels > 1 && roll(8) == 0)
		view->labels[1].name = slice_of("host");
	labels_sort(view->labels, view->n_labels);
	if (series_hash(source->view.identity, view, &series->hash) < 0)
		fail("no memory");
	return series;
}

static struct rk_number any_number(void)
{
	struct rk_number number = { .form = RK_DECIMAL };
	uint64_t bits = random_next(&dice) | random_next(&dice) << 32;

	switch (roll(6)) {
	case 0:
		number.digits = (int64_t)bits;
		number.scale = (uint32_t)roll(19);
		return number;
	case 1:
		number.digits = (int64_t)roll(1000000);
		number.scale = (uint32_t)roll(4);
		return number;
	case 2:
		number.digits = -(int64_t)roll(1000);
		return number;
	case 3: /* any double but infinity and what is none */
		number.form = RK_REAL;
		bits &= ~(UINT64_C(1) << 62);
		memcpy(&number.real, &bits, sizeof(bits));
		return number;
	case 4:
		number.form = RK_REAL;
		number.real = (double)roll(1000) / 8;
		return number;
	default:
		number.digits = (int64_t)roll(UINT64_C(1) << 40);
		return number;
	}
}

static struct rk_sample any_sample(const struct known_series *series, int64_t time_ns)
{
	struct rk_sample sample = { .value = any_number(), .time_ns = time_ns };

	if (series->view.kind != RK_GAUGE)
		sample.start_ns = time_ns - (int64_t)roll(1u << 30) - 1;
	if (roll(4) == 0)
		sample.flags = RK_PROVISIONAL;
	if (roll(4) == 0)
		sample.confidence = RK_DIRECTIONAL;
	return sample;
}

static struct event_view *any_event(int64_t time_ns)
{
	struct event_view *event = memory(sizeof(*event));

	*event = (struct event_view){
		.severity = (uint32_t)roll(3),
		.phase = (uint32_t)roll(4),
		.follow_up = roll(2),
		.type = name("event", roll(10)),
		.insight = any_text(20),
		.time_ns = time_ns,
		.start_ns = roll(2) ? time_ns - 1 : 0,
		.n_labels = roll(4),
		.n_details = roll(4),
	};
	if (event->phase != RK_ONCE)
		event->key = any_text(5);
	if (roll(2))
		event->action = any_text(10);
	for (size_t i = 0; i < event->n_labels; i++)
		event->labels[i] = (struct label){ name("label", i), any_text(6) };
	for (size_t i = 0; i < event->n_details; i++)
		event->details[i] = (struct label){ name("detail", i), any_text(6) };
	return event;
}

/* ---- bodies ------------------------------------------------------------ */

static const char *const *format_options; /* of the command line, ended by NULL */

static void begin(struct encoder *encoder, const char *format, struct buffer *body)
{
	const struct encoder_type *type = encoder_type_find(format);

	if (!type)
		fail("there is no such format");
	encoder_init(encoder, type, SINK_DECIMALS_NUMBER);
	encoder->makes_bodies = true;
	if (format_options_set(encoder, &arena, format_options) < 0)
		fail("the format has no such option");
	encoder_begin_batch(encoder, body);
}

static void add_any(struct encoder *encoder, struct buffer *body, bool is_event,
	const struct known_source *source, struct known_series *series, int64_t time_ns)
{
	/* Rolled in any case, so that all formats get the same records. */
	struct event_view *event = is_event ? any_event(time_ns) : NULL;
	struct rk_sample sample = { 0 };
	int r = 0;

	if (!is_event)
		sample = any_sample(series, time_ns);
	if (!is_event)
		r = encoder_add_sample(
			encoder, body, source, series, &sample, time_ns + 1);
	else if (encoder_takes_events(encoder))
		r = encoder_add_event(encoder, body, source, event, time_ns + 1);
	if (r < 0)
		fail("cannot encode");
}

static void print_body(const char *format, const char *kinds, size_t n)
{
	struct known_source *sources[2] = { any_source(), any_source() };
	struct known_series *series[2][N_SERIES];
	struct encoder encoder;
	struct buffer body = { 0 };

	for (size_t i = 0; i < 2 * N_SERIES; i++)
		series[i % 2][i / 2] = any_series(sources[i % 2], i / 2);
	begin(&encoder, format, &body);
	for (size_t i = 0; i < n; i++) {
		bool is_event = text_equal(kinds, "events") ||
				(text_equal(kinds, "all") && roll(3) == 0);
		size_t source = i / 10 % 2;

		/* No two at the same millisecond, which is all that some stores have. */
		add_any(&encoder, &body, is_event, sources[source],
			series[source][i / 2 % N_SERIES],
			DAY_NS + (int64_t)i * 1234567891 + (int64_t)roll(1000));
	}
	if (encoder_end_batch(&encoder, &body) < 0)
		fail("cannot end the body");
	if (body.size > 0)
		fwrite(body.data, 1, body.size, stdout);
	for (size_t i = 0; i < 2 * N_SERIES; i++)
		free(series[i % 2][i / 2]->made);
	buffer_finish(&body);
}

/* ---- costs ------------------------------------------------------------- */

static struct known_series *usual_series(const struct known_source *source, size_t number)
{
	struct known_series *series = memory(sizeof(*series));

	series->view = (struct series_view){
		.metric = name("esp.messages.metric", number % 10),
		.unit = slice_of("{message}"),
		.kind = RK_GAUGE,
		.confidence = RK_EXACT,
		.labels = { { slice_of("cost.currency"), slice_of("EUR") },
			{ slice_of("esp.message.stream"), slice_of("transactional") },
			{ slice_of("esp.vendor"), slice_of("sendgrid") },
			{ slice_of("number"), name("", number) } },
		.n_labels = 4,
	};
	if (series_hash(source->view.identity, &series->view, &series->hash) < 0)
		fail("no memory");
	return series;
}

static int64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static size_t batch_of(const char *format, const struct known_source *source,
	struct known_series **series, int64_t time_ns, struct buffer *body)
{
	struct encoder encoder;

	buffer_clear(body);
	begin(&encoder, format, body);
	for (size_t i = 0; i < N_BATCH; i++) {
		struct rk_sample sample = {
			.value = { .digits = (int64_t)(i * 7919), .form = RK_DECIMAL },
			.time_ns = time_ns + (int64_t)(i / N_SERIES) * NS_PER_SECOND,
		};

		if (encoder_add_sample(&encoder, body, source, series[i % N_SERIES],
			    &sample, time_ns) < 0)
			fail("cannot encode");
	}
	if (encoder_end_batch(&encoder, body) < 0)
		fail("cannot end the body");
	return body->size;
}

static void print_cost(const char *format)
{
	struct known_source source = { .view = { .host = slice_of("mx1.example.org"),
					       .collector = slice_of("sendgrid-prod"),
					       .identity = slice_of("mx1/sendgrid-prod"),
					       .plugin = slice_of("esp_billing"),
					       .tenant = slice_of("acme") } };
	struct known_series *series[N_SERIES];
	struct buffer body = { 0 };
	size_t bytes = 0;
	int64_t began;

	for (size_t i = 0; i < N_SERIES; i++)
		series[i] = usual_series(&source, i);
	batch_of(format, &source, series, DAY_NS, &body);
	began = cpu_ns();
	for (size_t i = 0; i < N_MEASURED / N_BATCH; i++)
		bytes += batch_of(format, &source, series,
			DAY_NS + (int64_t)i * 3600 * NS_PER_SECOND, &body);
	printf("%-24s %7.1f bytes %7.1f ns\n", format, (double)bytes / N_MEASURED,
		(double)(cpu_ns() - began) / N_MEASURED);
	for (size_t i = 0; i < N_SERIES; i++)
		free(series[i]->made);
	buffer_finish(&body);
}

int main(int argc, char **argv)
{
	if (argc >= 6 && argc % 2 == 0 && text_equal(argv[1], "body")) {
		format_options = (const char *const *)argv + 6;
		random_seed(&dice, strtoull(argv[5], NULL, 10));
		print_body(argv[2], argv[3], strtoull(argv[4], NULL, 10));
	} else if (argc == 3 && text_equal(argv[1], "cost")) {
		print_cost(argv[2]);
	} else {
		fail("body FORMAT KINDS N SEED [OPTION VALUE]..., or cost FORMAT");
	}
	arena_finish(&arena);
	return 0;
}
