/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/json.h - values out of a JSON text (RFC 8259) by JSON Pointer (RFC 6901),
 * with decimals exact:
 *
 *	struct rk_json *body;
 *	struct rk_error error;
 *	struct rk_number cost;
 *
 *	r = rk_json_parse(text, size, &body, &error);
 *	if (r == 0)
 *		r = rk_json_number(body, "/usage/0/cost", &cost, &error);
 *
 * A number stays what is written: 0.10 is 10 with scale 2, and no double comes between.
 * What JSON leaves open is decided for safety: an object that has a name twice
 * is refused, since readers differ in which counts; a mark of UTF-8's byte order
 * is passed over. A text that is cut off, no UTF-8, or a page of HTML is refused, with
 * the line and column (in characters) where.
 *
 * A document is parsed once and then never changes: any number of threads may read it.
 * All that is got from it lives until it is destroyed.
 */
#ifndef RK_JSON_H
#define RK_JSON_H

#include <rookery/date.h>
#include <rookery/error.h>
#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rk_json; /* a value: a whole document, or one within it */

#define RK_JSON_MAX_SIZE    33554432u /* 32 MiB */
#define RK_JSON_MAX_DEPTH   128u      /* arrays and objects in each other */
#define RK_JSON_MAX_VALUES  1048576u  /* of any type, in one document */
#define RK_JSON_MAX_POINTER 1024u     /* bytes */

/* The document of n bytes, which are not kept. The caller destroys it. -EINVAL: no
 * JSON; -E2BIG: beyond one of the bounds; -ENOMEM. */
int rk_json_parse(const char *text, size_t n, struct rk_json **ret_document,
	struct rk_error *ret_error);

/* A document, never a value within one. NULL is fine. */
void rk_json_destroy(struct rk_json *document);

enum rk_json_type {
	RK_JSON_NULL,
	RK_JSON_BOOL,
	RK_JSON_NUMBER,
	RK_JSON_TEXT,
	RK_JSON_ARRAY,
	RK_JSON_OBJECT,
};

enum rk_json_type rk_json_type(const struct rk_json *value);

/* ---- by pointer ------------------------------------------------------------ */

/* The value that the pointer leads to from another: "" is that itself, "/items/0" the
 * first of its items, "/a~1b" is named "a/b" and "/a~0b" is named "a~b". NULL: there
 * is none, or that is no pointer. */
const struct rk_json *rk_json_at(const struct rk_json *from, const char *pointer);

/* The same with a type and an error, as all below. -ENOENT: there is no such value;
 * -ENODATA: it is null, and the type another; -EINVAL: it is of another type, or that
 * is no pointer. */
int rk_json_get(const struct rk_json *from, const char *pointer, enum rk_json_type type,
	const struct rk_json **ret_value, struct rk_error *ret_error);

/* UTF-8. -EINVAL also for one with a NUL within, which ends texts in C. */
int rk_json_text(const struct rk_json *from, const char *pointer, const char **ret_text,
	struct rk_error *ret_error);

/* A text, a number as it is written, "true" or "false": for labels and ids. */
int rk_json_as_text(const struct rk_json *from, const char *pointer,
	const char **ret_text, struct rk_error *ret_error);

/* A decimal, exactly: of a number, or of a text that is one ("0.8300"), as many
 * vendors send amounts. -ERANGE: it does not fit (rookery/number.h). */
int rk_json_number(const struct rk_json *from, const char *pointer,
	struct rk_number *ret_number, struct rk_error *ret_error);

/* The same as an integer; 12.0 is one, -ERANGE: 12.5 is none. */
int rk_json_integer(const struct rk_json *from, const char *pointer, int64_t *ret_integer,
	struct rk_error *ret_error);

/* The same as a double, rounded: for what is no decimal. */
int rk_json_real(const struct rk_json *from, const char *pointer, double *ret_real,
	struct rk_error *ret_error);

int rk_json_bool(const struct rk_json *from, const char *pointer, bool *ret_bool,
	struct rk_error *ret_error);

/* Of a text or number in one of the forms of rookery/date.h (RK_TIME_ANY |
 * RK_TIME_UNIX_MS), in that zone where it names none. */
int rk_json_time(const struct rk_json *from, const char *pointer, uint32_t forms,
	const struct rk_zone *zone, int64_t *ret_ns, struct rk_error *ret_error);

/* ---- one after the other --------------------------------------------------- */

/* How many items or members an array or an object has; 0 for other values. */
size_t rk_json_count(const struct rk_json *value);

/* Item index of an array; NULL: beyond its end, or no array. */
const struct rk_json *rk_json_item(const struct rk_json *array, size_t index);

/* Goes through an array or an object in the order of the text:
 *
 *	struct rk_json_each each = { 0 };
 *
 *	while (rk_json_next(items, &each))
 *		use(each.value);
 *
 * Any other value, also NULL, has nothing to go through. */
struct rk_json_each {
	size_t index;
	const char *name; /* of a member; NULL in an array */
	const struct rk_json *value;
	size_t n;     /* how many came before: the function's own, as */
	void *member; /* ... is this */
};

bool rk_json_next(const struct rk_json *value, struct rk_json_each *each);

#ifdef __cplusplus
}
#endif
#endif
