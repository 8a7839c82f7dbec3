/* SPDX-License-Identifier: Apache-2.0 */
#include "hidden.h"

#include "document.h"

#include "base/macros.h"
#include "base/utf8.h"

#include <string.h>

/* Parts of names that secrets have, and where most of them stand. */
static const char *const words[] = {
	"key",
	"token",
	"secret",
	"pass",
	"pwd",
	"credential",
	"auth",
	"private",
	"cookie",
	"options",
};

enum { TAB_WIDTH = 8 };

/* A line of a file that nobody could read. */
struct line {
	const char *text;
	size_t size;
	size_t begin;            /* what stands in front of it are spaces and '-' */
	size_t indent;           /* how far to the right that is */
	const char *name, *stop; /* its first key up to the ':'; NULL: it has none */
};

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '"' ||
	       c == '\'';
}

static bool is_telling(const char *name, const char *stop)
{
	for (const char *at = name; at < stop; at++) {
		for (size_t i = 0; i < LENGTH(words); i++) {
			size_t n = strlen(words[i]);

			if ((size_t)(stop - at) >= n && strncasecmp(at, words[i], n) == 0)
				return true;
		}
	}
	return false;
}

/* The next key at or behind a place of the line. */
static bool find_key(
	const char *from, const char *end, const char **ret_name, const char **ret_stop)
{
	const char *name = from;

	for (const char *at = from; at < end; at++) {
		if (is_name(*at))
			continue;
		if (*at == ':' && at > name) {
			*ret_name = name;
			*ret_stop = at;
			return true;
		}
		name = at + 1;
	}
	return false;
}

static struct line read_line(const char *text, size_t size)
{
	struct line line = { .text = text, .size = size };

	/* A tab is taken for a wide one: it may be what is wrong with the line. */
	for (; line.begin < size && strchr(" \t-", text[line.begin]); line.begin++)
		line.indent += text[line.begin] == '\t' ? TAB_WIDTH : 1;
	find_key(text + line.begin, text + size, &line.name, &line.stop);
	return line;
}

/* The line above; false where there is none. */
static bool line_above(const struct document *document, struct line *line)
{
	const char *end, *begin;

	if (line->text == document->text)
		return false;
	end = line->text - 1;
	begin = memrchr(document->text, '\n', (size_t)(end - document->text));
	begin = begin ? begin + 1 : document->text;
	*line = read_line(begin, (size_t)(end - begin));
	return true;
}

/* Whether one of the lines that this one belongs to has a telling name: each that
 * is indented less, and the one right above. */
static bool belongs_to_secret(const struct document *document, const struct line *line)
{
	size_t indent = line->indent;
	bool is_nearest = !line->name;
	struct line above = *line;

	while (line_above(document, &above)) {
		if (!above.name || (above.indent >= indent && !is_nearest))
			continue;
		if (is_telling(above.name, above.stop))
			return true;
		indent = MIN(indent, above.indent);
		is_nearest = false;
	}
	return false;
}

static unsigned int column_of(const struct line *line, const char *at)
{
	unsigned int column = 1;

	for (const char *c = line->text; c < at; column++) {
		size_t length = utf8_length(c, (size_t)(at - c));

		c += length > 0 ? length : 1;
	}
	return column;
}

/* Behind the ':' and the spaces that follow it. */
static unsigned int column_after(const struct line *line, const char *stop)
{
	const char *end = line->text + line->size;

	for (stop++; stop < end && *stop == ' '; stop++)
		;
	return column_of(line, stop);
}

static unsigned int hidden_from(const struct document *document, unsigned int number)
{
	const char *text, *name, *stop;
	struct line line;
	size_t size;

	if (!document_line(document, number, &text, &size))
		return 0;
	line = read_line(text, size);
	stop = text + line.begin;
	while (find_key(stop, text + size, &name, &stop)) {
		if (is_telling(name, stop))
			return column_after(&line, stop);
		stop++;
	}
	if (!belongs_to_secret(document, &line))
		return 0;
	return line.name ? column_after(&line, line.stop)
			 : column_of(&line, text + line.begin);
}

void hidden_init(
	struct hidden *hidden, const struct document *document, unsigned int line)
{
	*hidden = (struct hidden){ .document = document, .line = line };
	if (!document->is_parsed)
		hidden->from = hidden_from(document, line);
}

bool hidden_at(const struct hidden *hidden, unsigned int column)
{
	unsigned int line = hidden->line;

	if (hidden->from > 0 && column >= hidden->from)
		return true;
	for (const struct mask *mask = hidden->document->masks; mask; mask = mask->next) {
		bool begun = line > mask->from.line ||
			     (line == mask->from.line && column >= mask->from.column);
		bool ended = line > mask->to.line ||
			     (line == mask->to.line && column >= mask->to.column);

		if (begun && !ended)
			return true;
	}
	return false;
}
