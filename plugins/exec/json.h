/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line of JSON (RFC 8259), member by member. A number stays the text that it is,
 * so that 1.10 is never a double; texts are decoded in place, since that never makes
 * them longer, and end with a NUL.
 *
 *	struct json json = json_of(line);
 *
 *	while (json_member(&json, &name))
 *		json_value(&json, &value);
 *	json.error tells whether all of it was right
 */
#ifndef EXEC_JSON_H
#define EXEC_JSON_H

#include <rookery/plugin.h>
#include <stdbool.h>
#include <stddef.h>

enum json_type { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_TEXT, JSON_PAIRS };

enum { JSON_MAX_PAIRS = 32 };

struct json {
	char *at;
	bool is_open;      /* within the object */
	bool is_first;     /* no member was read yet */
	const char *error; /* what was expected; NULL: nothing is wrong */
};

struct json_value {
	enum json_type type;
	bool boolean;
	const char *text; /* of a number or text: n bytes; a number's go on behind them */
	size_t n;
	/* An object of texts; a number or boolean in it is the text that it is. */
	struct rk_label pairs[JSON_MAX_PAIRS];
	size_t n_pairs;
};

/* line ends with a NUL, and is changed. */
struct json json_of(char *line);

/* The next member's name; false: there is none, or something is wrong. Its value must
 * be read next. */
bool json_member(struct json *json, const char **ret_name);

/* False: something is wrong. */
bool json_value(struct json *json, struct json_value *ret_value);

#endif
