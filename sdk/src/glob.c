/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A glob is gone through once, beside the text. Where something does not fit, the last
 * star takes one character more and what is behind it is tried again; the stars before
 * it need not be tried with more, since the last can take whatever they would.
 */
#include <rookery/glob.h>

#include "utf8.h"

#include <string.h>

struct part {
	const char *at, *end;
};

/* A byte that is no UTF-8 is a character, too. */
static size_t first_size(struct part part)
{
	size_t n = rk_utf8_length(part.at, (size_t)(part.end - part.at));

	return n > 0 ? n : 1;
}

static struct part take(struct part *part)
{
	struct part first = { part->at, part->at + first_size(*part) };

	part->at = first.end;
	return first;
}

static bool take_if(struct part *part, char c)
{
	if (part->at == part->end || *part->at != c)
		return false;
	part->at++;
	return true;
}

/* The bytes of UTF-8 have the order of its characters. */
static int compare(struct part a, struct part b)
{
	size_t n_a = (size_t)(a.end - a.at), n_b = (size_t)(b.end - b.at);
	int order = memcmp(a.at, b.at, n_a < n_b ? n_a : n_b);

	return order != 0 ? order : (n_a > n_b) - (n_a < n_b);
}

/* ---- classes ----------------------------------------------------------------- */

/* What is between the brackets: one character or a range, until the ']' that ends it. */
static bool take_member(
	struct part *glob, bool is_first, struct part *from, struct part *to)
{
	if (glob->at == glob->end || (*glob->at == ']' && !is_first))
		return false;
	*from = *to = take(glob);
	if (glob->end - glob->at > 1 && glob->at[0] == '-' && glob->at[1] != ']') {
		glob->at++;
		*to = take(glob);
	}
	return true;
}

/* Behind the '['. */
static bool take_class(struct part *glob, struct part character)
{
	bool is_negated = take_if(glob, '!'), has = false;
	struct part from, to;

	for (bool is_first = true; take_member(glob, is_first, &from, &to);
		is_first = false)
		has |= compare(from, character) <= 0 && compare(character, to) <= 0;
	take_if(glob, ']');
	return has != is_negated;
}

static const char *class_fault(struct part *glob)
{
	struct part from, to;

	take_if(glob, '!');
	for (bool is_first = true; take_member(glob, is_first, &from, &to);
		is_first = false) {
		if (compare(from, to) > 0)
			return "has a range that ends before it begins";
	}
	return take_if(glob, ']')
		       ? NULL
		       : "has a '[' without its ']'; a bracket itself is '[[]'";
}

const char *rk_glob_fault(const char *text)
{
	struct part glob = { text, text + strlen(text) };
	const char *fault = NULL;

	if (glob.at == glob.end)
		return "is empty";
	if (glob.end - glob.at > (ptrdiff_t)RK_GLOB_MAX_SIZE)
		return "is longer than 256 bytes";
	while (glob.at < glob.end && !fault) {
		if (take_if(&glob, '['))
			fault = class_fault(&glob);
		else
			glob.at++;
	}
	return fault;
}

/* ---- fitting ----------------------------------------------------------------- */

/* One thing of the glob that is no star. */
static bool take_one(struct part *glob, struct part character)
{
	if (glob->at == glob->end)
		return false;
	if (take_if(glob, '['))
		return take_class(glob, character);
	return take_if(glob, '?') || compare(take(glob), character) == 0;
}

bool rk_glob_fits(const char *glob, const char *text, size_t n)
{
	struct part rest = { glob, glob + strlen(glob) };
	struct part left = { text, text + n };
	struct part behind_star = { NULL, NULL }, starred = left;

	while (left.at < left.end) {
		struct part character = { left.at, left.at + first_size(left) };

		if (take_if(&rest, '*')) {
			behind_star = rest;
			starred = left;
		} else if (take_one(&rest, character)) {
			left.at = character.end;
		} else if (behind_star.at) {
			take(&starred);
			rest = behind_star;
			left = starred;
		} else {
			return false;
		}
	}
	while (take_if(&rest, '*'))
		;
	return rest.at == rest.end;
}
