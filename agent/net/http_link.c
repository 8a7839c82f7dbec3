/* SPDX-License-Identifier: Apache-2.0 */
/* link-value = "<" URI "> *( ";" name [ "=" ( token / quoted-string ) ] ), and commas
 * between them. A link's first `rel` counts, and those with an `anchor` are about
 * something else than the page. */
#include "http_link.h"

#include <errno.h>
#include <stdbool.h>
#include <strings.h>

struct piece {
	const char *at;
	size_t n;
};

struct link {
	struct piece target, relations;
	bool has_relations, has_anchor;
};

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t");
}

static bool piece_is(struct piece piece, const char *text)
{
	return piece.n == strlen(text) && strncasecmp(piece.at, text, piece.n) == 0;
}

/* A value in quotes, where a backslash takes the next character as it is; NULL: it does
 * not end. The piece keeps the backslashes, which no relation has. */
static const char *take_quoted(const char *at, struct piece *ret_value)
{
	const char *begin = ++at;

	while (*at && *at != '"')
		at += at[0] == '\\' && at[1] ? 2 : 1;
	if (!*at)
		return NULL;
	*ret_value = (struct piece){ begin, (size_t)(at - begin) };
	return at + 1;
}

static const char *take_parameter(const char *at, struct link *link)
{
	struct piece name = { at, strcspn(at, "=;, \t") }, value = { at, 0 };

	at = skip_blanks(at + name.n);
	if (*at == '=') {
		at = skip_blanks(at + 1);
		if (*at == '"') {
			at = take_quoted(at, &value);
		} else {
			value = (struct piece){ at, strcspn(at, ";, \t") };
			at += value.n;
		}
	}
	if (at && piece_is(name, "rel") && !link->has_relations) {
		link->has_relations = true;
		link->relations = value;
	}
	link->has_anchor |= piece_is(name, "anchor");
	return at;
}

/* Behind the link, at a comma or at the end; NULL: that is no link. */
static const char *take_link(const char *at, struct link *link)
{
	const char *end = *at == '<' ? strchr(at, '>') : NULL;

	*link = (struct link){ 0 };
	if (!end)
		return NULL;
	link->target = (struct piece){ at + 1, (size_t)(end - at - 1) };
	at = skip_blanks(end + 1);
	while (at && *at == ';') {
		at = skip_blanks(at + 1);
		if (*at && *at != ';' && *at != ',')
			at = take_parameter(at, link);
		at = at ? skip_blanks(at) : NULL;
	}
	return at && (*at == ',' || !*at) ? at : NULL;
}

/* Relations are words with blanks between them. */
static bool relates(const struct link *link, const char *relation)
{
	const char *at, *end;

	if (!link->has_relations || link->has_anchor)
		return false;
	at = link->relations.at;
	end = at + link->relations.n;
	while (at < end) {
		size_t n = 0;

		while (at + n < end && at[n] != ' ' && at[n] != '\t')
			n++;
		if (piece_is((struct piece){ at, n }, relation))
			return true;
		at += n > 0 ? n : 1;
	}
	return false;
}

int http_link_find(const char *text, const char *relation, struct buffer *to)
{
	const char *at = text + strspn(text, " \t,");

	buffer_clear(to);
	while (*at) {
		struct link link;

		at = take_link(at, &link);
		if (!at)
			return -EINVAL;
		if (relates(&link, relation)) {
			buffer_append(to, link.target.at, link.target.n);
			return buffer_failed(to) ? -ENOMEM : 0;
		}
		at += strspn(at, " \t,");
	}
	return -ENOENT;
}
