/* SPDX-License-Identifier: Apache-2.0 */
/* A table says which fields there are, what reads each and in which lines it stands. */
#include "line.h"
#include "name.h"
#include "number.h"
#include "options.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LABEL_VALUE = 1024, MAX_SHOWN = 80 };

static const char *const phases[] = { "once", "begin", "update", "end", NULL };
static const char *const severities[] = { "low", "medium", "high", NULL };
static const char *const ends[] = { "ok", "partial", "failed", NULL };

struct field {
	const char *name;
	/* False, and what is wrong in reading.why. */
	bool (*read)(struct line *line, const struct field *field,
		const struct json_value *value, char *why);
	size_t offset; /* of the member in struct line that takes it */
	uint32_t given;
	unsigned int types; /* the lines that may have it; 0: any, passed over */
	const char *const *choices;
};

#define MEMBER(type_, line, field) ((type_ *)(void *)((char *)(line) + (field)->offset))

__attribute__((format(printf, 2, 3))) static bool refuse(
	char *why, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(why, LINE_WHY_SIZE, format, list);
	va_end(list);
	return false;
}

/* ---- what reads a field ---------------------------------------------------- */

static bool read_nothing(struct line *line, const struct field *field,
	const struct json_value *value, char *why)
{
	(void)line;
	(void)field;
	(void)value;
	(void)why;
	return true;
}

static bool read_text(struct line *line, const struct field *field,
	const struct json_value *value, char *why)
{
	if (value->type != JSON_TEXT || value->n == 0)
		return refuse(why, "'%s' is no text, or empty", field->name);
	*MEMBER(const char *, line, field) = value->text;
	return true;
}

static bool read_name(struct line *line, const struct field *field,
	const struct json_value *value, char *why)
{
	if (!read_text(line, field, value, why))
		return false;
	return name_is_proper(value->text) ||
	       refuse(why, "'%s' " NAME_RULE ": '%.80s'", field->name, value->text);
}

static bool read_unit(struct line *line, const struct field *field,
	const struct json_value *value, char *why)
{
	if (!read_text(line, field, value, why))
		return false;
	return value->n <= NAME_MAX_SIZE ||
	       refuse(why, "'%s' has more than %d bytes", field->name, NAME_MAX_SIZE);
}

/* How much of a value a reason shows. */
static int shown(const struct json_value *value)
{
	return value->n < MAX_SHOWN ? (int)value->n : MAX_SHOWN;
}

static bool read_choice(struct line *line, const struct field *field,
	const struct json_value *value, char *why)
{
	char known[80] = "";
	int n = 0;

	for (uint32_t i = 0; value->type == JSON_TEXT && field->choices[i]; i++) {
		if (strcmp(field->choices[i], value->text) == 0) {
			*MEMBER(uint32_t, line, field) = i;
			return true;
		}
	}
	for (size_t i = 0; field->choices[i]; i++)
		n += snprintf(known + n, sizeof(known) - (size_t)n, "%s%s",
			i > 0 ? ", " : "", field->choices[i]);
	return refuse(why, "'%s' is none of %s: '%.*s'", field->name, known, shown(value),
		value->text);
}

static bool read_boolean(struct line *line, const struct field *field,
	const struct json_value *value, char *why)
{
	if (value->type != JSON_BOOLEAN)
		return refuse(why, "'%s' is neither true nor false", field->name);
	*MEMBER(bool, line, field) = value->boolean;
	return true;
}

static bool read_time(struct line *line, const struct field *field,
	const struct json_value *value, char *why)
{
	if (value->type != JSON_TEXT ||
		time_from_text(value->text, MEMBER(int64_t, line, field)) < 0)
		return refuse(why,
			"'%s' is no time such as \"2026-11-21T00:00:00Z\": '%.*s'",
			field->name, shown(value), value->text);
	return true;
}

/* A text must be exact; what is a JSON number may be a double. */
static bool read_value(struct line *line, const struct field *field,
	const struct json_value *value, char *why)
{
	bool is_number = value->type == JSON_NUMBER;
	int r = -EINVAL;

	if (is_number || value->type == JSON_TEXT)
		r = number_from_text(value->text, value->n, is_number,
			MEMBER(struct rk_number, line, field));
	if (r < 0)
		return refuse(why,
			r == -ERANGE ? "'%s' would have to be rounded: '%.*s'"
				     : "'%s' is no number: '%.*s'",
			field->name, shown(value), value->text);
	return true;
}

