/* SPDX-License-Identifier: Apache-2.0 */
#include "codec.h"

#include <math.h>

enum { FORM_REAL, FORM_WHOLE, FORM_DECIMAL, FORM_INTEGER };
enum { START_NONE, START_SAME, START_BEFORE };

#define FORM_MASK        0x03u
#define TIME_DIFFERS     0x04u
#define START_SHIFT      3
#define START_MASK       0x03u
#define CONFIDENCE_SHIFT 5
#define CONFIDENCE_MASK  0x03u
#define PROVISIONAL      0x80u

/* Whole doubles up to here are exact as integers and short as varints. */
#define WHOLE_LIMIT 9007199254740992.0 /* 2^53 */

static uint8_t form_of(const struct rk_number *value)
{
	if (value->form == RK_DECIMAL)
		return value->scale == 0 ? FORM_INTEGER : FORM_DECIMAL;
	if (fabs(value->real) < WHOLE_LIMIT &&
		value->real == (double)(int64_t)value->real &&
		!(value->real == 0 && signbit(value->real)))
		return FORM_WHOLE;
	return FORM_REAL;
}

static uint8_t *put_value(uint8_t *to, const struct rk_number *value, uint8_t form)
{
	uint64_t bits;

	switch (form) {
	case FORM_REAL:
		memcpy(&bits, &value->real, sizeof(bits));
		put_u64(to, bits);
		return to + sizeof(bits);
	case FORM_WHOLE:
		return varint_put(to, zigzag_encode((int64_t)value->real));
	case FORM_DECIMAL:
		*to++ = (uint8_t)value->scale;
		break;
	default:
		break;
	}
	return varint_put(to, zigzag_encode(value->digits));
}

static uint8_t start_of(const struct sample_codec *codec, const struct rk_sample *sample)
{
	if (sample->start_ns == 0)
		return START_NONE;
	return sample->start_ns == codec->start_ns ? START_SAME : START_BEFORE;
}

/* Differences of times wrap: two's complement brings them back exactly. */
static int64_t difference(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t sum(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

void sample_pack(
	struct sample_codec *codec, struct buffer *to, const struct rk_sample *sample)
{
	uint8_t form = form_of(&sample->value);
	uint8_t start = start_of(codec, sample);
	uint8_t *room = buffer_reserve(to, SAMPLE_MAX_SIZE), *at = room;
	unsigned int flags = (unsigned int)form | (unsigned int)start << START_SHIFT;

	if (!room)
		return;
	flags |= (sample->confidence & CONFIDENCE_MASK) << CONFIDENCE_SHIFT;
	flags |= sample->time_ns != codec->time_ns ? TIME_DIFFERS : 0;
	flags |= (sample->flags & RK_PROVISIONAL) ? PROVISIONAL : 0;
	*at++ = (uint8_t)flags;
	at = varint_put(at, zigzag_encode((int64_t)sample->series - codec->next_series));
	if (sample->time_ns != codec->time_ns)
		at = varint_put(
			at, zigzag_encode(difference(sample->time_ns, codec->time_ns)));
	at = put_value(at, &sample->value, form);
	if (start == START_BEFORE)
		at = varint_put(
			at, zigzag_encode(difference(sample->time_ns, sample->start_ns)));
	buffer_advance(to, (size_t)(at - room));
	codec->time_ns = sample->time_ns;
	codec->next_series = sample->series + 1;
	if (start == START_BEFORE)
		codec->start_ns = sample->start_ns;
}

static struct rk_number get_value(struct unpack *from, uint8_t form)
{
	struct rk_number value = { .form = RK_DECIMAL };
	uint64_t bits;

	switch (form) {
	case FORM_REAL:
		bits = unpack_u64(from);
		value.form = RK_REAL;
		memcpy(&value.real, &bits, sizeof(bits));
		if (!isfinite(value.real))
			from->failed = true;
		return value;
	case FORM_WHOLE:
		value.form = RK_REAL;
		value.real = (double)unpack_signed(from);
		return value;
	case FORM_DECIMAL:
		value.scale = unpack_byte(from);
		if (value.scale > 18)
			from->failed = true;
		break;
	default:
		break;
	}
	value.digits = unpack_signed(from);
	return value;
}

static void get_start(struct sample_codec *codec, struct unpack *from, uint8_t start,
	struct rk_sample *sample)
{
	switch (start) {
	case START_NONE:
		sample->start_ns = 0;
		break;
	case START_SAME:
		sample->start_ns = codec->start_ns;
		break;
	case START_BEFORE:
		sample->start_ns = difference(sample->time_ns, unpack_signed(from));
		codec->start_ns = sample->start_ns;
		break;
	default:
		from->failed = true;
	}
}

void sample_unpack(
	struct sample_codec *codec, struct unpack *from, struct rk_sample *ret_sample)
{
	uint8_t flags = unpack_byte(from);
	int64_t series = sum(codec->next_series, unpack_signed(from));

	if (series < 0 || series >= SERIES_MAX_NUMBER)
		from->failed = true;
	if (from->failed)
		return;
	ret_sample->series = (uint32_t)series;
	ret_sample->confidence = (uint16_t)(flags >> CONFIDENCE_SHIFT & CONFIDENCE_MASK);
	ret_sample->flags = flags & PROVISIONAL ? RK_PROVISIONAL : 0;
	ret_sample->time_ns = codec->time_ns;
	if (flags & TIME_DIFFERS)
		ret_sample->time_ns = sum(codec->time_ns, unpack_signed(from));
	ret_sample->value = get_value(from, flags & FORM_MASK);
	get_start(codec, from, flags >> START_SHIFT & START_MASK, ret_sample);
	codec->time_ns = ret_sample->time_ns;
	codec->next_series = ret_sample->series + 1;
}
