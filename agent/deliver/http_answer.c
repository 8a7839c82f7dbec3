/* SPDX-License-Identifier: Apache-2.0 */
#include "http_answer.h"

#include "base/clock.h"
#include "base/macros.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- as it comes ---------------------------------------------------------- */

size_t http_answer_on_body(const char *bytes, size_t one, size_t n, void *context)
{
	struct http_answer *answer = context;
	size_t room = sizeof(answer->begin) - answer->size, kept = MIN(n, room);

	(void)one;
	memcpy(answer->begin + answer->size, bytes, kept);
	answer->size += kept;
	answer->read += n;
	return answer->read <= HTTP_ANSWER_MOST ? n : 0;
}

/* An empty line ends them. */
size_t http_answer_on_header(const char *line, size_t one, size_t n, void *context)
{
	struct http_answer *answer = context;

	(void)one;
	answer->is_whole = n > 0 && (*line == '\r' || *line == '\n');
	return n;
}

/* ---- what it means ---------------------------------------------------------- */

/* From the first status to the last; the first line that fits counts. */
static const struct meaning {
	int first, last;
	enum sink_verdict verdict;
	bool is_locked_out; /* or wrong in another way that only a person mends */
} meanings[] = {
	{ 200, 299, SINK_TAKEN, false },
	{ 400, 400, SINK_REFUSED, false },
	{ 408, 408, SINK_FAILED, false },
	{ 413, 413, SINK_TOO_LARGE, false },
	{ 422, 422, SINK_REFUSED, false },
	{ 429, 429, SINK_FAILED, false },
	{ 500, 599, SINK_FAILED, false },
	{ 0, 999, SINK_FAILED, true },
};

static const struct meaning *meaning_of(int status)
{
	const struct meaning *meaning = meanings;

	while (status < meaning->first || status > meaning->last)
		meaning++;
	return meaning;
}

/* Where a text stands in what is kept of the body; NULL: nowhere. */
static const char *find(const struct http_answer *answer, const char *text)
{
	return memmem(answer->begin, answer->size, text, strlen(text));
}

/*
 * A server that is spoken to in the wrong way says 400 as well, before it has looked at
 * what is sent: nginx where it wants another certificate or HTTPS (error pages of 495 to
 * 497, ngx_http_special_response.c), Apache and Go where they want HTTPS.
 */
static bool is_of_the_connection(const struct http_answer *answer)
{
	static const char *const texts[] = {
		"400 No required SSL certificate was sent",
		"400 The SSL certificate error",
		"400 The plain HTTP request was sent to HTTPS port",
		"speaking plain HTTP to an SSL-enabled server port",
		"Client sent an HTTP request to an HTTPS server",
	};

	for (size_t i = 0; answer->status == 400 && i < LENGTH(texts); i++) {
		if (find(answer, texts[i]))
			return true;
	}
	return false;
}

/* The body's first line, or the title of a page, as far as it can be shown. */
static void append_body(struct buffer *why, const struct http_answer *answer)
{
	static const char title[] = "<title>";
	const char *found = find(answer, title);
	const char *begin = found ? found + strlen(title) : answer->begin;
	size_t n = 0, room = (size_t)(answer->begin + answer->size - begin);

	while (n < room && (unsigned char)begin[n] >= ' ' && begin[n] != 0x7f &&
		!(found && begin[n] == '<'))
		n++;
	if (n > 0)
		buffer_append_format(why, ": %.*s", (int)n, begin);
}

/* Whether a store refuses samples that it has already or that are too old, and how many;
 * InfluxDB alone says that, as "dropped=3". */
static bool is_outdated(const struct http_answer *answer, uint32_t *ret_n)
{
	static const char dropped[] = "dropped=";
	char text[HTTP_ANSWER_KEPT + 1];
	const char *at;
	bool found = false;

	*ret_n = UINT32_MAX;
	memcpy(text, answer->begin, answer->size);
	text[answer->size] = '\0';
	at = strstr(text, dropped);
	if (at)
		*ret_n = (uint32_t)MIN(
			strtoul(at + sizeof(dropped) - 1, NULL, 10), UINT32_MAX);
	/* Behind a quotation mark stands what we sent, which may say anything. */
	text[strcspn(text, "'")] = '\0';
	for (const char *const *says = answer->outdated; says && *says; says++)
		found |= strstr(text, *says) != NULL;
	return found;
}

void http_answer_read(const struct http_answer *answer, struct buffer *why,
	struct sink_answer *ret_answer)
{
	const struct meaning *meaning =
		meaning_of(is_of_the_connection(answer) ? 403 : answer->status);
	uint32_t n_outdated = 0;

	if (meaning->verdict == SINK_REFUSED && is_outdated(answer, &n_outdated))
		meaning = meaning_of(200);
	else
		n_outdated = 0;
	buffer_clear(why);
	buffer_append_format(why, "HTTP %d", answer->status);
	append_body(why, answer);
	*ret_answer = (struct sink_answer){
		.verdict = meaning->verdict,
		.error = meaning->verdict == SINK_TAKEN ? 0 : -EREMOTEIO,
		.status = answer->status,
		.why = buffer_text(why),
		.after_ns = MIN(answer->retry_after_s, HTTP_RETRY_AFTER_MOST_S) *
			    NS_PER_SECOND,
		.is_locked_out = meaning->is_locked_out,
		.n_outdated = n_outdated,
	};
}
