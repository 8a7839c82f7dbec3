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

/* The body's first line, as far as it can be shown. */
static void append_body(struct buffer *why, const struct http_answer *answer)
{
	size_t n = 0;

	while (n < answer->size && (unsigned char)answer->begin[n] >= ' ' &&
		answer->begin[n] != 0x7f)
		n++;
	if (n > 0)
		buffer_append_format(why, ": %.*s", (int)n, answer->begin);
}

/* Whether a store refuses samples that it has already or that are too old, and how many;
 * InfluxDB alone says that, as "dropped=3". */
static bool is_outdated(const struct http_answer *answer, uint32_t *ret_n)
{
	static const char dropped[] = "dropped=";
	char text[HTTP_ANSWER_KEPT + 1];
	const char *at;
	bool found = false;

	memcpy(text, answer->begin, answer->size);
	text[answer->size] = '\0';
	at = strstr(text, dropped);
	for (const char *const *says = answer->outdated; says && *says; says++)
		found |= strstr(text, *says) != NULL;
	*ret_n = UINT32_MAX;
	if (at)
		*ret_n = (uint32_t)MIN(
			strtoul(at + sizeof(dropped) - 1, NULL, 10), UINT32_MAX);
	return found;
}

void http_answer_read(const struct http_answer *answer, struct buffer *why,
	struct sink_answer *ret_answer)
{
	const struct meaning *meaning = meaning_of(answer->status);
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
