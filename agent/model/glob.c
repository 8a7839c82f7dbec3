/* SPDX-License-Identifier: Apache-2.0 */
#include "glob.h"

#include "base/macros.h"
#include "base/utf8.h"

#include <string.h>

static void skip(struct slice *text, size_t n)
{
	text->at += n;
	text->n -= n;
}

/* The first character of a text that is not empty. */
static struct slice first_of(struct slice text)
{
	size_t n = utf8_length(text.at, text.n);

	return (struct slice){ text.at, n > 0 ? n : 1 };
}

static struct slice take(struct slice *text)
{
	struct slice character = first_of(*text);

	skip(text, character.n);
	return character;
}

/* The bytes of UTF-8 have the order of its characters. */
static int compare(struct slice a, struct slice b)
{
	int order = memcmp(a.at, b.at, MIN(a.n, b.n));

	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* ---- classes ----------------------------------------------------------- */

/* One character, or a range of them. */
struct member {
	struct slice from, to;
};

static struct member take_member(struct slice *glob)
{
	struct member member;

	member.from = member.to = take(glob);
	if (glob->n > 1 && glob->at[0] == '-' && glob->at[1] != ']') {
		skip(glob, 1);
		member.to = take(glob);
	}
	return member;
}

/* Whether the class that a glob begins with has the character; the glob goes on
 * behind it. */
static bool take_class(struct slice *glob, struct slice character)
{
	bool is_negated, has = false, is_first = true;

	skip(glob, 1);
	is_negated = glob->n > 0 && glob->at[0] == '!';
	skip(glob, is_negated);
	for (; glob->n > 0 && (is_first || glob->at[0] != ']'); is_first = false) {
		struct member member = take_member(glob);

		has |= compare(member.from, character) <= 0 &&
		       compare(character, member.to) <= 0;
	}
	skip(glob, MIN(glob->n, 1));
	return has != is_negated;
}

static const char *class_fault(struct slice *glob)
{
	bool is_first = true;

	skip(glob, 1);
	skip(glob, glob->n > 0 && glob->at[0] == '!');
	for (; glob->n > 0 && (is_first || glob->at[0] != ']'); is_first = false) {
		struct member member = take_member(glob);

		if (compare(member.from, member.to) > 0)
			return "has a range that ends before it begins";
	}
	if (glob->n == 0)
		return "has a '[' without its ']'; a bracket itself is '[[]'";
	skip(glob, 1);
	return NULL;
}

const char *glob_fault(const char *text)
{
	struct slice glob = slice_of(text);
	const char *fault = NULL;

	if (glob.n == 0)
		return "is empty";
	if (glob.n > GLOB_MAX_SIZE)
		return "is longer than 256 bytes";
	while (glob.n > 0 && !fault) {
		if (glob.at[0] == '[')
			fault = class_fault(&glob);
		else
			skip(&glob, 1);
	}
	return fault;
}

/* ---- fitting ----------------------------------------------------------- */

/* Whether what the glob begins with, which is no star, fits the character; the glob
 * goes on behind it. */
static bool take_one(struct slice *glob, struct slice character)
{
	if (glob->n == 0)
		return false;
	if (glob->at[0] == '[')
		return take_class(glob, character);
	if (glob->at[0] == '?') {
		skip(glob, 1);
		return true;
	}
	return slice_equal(take(glob), character);
}

static bool take_star(struct slice *glob)
{
	bool is_star = glob->n > 0 && glob->at[0] == '*';

	skip(glob, is_star);
	return is_star;
}

/* Where something does not fit, the last star takes one character more and what is
 * behind it is tried again. No star before it has to be tried with more: whatever
 * they would take, the last one can. */
bool glob_fits(const char *pattern, struct slice text)
{
	struct slice glob = slice_of(pattern), behind_star = { 0 }, starred = { 0 };

	while (text.n > 0) {
		if (take_star(&glob)) {
			behind_star = glob;
			starred = text;
		} else if (take_one(&glob, first_of(text))) {
			take(&text);
		} else if (behind_star.at) {
			take(&starred);
			glob = behind_star;
			text = starred;
		} else {
			return false;
		}
	}
	while (take_star(&glob))
		;
	return glob.n == 0;
}