/* Counts from 1. */
static bool read_count(struct line *line, const struct field *field,
	const struct json_value *value, char *why)
{
	struct rk_number number;

	if (value->type != JSON_NUMBER ||
		number_from_text(value->text, value->n, false, &number) < 0 ||
		number.scale > 0 || number.digits < 1)
		return refuse(why, "'%s' is no count: '%.*s'", field->name, shown(value),
			value->text);
	*MEMBER(int64_t, line, field) = number.digits;
	return true;
}

static bool pairs_are_sound(
	const struct field *field, const struct json_value *value, char *why)
{
	for (size_t i = 0; i < value->n_pairs; i++) {
		const struct rk_label *pair = &value->pairs[i];

		if (!name_is_proper(pair->name))
			return refuse(
				why, "'%s': '%.80s' " NAME_RULE, field->name, pair->name);
		if (strlen(pair->value) > MAX_LABEL_VALUE)
			return refuse(why,
				"'%s': the value of '%s' has more than %d bytes",
				field->name, pair->name, MAX_LABEL_VALUE);
		for (size_t k = 0; k < i; k++) {
			if (strcmp(value->pairs[k].name, pair->name) == 0)
				return refuse(why, "'%s' has '%s' twice", field->name,
					pair->name);
		}
	}
	return true;
}

static bool read_pairs(struct line *line, const struct field *field,
	const struct json_value *value, char *why)
{
	bool is_labels = field->offset == offsetof(struct line, labels);

	if (value->type != JSON_PAIRS)
		return refuse(why, "'%s' is no object of texts", field->name);
	if (!pairs_are_sound(field, value, why))
		return false;
	memcpy(MEMBER(struct rk_label, line, field), value->pairs,
		value->n_pairs * sizeof(value->pairs[0]));
	*(is_labels ? &line->n_labels : &line->n_details) = value->n_pairs;
	return true;
}

/* ---- the fields ------------------------------------------------------------ */

/* NOLINTBEGIN(bugprone-macro-parentheses): names */
#define FIELD(member, reader, bit, lines)                                                \
	{                                                                                \
		.name = #member, .read = reader,                                         \
		.offset = offsetof(struct line, member), .given = bit, .types = lines    \
	}
