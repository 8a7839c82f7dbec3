/* SPDX-License-Identifier: Apache-2.0 */
/* Values of a document as C has them, or why they are none. */
#include <rookery/number.h>

#include "error.h"
#include "json_tree.h"

#include <errno.h>
#include <string.h>

static const char *const type_names[] = {
	[RK_JSON_NULL] = "null",
	[RK_JSON_BOOL] = "a bool",
	[RK_JSON_NUMBER] = "a number",
	[RK_JSON_TEXT] = "a text",
	[RK_JSON_ARRAY] = "an array",
	[RK_JSON_OBJECT] = "an object",
};

/* A place in a document, and where errors about it go. */
struct place {
	const struct rk_json *from;
	const char *pointer;
	struct rk_error *error;
};

/* "'/usage/0/cost' is not there" */
static int refuse(const struct place *place, int r, const char *problem, const char *what)
{
	char excerpt[RK_EXCERPT_SIZE];
	const char *pointer = place->pointer;

	if (*pointer == '\0')
		rk_error_set(place->error, 0, 0, "the document %s%s", problem, what);
	else
		rk_error_set(place->error, 0, 0, "'%s' %s%s",
			rk_excerpt(excerpt, pointer, strlen(pointer)), problem, what);
	return r;
}

/* "'/usage/0/cost' has the text 'abc', which is no number" */
static int refuse_text(
	const struct place *place, int r, const char *text, const char *problem)
{
	char quoted[RK_EXCERPT_SIZE], what[RK_EXCERPT_SIZE + 2] = "'";
	size_t n;

	rk_excerpt(quoted, text, strlen(text));
	n = strlen(quoted);
	memcpy(what + 1, quoted, n);
	memcpy(what + 1 + n, "'", 2);
	return refuse(place, r, problem, what);
}

/* The value at a place, whatever its type. */
static int find(const struct place *place, const struct rk_json **ret_value)
{
	const struct rk_json *value = rk_json_at(place->from, place->pointer);

	if (!rk_json_pointer_is_sound(place->pointer))
		return refuse(place, -EINVAL, "is no JSON pointer", "");
	if (!value)
		return refuse(place, -ENOENT, "is not there", "");
	*ret_value = value;
	return 0;
}

static int refuse_type(
	const struct place *place, enum rk_json_type type, const char *wanted)
{
	char problem[64] = "is ";

	if (type == RK_JSON_NULL)
		return refuse(place, -ENODATA, "is null", "");
	memcpy(problem + 3, type_names[type], strlen(type_names[type]) + 1);
	memcpy(problem + strlen(problem), " and not ", sizeof(" and not "));
	return refuse(place, -EINVAL, problem, wanted);
}

/* What json_scan.h put a mark in front of. */
static const char *unmarked(const struct rk_json *value)
{
	return json_string_value(rk_json_tree(value)) + 1;
}

static bool has_nul(const struct rk_json *value)
{
	return strlen(unmarked(value)) + 1 != json_string_length(rk_json_tree(value));
}

/* A number as it is written, or a text. */
static int find_text(const struct place *place, bool takes_numbers, const char *wanted,
	const char **ret_text)
{
	const struct rk_json *value;
	int r = find(place, &value);
	enum rk_json_type type;

	if (r < 0)
		return r;
	type = rk_json_type(value);
	if (type != RK_JSON_TEXT && (type != RK_JSON_NUMBER || !takes_numbers))
		return refuse_type(place, type, wanted);
	if (has_nul(value))
		return refuse(place, -EINVAL, "has a NUL within", "");
	*ret_text = unmarked(value);
	return 0;
}

int rk_json_get(const struct rk_json *from, const char *pointer, enum rk_json_type type,
	const struct rk_json **ret_value, struct rk_error *ret_error)
{
	struct place place = { from, pointer, ret_error };
	const struct rk_json *value;
	int r = find(&place, &value);

	if (r < 0)
		return r;
	if (rk_json_type(value) != type)
		return refuse_type(&place, rk_json_type(value), type_names[type]);
	*ret_value = value;
	return 0;
}

int rk_json_text(const struct rk_json *from, const char *pointer, const char **ret_text,
	struct rk_error *ret_error)
{
	struct place place = { from, pointer, ret_error };

	return find_text(&place, false, "a text", ret_text);
}

int rk_json_as_text(const struct rk_json *from, const char *pointer,
	const char **ret_text, struct rk_error *ret_error)
{
	struct place place = { from, pointer, ret_error };
	const struct rk_json *value = rk_json_at(from, pointer);

	if (value && rk_json_type(value) == RK_JSON_BOOL) {
		*ret_text = json_is_true(rk_json_tree(value)) ? "true" : "false";
		return 0;
	}
	return find_text(&place, true, "a text", ret_text);
}

int rk_json_number(const struct rk_json *from, const char *pointer,
	struct rk_number *ret_number, struct rk_error *ret_error)
{
	struct place place = { from, pointer, ret_error };
	const char *text;
	int r = find_text(&place, true, "a number", &text);

	if (r < 0)
		return r;
	r = rk_number_from_text(text, strlen(text), ret_number);
	if (r == -EINVAL)
		return refuse_text(&place, r, text, "is a text that is no number: ");
	if (r < 0)
		return refuse_text(&place, r, text, "has more digits than fit exactly: ");
	return 0;
}

int rk_json_integer(const struct rk_json *from, const char *pointer, int64_t *ret_integer,
	struct rk_error *ret_error)
{
	struct place place = { from, pointer, ret_error };
	char text[RK_NUMBER_TEXT_SIZE];
	struct rk_number number;
	int r = rk_json_number(from, pointer, &number, ret_error);

	if (r < 0)
		return r;
	r = rk_number_to_integer(number, ret_integer);
	if (r < 0)
		return refuse_text(
			&place, r, rk_number_to_text(text, number), "is not whole: ");
	return 0;
}

int rk_json_real(const struct rk_json *from, const char *pointer, double *ret_real,
	struct rk_error *ret_error)
{
	struct place place = { from, pointer, ret_error };
	const char *text;
	int r = find_text(&place, true, "a number", &text);

	if (r < 0)
		return r;
	r = rk_real_from_text(text, strlen(text), ret_real);
	if (r == -EINVAL)
		return refuse_text(&place, r, text, "is a text that is no number: ");
	if (r < 0)
		return refuse_text(&place, r, text, "is larger than a double can be: ");
	return 0;
}

int rk_json_bool(const struct rk_json *from, const char *pointer, bool *ret_bool,
	struct rk_error *ret_error)
{
	const struct rk_json *value;
	int r = rk_json_get(from, pointer, RK_JSON_BOOL, &value, ret_error);

	if (r == 0)
		*ret_bool = json_is_true(rk_json_tree(value));
	return r;
}

int rk_json_time(const struct rk_json *from, const char *pointer, uint32_t forms,
	const struct rk_zone *zone, int64_t *ret_ns, struct rk_error *ret_error)
{
	struct place place = { from, pointer, ret_error };
	struct rk_error why;
	const char *text;
	int r = find_text(&place, true, "a time", &text);

	if (r < 0)
		return r;
	r = rk_time_from_text(text, strlen(text), forms, zone, ret_ns, &why);
	if (r < 0)
		return refuse(&place, r, "is no time: ", why.text);
	return 0;
}
