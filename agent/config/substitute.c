/* SPDX-License-Identifier: Apache-2.0 */
#include "substitute.h"

#include "bind.h"
#include "reference.h"
#include "report.h"
#include "wipe.h"

#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

/* A scalar on its way. */
struct substitution {
	const struct binder *binder;
	const struct node *node;
	bool is_secret;
	struct buffer text;
	struct substituted result;
	bool has_outside; /* something came from outside of the file */
};

static void substitution_finish(struct substitution *substitution)
{
	buffer_wipe(&substitution->text);
}

static unsigned int count_characters(const char *text, size_t size)
{
	unsigned int n = 0;

	for (size_t i = 0; i < size; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

/* The place of a part of a scalar: exact where the scalar stands in its line as it
 * is, else that of the scalar. */
static struct place place_in(
	const struct node *node, size_t offset, size_t size, unsigned int *ret_width)
{
	unsigned int quotes = node->is_plain ? 0 : 1;
	unsigned int all = count_characters(node->text, node->size);
	struct place place = node->place;

	*ret_width = node->width;
	if (node->width != all + 2 * quotes)
		return place;
	*ret_width = count_characters(node->text + offset, size);
	place.column += quotes + count_characters(node->text, offset);
	return place;
}

static void append_literal(
	struct substitution *substitution, const char *text, size_t size)
{
	buffer_append(&substitution->text, text, size);
	substitution->result.has_literal |= size > 0;
}

static int take_reference(
	struct substitution *substitution, const char *text, size_t size)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	const struct node *node = substitution->node;
	struct reference reference = {
		.text = text,
		.size = size,
		.is_secret = substitution->is_secret,
		.file = node->place.file,
	};
	unsigned int width;
	struct place place = place_in(node, (size_t)(text - node->text), size, &width);
	int r = reference_resolve(&reference, &substitution->text, &why);

	/* What is no reference may be a part of a secret. */
	substitution->result.has_literal |=
		reference.has_default || (r < 0 && reference.origin == ORIGIN_FILE);
	if (reference.origin > substitution->result.origin)
		substitution->result.origin = reference.origin;
	substitution->has_outside |= reference.origin != ORIGIN_FILE;
	if (r != -EINVAL)
		return r;
	if (!buffer_text(&why))
		return -ENOMEM;
	report_error(substitution->binder->report, place, width, "%s", buffer_text(&why));
	return r;
}

/* The length of the reference at text, which begins with "${"; all that is left
 * where it is not closed. */
static size_t reference_size(const char *text, size_t size)
{
	const char *end = memchr(text, '}', size);

	return end ? (size_t)(end - text) + 1 : size;
}

static int take_parts(struct substitution *substitution)
{
	const char *at = substitution->node->text;
	const char *end = at + substitution->node->size;
	int r, first = 0;

	while (at < end) {
		const char *dollar = memchr(at, '$', (size_t)(end - at));
		size_t rest;

		if (!dollar)
			dollar = end;
		append_literal(substitution, at, (size_t)(dollar - at));
		rest = (size_t)(end - dollar);
		if (rest >= 3 && memcmp(dollar, "$${", 3) == 0) {
			append_literal(substitution, "${", 2);
			at = dollar + 3;
		} else if (rest >= 2 && dollar[1] == '{') {
			size_t size = reference_size(dollar, rest);

			r = take_reference(substitution, dollar, size);
			if (r == -ENOMEM)
				return r;
			/* The references after it are told of, too. */
			first = first < 0 ? first : r;
			at = dollar + size;
		} else {
			append_literal(substitution, "$", rest > 0);
			at = dollar + (rest > 0);
		}
	}
	return first;
}

static int keep_result(struct substitution *substitution)
{
	struct substituted *result = &substitution->result;
	const struct node *node = substitution->node;

	if (buffer_failed(&substitution->text)) {
		report_error(substitution->binder->report, node->place, node->width,
			"more than %zu KiB after substitution",
			SUBSTITUTE_MAX_SIZE / 1024);
		return -EINVAL;
	}
	result->size = substitution->text.size;
	result->text = arena_copy_text(substitution->binder->arena,
		(const char *)substitution->text.data, result->size);
	return result->text ? 0 : -ENOMEM;
}

int substitute(const struct binder *binder, const struct node *node, bool is_secret,
	struct substituted *ret_text)
{
	CLEANUP(substitution_finish)
	struct substitution substitution = {
		.binder = binder,
		.node = node,
		.is_secret = is_secret,
		.text = { .limit = SUBSTITUTE_MAX_SIZE },
		.result = { node->text, node->size, ORIGIN_FILE, true, node->size > 0 },
	};
	int r;

	if (binder->is_preset || !memmem(node->text, node->size, "${", 2)) {
		*ret_text = substitution.result;
		return 0;
	}
	substitution.result.has_literal = false;
	/* All at once: a buffer that grows leaves its content behind. */
	if (!buffer_reserve(&substitution.text, SUBSTITUTE_MAX_SIZE))
		return -ENOMEM;
	r = take_parts(&substitution);
	ret_text->has_literal = substitution.result.has_literal;
	if (r == 0)
		r = keep_result(&substitution);
	if (r < 0)
		return r;
	substitution.result.is_clear =
		!substitution.has_outside && substitution.result.size > 0;
	*ret_text = substitution.result;
	return 0;
}
