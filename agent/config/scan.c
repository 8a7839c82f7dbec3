/* SPDX-License-Identifier: Apache-2.0 */
#include "scan.h"

#include "document.h"
#include "report.h"

#include "base/macros.h"
#include "base/utf8.h"

#include <errno.h>
#include <string.h>

struct scan {
	const struct document *document;
	struct report *report;
	struct place place;
};

static int refuse(const struct scan *scan, const char *message)
{
	report_error(scan->report, scan->place, 1, "%s", message);
	return -EINVAL;
}

static int refuse_encoding(const struct scan *scan, const char *at, size_t n)
{
	/* A byte order mark of UTF-16 (RFC 2781, 3.2). */
	if (at == scan->document->text && n >= 2 &&
		(memcmp(at, "\xff\xfe", 2) == 0 || memcmp(at, "\xfe\xff", 2) == 0))
		return refuse(scan, "the file is UTF-16; save it as UTF-8");
	report_error(scan->report, scan->place, 1,
		"the byte 0x%02x is not UTF-8; save the file as UTF-8",
		(unsigned int)(unsigned char)*at);
	return -EINVAL;
}

/* Characters beyond ASCII that nobody sees, and that libyaml, other than editors,
 * takes as the end of a line, or skips. */
static int scan_long(const struct scan *scan, const char *at, size_t length)
{
	static const struct {
		const char *bytes, *message;
	} invisible[] = {
		{ "\xe2\x80\xa8", "the line separator U+2028 is invisible; remove it" },
		{ "\xe2\x80\xa9", "the paragraph separator U+2029 is invisible; remove "
				  "it" },
		{ "\xef\xbb\xbf",
			"a byte order mark in the middle of a file; remove it" },
		{ "\xef\xbf\xbe", "U+FFFE is no character; remove it" },
		{ "\xef\xbf\xbf", "U+FFFF is no character; remove it" },
	};

	if (length == 2 && at[0] == '\xc2' && (unsigned char)at[1] < 0xa0) {
		report_error(scan->report, scan->place, 1,
			"the control character U+%04X is invisible; remove it",
			(unsigned int)(unsigned char)at[1]);
		return -EINVAL;
	}
	for (size_t i = 0; length == 3 && i < LENGTH(invisible); i++) {
		if (memcmp(at, invisible[i].bytes, 3) == 0)
			return refuse(scan, invisible[i].message);
	}
	return 0;
}

static int scan_ascii(const struct scan *scan, const char *at, size_t n)
{
	unsigned char c = (unsigned char)*at;
	bool ends_line = c == '\n' || (c == '\r' && n > 1 && at[1] == '\n');

	/* libyaml compares each %TAG with all before it, and tags mean nothing to
	 * us. */
	if (c == '%' && scan->place.column == 1 && n >= 4 && memcmp(at, "%TAG", 4) == 0)
		return refuse(scan, "the directive %TAG means nothing here; remove it");
	if (ends_line || c == '\t' || (c >= ' ' && c != 0x7f))
		return 0;
	report_error(scan->report, scan->place, 1,
		"the control character U+%04X is invisible; remove it, or write it as "
		"\"\\x%02x\" in double quotes",
		(unsigned int)c, (unsigned int)c);
	return -EINVAL;
}

int scan_text(const struct document *document, struct report *report)
{
	struct scan scan = { document, report, { document->name, 1, 1 } };
	const char *at = document->text;
	const char *end = at + document->size;

	while (at < end) {
		size_t n = (size_t)(end - at), length = utf8_length(at, n);
		int r = length == 0   ? refuse_encoding(&scan, at, n)
			: length == 1 ? scan_ascii(&scan, at, n)
				      : scan_long(&scan, at, length);

		if (r < 0)
			return r;
		scan.place.column++;
		if (*at == '\n') {
			scan.place.line++;
			scan.place.column = 1;
		}
		at += length;
	}
	return 0;
}
