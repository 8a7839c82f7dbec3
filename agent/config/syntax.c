/* SPDX-License-Identifier: Apache-2.0 */
#include "syntax.h"

#include "document.h"
#include "report.h"

#include "base/macros.h"

#include <string.h>

/* Where the message is placed, and what is added to it. */
enum {
	AT_PROBLEM = 0,
	AT_CONTEXT = 1 << 0, /* where the thing begins in which the problem is */
	SAYS_BEGIN = 1 << 1, /* says on which line that thing begins */
};

/* libyaml 0.2's own words are the key; what is not here is shown as it is. */
static const struct {
	const char *problem;
	unsigned int flags;
	const char *message;
} translations[] = {
	{ "could not find expected ':'", AT_CONTEXT,
		"a key without ':'; write it as 'key: value'" },
	{ "mapping values are not allowed in this context", AT_PROBLEM,
		"no ':' is expected here; quote a text that contains ': ' and check the "
		"indentation" },
	{ "block sequence entries are not allowed in this context", AT_PROBLEM,
		"no '- ' is expected here; a list begins on a line of its own" },
	{ "mapping keys are not allowed in this context", AT_PROBLEM,
		"no '? ' is expected here" },
	{ "found character that cannot start any token", AT_PROBLEM,
		"no text begins with this character; put it in quotes" },
	{ "did not find expected key", SAYS_BEGIN,
		"wrong indentation or quotes: expected a key of the mapping" },
	{ "did not find expected '-' indicator", SAYS_BEGIN,
		"wrong indentation: expected '- ' of the list" },
	{ "did not find expected ',' or ']'", SAYS_BEGIN,
		"expected ',' or ']' in the list" },
	{ "did not find expected ',' or '}'", SAYS_BEGIN,
		"expected ',' or '}' in the mapping" },
	{ "did not find expected node content", AT_PROBLEM, "expected a value" },
	{ "did not find expected <document start>", AT_PROBLEM,
		"expected the end of the file; check the indentation" },
	{ "found unexpected end of stream", AT_CONTEXT,
		"a quoted text without its closing quote" },
	{ "found unexpected document indicator", AT_CONTEXT,
		"a quoted text without its closing quote" },
	{ "found unknown escape character", AT_PROBLEM,
		"no escape that is known in double quotes; write '\\\\' for a "
		"backslash" },
	{ "did not find expected hexdecimal number", AT_PROBLEM,
		"expected hexadecimal digits after the backslash" },
	{ "found invalid Unicode character escape code", AT_PROBLEM,
		"this escape is no Unicode character" },
	{ "found an indentation indicator equal to 0", AT_PROBLEM,
		"the indentation of a block text is 1 to 9" },
	{ "did not find expected comment or line break", AT_PROBLEM,
		"expected the end of the line" },
	{ "did not find expected alphabetic or numeric character", AT_PROBLEM,
		"expected a name of letters and digits after '&' or '*'; quote a text "
		"that begins with them" },
	{ "found undefined tag handle", AT_PROBLEM,
		"tags mean nothing here; quote a text that begins with '!'" },
	{ "found incompatible YAML document", AT_PROBLEM,
		"this is YAML of another version; 1.1 and 1.2 are known" },
};

/* Whatever goes wrong in these is told in one way. */
static const struct {
	const char *context, *message;
} contexts[] = {
	{ "while scanning a tag",
		"tags mean nothing here; quote a text that begins with '!'" },
	{ "while parsing a tag",
		"tags mean nothing here; quote a text that begins with '!'" },
	{ "while scanning a directive",
		"directives mean nothing here; quote a text that begins with '%'" },
	{ "while scanning a %YAML directive", "expected %YAML 1.1 or %YAML 1.2" },
};

static struct place place_of(const struct document *document, const yaml_mark_t *mark)
{
	return (struct place){ document->name, (unsigned int)mark->line + 1,
		(unsigned int)mark->column + 1 };
}

/* libyaml complains of what follows a tab rather than of the tab. */
static bool report_tab(
	const struct document *document, struct place place, struct report *report)
{
	const char *text;
	size_t size, spaces, tabs;

	if (!document_line(document, place.line, &text, &size))
		return false;
	for (spaces = 0; spaces < size && text[spaces] == ' '; spaces++)
		;
	for (tabs = spaces; tabs < size && text[tabs] == '\t'; tabs++)
		;
	if (tabs == spaces || place.column <= spaces)
		return false;
	place.column = (unsigned int)spaces + 1;
	report_error(report, place, (unsigned int)(tabs - spaces),
		"a tab is no indentation in YAML; use spaces");
	return true;
}

static bool report_context(
	const yaml_parser_t *parser, struct place place, struct report *report)
{
	for (size_t i = 0; parser->context && i < LENGTH(contexts); i++) {
		if (strcmp(parser->context, contexts[i].context) != 0)
			continue;
		report_error(report, place, 1, "%s", contexts[i].message);
		return true;
	}
	return false;
}

static bool report_translation(const yaml_parser_t *parser,
	const struct document *document, struct place place, struct report *report)
{
	unsigned int begin = (unsigned int)parser->context_mark.line + 1;

	for (size_t i = 0; i < LENGTH(translations); i++) {
		if (strcmp(parser->problem, translations[i].problem) != 0)
			continue;
		if (translations[i].flags & AT_CONTEXT)
			place = place_of(document, &parser->context_mark);
		if (translations[i].flags & SAYS_BEGIN)
			report_error(report, place, 1, "%s that begins on line %u",
				translations[i].message, begin);
		else
			report_error(report, place, 1, "%s", translations[i].message);
		return true;
	}
	return false;
}

void syntax_report(const yaml_parser_t *parser, const struct document *document,
	struct report *report)
{
	struct place place = place_of(document, &parser->problem_mark);

	if (parser->error == YAML_READER_ERROR)
		place = (struct place){ document->name, 1, 1 };
	if (report_tab(document, place, report) ||
		report_context(parser, place, report) ||
		report_translation(parser, document, place, report))
		return;
	report_error(report, place, 1, "no YAML: %s", parser->problem);
}
