/* SPDX-License-Identifier: Apache-2.0 */
/* Documents: a text is checked and marked (json_scan.h), and then jansson's tree. A
 * struct rk_json is jansson's json_t, by another name. */
#include "json_tree.h"

#include "error.h"
#include "json_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int tell(const struct rk_json_scan *scan, struct rk_error *error)
{
	uint32_t line, column;
	char excerpt[RK_EXCERPT_SIZE];
	size_t left = scan->n - scan->problem_at;

	rk_text_place(scan->text, scan->problem_at, &line, &column);
	if (left == 0)
		rk_error_set(error, line, column, "%s", scan->problem);
	else
		rk_error_set(error, line, column, "%s: '%s'", scan->problem,
			rk_excerpt(excerpt, scan->text + scan->problem_at,
				left < 24 ? left : 24));
	return scan->result;
}

/* Of what the pass lets through, jansson refuses names that come twice, and gives up
 * where there is no memory. */
static int tell_jansson(const struct rk_json_scan *scan, const json_error_t *failure,
	struct rk_error *error)
{
	struct rk_json_scan again = { .text = scan->text, .n = scan->n };

	if (json_error_code(failure) == json_error_out_of_memory) {
		rk_error_set(error, 0, 0, "no memory for the document");
		return -ENOMEM;
	}
	again.watched = failure->position > 0 ? (size_t)failure->position : 1;
	rk_json_scan(&again);
	again.problem_at = again.origin;
	again.result = -EINVAL;
	again.problem = json_error_code(failure) == json_error_duplicate_key
				? "an object has this name twice"
				: "jansson does not take this";
	return tell(&again, error);
}

int rk_json_parse(const char *text, size_t n, struct rk_json **ret_document,
	struct rk_error *ret_error)
{
	struct rk_json_scan scan = { .text = text, .n = n };
	json_error_t failure = { .line = 0 };
	json_t *tree;

	if (n > RK_JSON_MAX_SIZE) {
		rk_error_set(ret_error, 0, 0, "the document is larger than 32 MiB");
		return -E2BIG;
	}
	if (rk_json_scan(&scan) < 0)
		return tell(&scan, ret_error);
	scan.to = malloc(scan.size);
	if (!scan.to) {
		rk_error_set(ret_error, 0, 0, "no memory for the document");
		return -ENOMEM;
	}
	scan.size = 0;
	scan.values = 0;
	rk_json_scan(&scan);
	tree = json_loadb(scan.to, scan.size,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &failure);
	free(scan.to);
	if (!tree)
		return tell_jansson(&scan, &failure, ret_error);
	*ret_document = rk_json_of(tree);
	return 0;
}

void rk_json_destroy(struct rk_json *document)
{
	json_decref((json_t *)(void *)document);
}

enum rk_json_type rk_json_type(const struct rk_json *value)
{
	const json_t *tree = rk_json_tree(value);

	switch (json_typeof(tree)) {
	case JSON_OBJECT:
		return RK_JSON_OBJECT;
	case JSON_ARRAY:
		return RK_JSON_ARRAY;
	case JSON_STRING:
		return *json_string_value(tree) == RK_JSON_MARK_NUMBER ? RK_JSON_NUMBER
								       : RK_JSON_TEXT;
	case JSON_TRUE:
	case JSON_FALSE:
		return RK_JSON_BOOL;
	default:
		return RK_JSON_NULL;
	}
}

/* ---- by pointer ------------------------------------------------------------ */

/* One name of a pointer, with its ~0 and ~1 written out. False: that is none. */
static bool unescape(const char *from, size_t n, char *to)
{
	for (size_t i = 0; i < n; i++) {
		char c = from[i];

		if (c == '~') {
			if (++i == n || (from[i] != '0' && from[i] != '1'))
				return false;
			c = from[i] == '0' ? '~' : '/';
		}
		*to++ = c;
	}
	*to = '\0';
	return true;
}

/* RFC 6901, 4: no zeros in front; "-" is behind the last and so never there. */
static json_t *item_of(const json_t *array, const char *digits, size_t n)
{
	size_t index = 0;

	if (n == 0 || n > 9 || (n > 1 && *digits == '0'))
		return NULL;
	for (size_t i = 0; i < n; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return NULL;
		index = index * 10 + (size_t)(digits[i] - '0');
	}
	return json_array_get(array, index);
}

bool rk_json_pointer_is_sound(const char *pointer)
{
	char name[RK_JSON_MAX_POINTER + 1];
	size_t n = strlen(pointer);

	return n <= RK_JSON_MAX_POINTER && (n == 0 || *pointer == '/') &&
	       unescape(pointer, n, name);
}

const struct rk_json *rk_json_at(const struct rk_json *from, const char *pointer)
{
	char name[RK_JSON_MAX_POINTER + 1];
	const json_t *at = rk_json_tree(from);

	if (!rk_json_pointer_is_sound(pointer))
		return NULL;
	while (at && *pointer == '/') {
		size_t n = strcspn(++pointer, "/");

		unescape(pointer, n, name);
		at = json_is_array(at) ? item_of(at, pointer, n)
				       : json_object_get(at, name);
		pointer += n;
	}
	return rk_json_of(at);
}

/* ---- one after the other --------------------------------------------------- */

size_t rk_json_count(const struct rk_json *value)
{
	const json_t *tree = rk_json_tree(value);

	return json_is_array(tree) ? json_array_size(tree) : json_object_size(tree);
}

const struct rk_json *rk_json_item(const struct rk_json *array, size_t index)
{
	return rk_json_of(json_array_get(rk_json_tree(array), index));
}

bool rk_json_next(const struct rk_json *value, struct rk_json_each *each)
{
	/* jansson's iterators change nothing and do not say so. */
	json_t *tree = (json_t *)(void *)rk_json_of(rk_json_tree(value));

	if (each->n == rk_json_count(value))
		return false;
	each->index = each->n++;
	if (json_is_array(tree)) {
		each->value = rk_json_item(value, each->index);
		return true;
	}
	each->member = each->index == 0 ? json_object_iter(tree)
					: json_object_iter_next(tree, each->member);
	each->name = json_object_iter_key(each->member);
	each->value = rk_json_of(json_object_iter_value(each->member));
	return true;
}
