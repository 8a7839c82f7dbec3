/* SPDX-License-Identifier: Apache-2.0 */
#include "bulk_answer.h"

#include "base/buffer.h"
#include "base/cleanup.h"

#include <jansson.h>
#include <string.h>

#define WHY_MAX_SIZE 200

/* What each record's status means; the first line that fits counts. */
enum fate { FATE_TAKEN, FATE_OUTDATED, FATE_REFUSED, FATE_BUSY, FATE_SHUT };

static const struct {
	int first, last;
	enum fate fate;
} fates[] = {
	{ 200, 299, FATE_TAKEN },
	{ 409, 409, FATE_OUTDATED }, /* a later version is there, or, of create, any */
	{ 400, 400, FATE_REFUSED },
	{ 413, 413, FATE_REFUSED },
	{ 422, 422, FATE_REFUSED },
	{ 408, 408, FATE_BUSY },
	{ 429, 429, FATE_BUSY },
	{ 500, 599, FATE_BUSY },
};

static enum fate fate_of(int status)
{
	for (size_t i = 0; i < sizeof(fates) / sizeof(*fates); i++) {
		if (status >= fates[i].first && status <= fates[i].last)
			return fates[i].fate;
	}
	return FATE_SHUT; /* no such index, not allowed, read-only */
}

/* An answer of thousands of records is only read where it must be: what stands in front
 * of the list tells. */
static bool says_no_errors(const char *body, size_t n)
{
	static const char name[] = "\"errors\"", no[] = "false";
	const char *list = memchr(body, '[', n);
	const char *end = list ? list : body + n;
	const char *at = memmem(body, (size_t)(end - body), name, sizeof(name) - 1);

	if (!at)
		return false;
	at += sizeof(name) - 1;
	while (at < end && strchr(" \t\r\n:", *at))
		at++;
	return (size_t)(end - at) >= sizeof(no) - 1 &&
	       memcmp(at, no, sizeof(no) - 1) == 0;
}

/* The value of the one member that an item has, whose name is the action's. */
static json_t *result_of(json_t *item)
{
	return json_object_iter_value(json_object_iter(item));
}

static const char *member(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* "mapper_parsing_exception: failed to parse ...", one line. */
static char *why_of(struct store_answer *answer, json_t *result)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	json_t *error = json_object_get(result, "error");
	char *text;

	if (!json_is_object(error))
		return NULL;
	buffer_append_format(&why, "%.*s: %.*s", WHY_MAX_SIZE, member(error, "type"),
		WHY_MAX_SIZE, member(error, "reason"));
	if (!buffer_text(&why))
		return NULL;
	text = arena_copy_text(&answer->arena, buffer_text(&why), why.size);
	for (char *at = text; at && *at; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = ' ';
	}
	return text;
}

static void hold(struct store_answer *answer, enum store_verdict verdict, int status,
	const char *why)
{
	answer->verdict = verdict;
	answer->status = status;
	answer->why = why;
}

static void read_item(struct store_answer *answer, struct refused_record *refused,
	uint32_t index, json_t *item)
{
	json_t *result = result_of(item);
	json_int_t said = json_integer_value(json_object_get(result, "status"));
	int status = said > 0 && said < 1000 ? (int)said : 0;

	switch (fate_of(status)) {
	case FATE_TAKEN:
		break;
	case FATE_OUTDATED:
		answer->n_outdated++;
		break;
	case FATE_REFUSED:
		refused[answer->n_refused++] =
			(struct refused_record){ index, status, why_of(answer, result) };
		break;
	case FATE_BUSY:
		if (answer->verdict == STORE_TOOK)
			hold(answer, STORE_BUSY, status, why_of(answer, result));
		break;
	case FATE_SHUT:
		if (answer->verdict != STORE_SHUT)
			hold(answer, STORE_SHUT, status, why_of(answer, result));
		break;
	}
}

static void read_items(struct store_answer *answer, json_t *items, uint32_t n_records)
{
	struct refused_record *refused =
		arena_take(&answer->arena, n_records * sizeof(*refused));

	if (!refused) {
		hold(answer, STORE_BUSY, 0, "out of memory");
		return;
	}
	answer->refused = refused;
	for (uint32_t i = 0; i < n_records; i++)
		read_item(answer, refused, i, json_array_get(items, i));
}

void bulk_answer_read(const char *body, size_t n, bool is_whole, uint32_t n_records,
	struct store_answer *ret_answer)
{
	json_t *root, *items;

	*ret_answer = (struct store_answer){ .verdict = STORE_TOOK };
	if (says_no_errors(body, n))
		return;
	if (!is_whole) {
		hold(ret_answer, STORE_SAID_MUCH, 0, "its answer is too long to be read");
		return;
	}
	root = json_loadb(body, n, 0, NULL);
	items = json_object_get(root, "items");
	if (json_is_false(json_object_get(root, "errors")))
		ret_answer->verdict = STORE_TOOK;
	else if (json_array_size(items) == n_records && n_records > 0)
		read_items(ret_answer, items, n_records);
	else
		hold(ret_answer, STORE_SHUT, 0,
			"this is no answer to a bulk request of so many records");
	json_decref(root);
}
