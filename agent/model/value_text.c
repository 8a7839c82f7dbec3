/* SPDX-License-Identifier: Apache-2.0 */
/* From the text of a scalar to a value: one reader for each type, each with a
 * reason that says how it is written instead. */
#include "value.h"

#include "base/buffer.h"
#include "base/macros.h"
#include "base/number.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "base/units.h"

#include <errno.h>
#include <string.h>

/* No more of a text that cannot be read is repeated in a reason. */
enum { QUOTE_MAX_SIZE = 40 };

struct reading {
	struct arena *arena;
	const struct option *option;
	const char *text;
	size_t n;
	struct buffer *why;
};

static int refuse(const struct reading *reading, const char *reason)
{
	bool whole = reading->n <= QUOTE_MAX_SIZE;

	buffer_append_byte(reading->why, '\'');
	buffer_append(reading->why, reading->text, whole ? reading->n : QUOTE_MAX_SIZE);
	buffer_append_text(reading->why, whole ? "' " : "...' ");
	buffer_append_text(reading->why, reason);
	return -EINVAL;
}

static bool reads_as(const struct reading *reading, const char *word)
{
	return strlen(word) == reading->n &&
	       strncasecmp(reading->text, word, reading->n) == 0;
}

static int read_bool(const struct reading *reading, struct value *ret_value)
{
	/* YAML 1.1 took these; half of all readers still do, which is why none of
	 * them is guessed at. */
	static const struct {
		const char *word;
		bool meant;
	} words[] = {
		{ "true", true },
		{ "yes", true },
		{ "on", true },
		{ "y", true },
		{ "1", true },
		{ "false", false },
		{ "no", false },
		{ "off", false },
		{ "n", false },
		{ "0", false },
	};

	if (reading->n == 4 && memcmp(reading->text, "true", 4) == 0) {
		ret_value->boolean = true;
		return 0;
	}
	if (reading->n == 5 && memcmp(reading->text, "false", 5) == 0) {
		ret_value->boolean = false;
		return 0;
	}
	for (size_t i = 0; i < LENGTH(words); i++) {
		if (reads_as(reading, words[i].word))
			return refuse(reading, words[i].meant
						       ? "is no boolean: write true"
						       : "is no boolean: write false");
	}
	return refuse(reading, "is no boolean: write true or false");
}

static int read_int(const struct reading *reading, struct value *ret_value)
{
	int r = integer_from_text(reading->text, reading->n, &ret_value->integer);

	if (r == -ERANGE)
		return refuse(reading, "does not fit 64 bits");
	if (r < 0)
		return refuse(reading,
			"is no whole number: write decimal digits alone, such as 1000");
	return 0;
}

static int read_real(const struct reading *reading, struct value *ret_value)
{
	int r = real_from_text(reading->text, reading->n, &ret_value->real);

	if (r == -ERANGE)
		return refuse(reading, "is too large for a number");
	if (r < 0)
		return refuse(reading, "is no number: write it such as 0.5");
	return 0;
}

static int read_decimal(const struct reading *reading, struct value *ret_value)
{
	struct decimal decimal;
	int r = decimal_from_text(reading->text, reading->n, &decimal);

	if (r == -ERANGE)
		return refuse(reading, "has more digits than are kept exactly (18)");
	if (r < 0)
		return refuse(reading, "is no decimal number: write it such as 0.85");
	ret_value->decimal = (struct rk_number){
		.digits = decimal.digits,
		.form = RK_DECIMAL,
		.scale = decimal.scale,
	};
	return 0;
}

static int read_text(const struct reading *reading, struct value *ret_value)
{
	ret_value->text = arena_copy_text(reading->arena, reading->text, reading->n);
	return ret_value->text ? 0 : -ENOMEM;
}

static int read_duration(const struct reading *reading, struct value *ret_value)
{
	int r = duration_from_text(reading->text, reading->n, &ret_value->ns);

	if (r == -ERANGE)
		return refuse(reading, "is too long for a duration");
	if (r < 0)
		return refuse(reading, "is no duration: write whole numbers with ns, us, "
				       "ms, s, m, h, d or w, such as 10s or 1h30m");
	return 0;
}

static int read_time(const struct reading *reading, struct value *ret_value)
{
	int r = timestamp_from_text(reading->text, reading->n, &ret_value->ns);

	if (r == -ERANGE)
		return refuse(reading, "is outside the years 1678 to 2261");
	if (r < 0)
		return refuse(reading, "is no time: write it such as 2026-11-01 or "
				       "2026-11-01T00:00:00Z");
	return 0;
}

static int read_size(const struct reading *reading, struct value *ret_value)
{
	int r = size_from_text(reading->text, reading->n, &ret_value->bytes);

	if (r == -ERANGE)
		return refuse(reading, "is too large for a size");
	if (r < 0)
		return refuse(reading, "is no size: write a whole number with B, KiB, "
				       "MiB, GiB, TiB, KB, MB, GB or TB, such as 64KiB");
	return 0;
}

static int refuse_choice(const struct reading *reading)
{
	const struct option *option = reading->option;
	const char *typed, *nearest;

	if (option->n_choices == 1) {
		refuse(reading, "is unknown: this version knows '");
		buffer_append_format(reading->why, "%s' alone", option->choices[0]);
		return -EINVAL;
	}
	refuse(reading, "is not one of ");
	for (size_t i = 0; i < option->n_choices; i++)
		buffer_append_format(
			reading->why, "%s%s", i > 0 ? ", " : "", option->choices[i]);
	typed = arena_copy_text(reading->arena, reading->text, reading->n);
	if (!typed)
		return -ENOMEM;
	nearest = text_nearest(typed, option->choices, option->n_choices);
	if (nearest)
		buffer_append_format(reading->why, "; did you mean '%s'?", nearest);
	return -EINVAL;
}

static int read_choice(const struct reading *reading, struct value *ret_value)
{
	const struct option *option = reading->option;

	for (size_t i = 0; i < option->n_choices; i++) {
		if (strlen(option->choices[i]) == reading->n &&
			memcmp(option->choices[i], reading->text, reading->n) == 0) {
			ret_value->choice = (uint32_t)i;
			return 0;
		}
	}
	return refuse_choice(reading);
}

static int (*const readers[])(const struct reading *reading, struct value *ret_value) = {
	[RK_TYPE_BOOL] = read_bool,
	[RK_TYPE_INT] = read_int,
	[RK_TYPE_REAL] = read_real,
	[RK_TYPE_DECIMAL] = read_decimal,
	[RK_TYPE_STRING] = read_text,
	[RK_TYPE_DURATION] = read_duration,
	[RK_TYPE_TIME] = read_time,
	[RK_TYPE_SIZE] = read_size,
	[RK_TYPE_CHOICE] = read_choice,
	[RK_TYPE_SECRET] = read_text,
};

int value_from_text(struct arena *arena, const struct option *option, const char *text,
	size_t n, struct value *ret_value, struct buffer *why)
{
	const struct reading reading = { arena, option, text, n, why };
	struct value value = *ret_value;
	int r;

	if (option->type >= LENGTH(readers)) {
		buffer_append_format(
			why, "one text is no %s", option_type_name(option->type));
		return -EINVAL;
	}
	if (memchr(text, '\0', n)) {
		buffer_append_text(why, "a text cannot hold the character U+0000");
		return -EINVAL;
	}
	r = readers[option->type](&reading, &value);
	if (r < 0)
		return r;
	*ret_value = value;
	return 0;
}
