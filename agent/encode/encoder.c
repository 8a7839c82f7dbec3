/* SPDX-License-Identifier: Apache-2.0 */
#include "encoder.h"

#include "base/arena.h"
#include "base/checksum.h"
#include "base/number.h"
#include "base/text.h"
#include "clickhouse.h"
#include "cloudevents.h"
#include "csv.h"
#include "elasticsearch.h"
#include "influx.h"
#include "json.h"
#include "ndjson.h"
#include "otlp_json.h"
#include "otlp_protobuf.h"
#include "posthog.h"
#include "remote_write.h"
#include "rfc5424.h"
#include "shaping.h"

#include "model/options.h"

#include <errno.h>
#include <rookery/plugin.h>

const struct encoder_type *const encoder_types[] = {
	&encoder_clickhouse,
	&encoder_cloudevents,
	&encoder_csv,
	&encoder_elasticsearch,
	&encoder_influx,
	&encoder_json,
	&encoder_ndjson,
	&encoder_otlp_json,
	&encoder_otlp_protobuf,
	&encoder_posthog,
	&encoder_remote_write,
	&encoder_rfc5424,
};
const size_t n_encoder_types = RK_LEN(encoder_types);

const struct encoder_type *encoder_type_find(const char *name)
{
	for (size_t i = 0; i < n_encoder_types; i++) {
		if (text_equal(encoder_types[i]->name, name))
			return encoder_types[i];
	}
	return NULL;
}

void encoder_init(struct encoder *encoder, const struct encoder_type *type,
	enum sink_decimals decimals)
{
	*encoder = (struct encoder){ .type = type, .decimals = decimals };
}

int encoder_configure(
	struct encoder *encoder, struct arena *arena, const struct values *values)
{
	const struct encoder_type *type = encoder->type;
	void *options;
	int r;

	if (type->n_options == 0 || !values)
		return 0;
	options = arena_take(arena, type->options_size);
	if (!options)
		return -ENOMEM;
	r = options_fill(arena, values, type->options, sizeof(*type->options), options);
	if (r < 0)
		return r;
	encoder->options = options;
	encoder->options_hash = values_hash(values);
	if (type->variant)
		encoder->type = type->variant(options);
	return 0;
}

uint64_t encoder_shape(const struct encoder *encoder)
{
	static const struct hash_key key = { { 0, 0 } };
	uint8_t bytes[64] = { 0 };
	size_t n = strlen(encoder->type->name);

	bytes[0] = (uint8_t)encoder->type->version;
	bytes[1] = (uint8_t)encoder->decimals;
	n = n < sizeof(bytes) - 3 ? n : sizeof(bytes) - 3;
	memcpy(bytes + 2, encoder->type->name, n);
	bytes[sizeof(bytes) - 1] = encoder->makes_bodies;
	return siphash64(&key, bytes, sizeof(bytes)) ^ shaping_hash(encoder) ^
	       encoder->options_hash;
}

void encoder_begin_batch(struct encoder *encoder, struct buffer *to)
{
	if (encoder->makes_bodies && encoder->type->header)
		encoder->type->header(encoder, to);
}

int encoder_end_batch(struct encoder *encoder, struct buffer *to)
{
	if (encoder->makes_bodies && encoder->type->finish)
		encoder->type->finish(encoder, to);
	return buffer_failed(to) ? -ENOMEM : 0;
}

bool encoder_takes_events(const struct encoder *encoder)
{
	return encoder->type->event && !encoder->leaves_events;
}

int encoder_add_sample(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, struct known_series *series,
	const struct rk_sample *sample, int64_t observed_ns)
{
	if (!series->made)
		series->made = shaping_make(encoder, source, series);
	if (!series->made)
		return -ENOMEM;
	encoder->type->sample(encoder, to, series, sample, observed_ns);
	return buffer_failed(to) ? -ENOMEM : 0;
}

int encoder_add_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns)
{
	shaping_event(encoder, to, source, event, observed_ns);
	return buffer_failed(to) ? -ENOMEM : 0;
}

char *encoder_put_time(struct timestamp_cache *cache, struct written_time *written,
	char *to, int64_t time_ns)
{
	if (written->size == 0 || written->ns != time_ns) {
		char *end = timestamp_to_text(cache, written->text, time_ns);

		written->size = (size_t)(end - written->text);
		written->ns = time_ns;
	}
	memcpy(to, written->text, TIMESTAMP_TEXT_SIZE);
	return to + written->size;
}

char *encoder_put_number(char *to, const struct rk_number *value)
{
	if (value->form == RK_DECIMAL)
		return decimal_to_text(to, value->digits, value->scale);
	return real_to_text(to, value->real);
}

/* Both numbers are doubles exactly, so that their quotient is rounded once. */
static bool divides_exactly(int64_t digits)
{
	return digits >= -(INT64_C(1) << 53) && digits <= INT64_C(1) << 53;
}

double encoder_real(const struct rk_number *value)
{
	static const double powers[DECIMAL_MAX_SCALE + 1] = { 1e0, 1e1, 1e2, 1e3, 1e4,
		1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
		1e18 };
	char text[NUMBER_TEXT_SIZE];
	double real = 0;
	char *end;

	if (value->form != RK_DECIMAL)
		return value->real;
	if (divides_exactly(value->digits) && value->scale <= DECIMAL_MAX_SCALE)
		return (double)value->digits / powers[value->scale];
	end = decimal_to_text(text, value->digits, value->scale);
	real_from_text(text, (size_t)(end - text), &real);
	return real;
}

char *encoder_put_id(char *to, const struct hash128 *id)
{
	static const char digits[] = "0123456789abcdef";

	for (int word = 0; word < 2; word++) {
		for (int shift = 0; shift < 64; shift += 8) {
			unsigned int byte =
				(unsigned int)(id->words[word] >> shift) & 0xff;

			*to++ = digits[byte >> 4];
			*to++ = digits[byte & 15];
		}
	}
	return to;
}

const char *encoder_confidence(
	const struct known_series *series, const struct rk_sample *sample)
{
	uint32_t confidence = sample->confidence == RK_AS_DECLARED
				      ? series->view.confidence
				      : sample->confidence;

	return confidence_name(confidence);
}

struct slice encoder_tenant(
	const struct known_source *source, const struct known_series *series)
{
	return series->view.tenant.n > 0 ? series->view.tenant : source->view.tenant;
}

size_t encoder_labels(const struct known_source *source, const struct label *own,
	size_t n, struct label *to)
{
	const struct label *added = source->view.labels;
	size_t n_added = source->view.n_labels, kept = n_added;

	memcpy(to, added, n_added * sizeof(*to));
	for (size_t i = 0; i < n; i++) {
		bool replaced = false;

		for (size_t k = 0; k < n_added; k++)
			replaced |= slice_equal(own[i].name, added[k].name);
		if (!replaced)
			to[kept++] = own[i];
	}
	labels_sort(to, kept);
	return kept;
}

const char *phase_name(uint32_t phase)
{
	static const char *const names[] = { "once", "begin", "update", "end" };

	return phase < RK_LEN(names) ? names[phase] : "once";
}

const char *severity_name(uint32_t severity)
{
	static const char *const names[] = { "low", "medium", "high" };

	return severity < RK_LEN(names) ? names[severity] : "low";
}