#define TIMED(member)                                                                    \
	{                                                                                \
		.name = #member, .read = read_time,                                      \
		.offset = offsetof(struct line, member##_ns), .given = GIVEN_REST,       \
		.types = LINE_SAMPLE | LINE_EVENT                                        \
	}
#define CHOICE(member, bit, lines, names)                                                \
	{                                                                                \
		.name = #member, .read = read_choice,                                    \
		.offset = offsetof(struct line, member), .given = bit, .types = lines,   \
		.choices = names                                                         \
	}
#define OURS(text)                                                                       \
	{                                                                                \
		.name = text, .read = read_nothing                                       \
	}
/* NOLINTEND(bugprone-macro-parentheses) */

static const struct field fields[] = {
	FIELD(metric, read_name, GIVEN_METRIC, LINE_SAMPLE),
	FIELD(value, read_value, GIVEN_VALUE, LINE_SAMPLE),
	CHOICE(kind, GIVEN_KIND, LINE_SAMPLE, exec_kinds),
	FIELD(unit, read_unit, GIVEN_UNIT, LINE_SAMPLE),
	CHOICE(confidence, GIVEN_CONFIDENCE, LINE_SAMPLE, exec_confidences),
	TIMED(time),
	TIMED(start),
	FIELD(labels, read_pairs, GIVEN_REST, LINE_SAMPLE | LINE_EVENT),
	FIELD(provisional, read_boolean, GIVEN_REST, LINE_SAMPLE),
	FIELD(tenant, read_text, GIVEN_REST, LINE_SAMPLE),
	FIELD(event, read_name, GIVEN_EVENT, LINE_EVENT),
	FIELD(key, read_text, GIVEN_KEY, LINE_EVENT),
	CHOICE(phase, GIVEN_PHASE, LINE_EVENT, phases),
	CHOICE(severity, GIVEN_SEVERITY, LINE_EVENT, severities),
	FIELD(follow_up, read_boolean, GIVEN_REST, LINE_EVENT),
	FIELD(insight, read_text, GIVEN_INSIGHT, LINE_EVENT),
	FIELD(action, read_text, GIVEN_REST, LINE_EVENT),
	FIELD(details, read_pairs, GIVEN_REST, LINE_EVENT),
	CHOICE(end, GIVEN_END, LINE_END, ends),
	FIELD(why, read_text, GIVEN_REST, LINE_END),
	FIELD(collect, read_count, GIVEN_REST, LINE_END),
	OURS("observed"),
	OURS("collector"),
	OURS("plugin"),
	OURS("host"),
	OURS("id"),
};

static const struct field *field_find(const char *name)
{
	for (size_t i = 0; i < RK_LEN(fields); i++) {
		if (strcmp(fields[i].name, name) == 0)
			return &fields[i];
	}
	return NULL;
}

/* ---- the whole line -------------------------------------------------------- */

static bool read_member(
	struct json *json, const char *name, struct line *line, char *why, uint32_t *seen)
{
	const struct field *field = field_find(name);
	struct json_value value;
	uint32_t bit;

	if (!field)
		return refuse(why, "there is no field '%.80s'", name);
	bit = (uint32_t)1 << (field - fields);
	if (*seen & bit)
		return refuse(why, "'%s' is there twice", name);
	if (!json_value(json, &value))
		return refuse(
			why, "it is no JSON object: %s (in '%s')", json->error, name);
	if (value.type == JSON_NULL)
		return true; /* as good as not there */
	*seen |= bit;
	line->given |= field->given;
	return field->read(line, field, &value, why);
}

/* Fields that do not belong to this type of line. */
static bool fields_fit(const struct line *line, uint32_t seen, char *why)
{
	static const char *const names[] = {
		[LINE_SAMPLE] = "a sample",
		[LINE_EVENT] = "an event",
		[LINE_END] = "an end",
	};

	for (size_t i = 0; i < RK_LEN(fields); i++) {
		if ((seen & (uint32_t)1 << i) && fields[i].types &&
			!(fields[i].types & line->type))
			return refuse(why, "'%s' does not belong to %s", fields[i].name,
				names[line->type]);
	}
	return true;
}

static bool has_all(const struct line *line, char *why)
{
	if (line->type == LINE_SAMPLE && !(line->given & GIVEN_VALUE))
		return refuse(why, "'value' is missing");
	if (line->type == LINE_SAMPLE && line->start_ns && line->time_ns &&
		line->start_ns >= line->time_ns)
		return refuse(why, "'start' is not before 'time'");
	if (line->type != LINE_EVENT)
		return true;
	if (!(line->given & GIVEN_SEVERITY))
		return refuse(why, "'severity' is missing");
	if (!(line->given & GIVEN_INSIGHT))
		return refuse(why, "'insight' is missing");
	return line->phase == RK_ONCE || (line->given & GIVEN_KEY) ||
	       refuse(why, "'key' is missing: 'phase' is '%s'", phases[line->phase]);
}

static bool find_type(struct line *line, char *why)
{
	switch (line->given & (GIVEN_METRIC | GIVEN_EVENT | GIVEN_END)) {
	case GIVEN_METRIC:
		line->type = LINE_SAMPLE;
		return true;
	case GIVEN_EVENT:
		line->type = LINE_EVENT;
		return true;
	case GIVEN_END:
		line->type = LINE_END;
		return true;
	default:
		return refuse(why, "it has not one of 'metric', 'event' and 'end'");
	}
}

int line_read(char *text, struct line *ret_line, char why[LINE_WHY_SIZE])
{
	struct json json = json_of(text);
	const char *name;
	uint32_t seen = 0;

	*ret_line = (struct line){ 0 };
	while (json_member(&json, &name)) {
		if (!read_member(&json, name, ret_line, why, &seen))
			return -EINVAL;
	}
	if (json.error) {
		refuse(why, "it is no JSON object: %s", json.error);
		return -EINVAL;
	}
	/* The choices count from 0, RK_EXACT from 1. */
	if (ret_line->given & GIVEN_CONFIDENCE)
		ret_line->confidence += RK_EXACT;
	if (!find_type(ret_line, why) || !fields_fit(ret_line, seen, why) ||
		!has_all(ret_line, why))
		return -EINVAL;
	return 0;
}
