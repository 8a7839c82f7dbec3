/* SPDX-License-Identifier: Apache-2.0 */
#include "syslog_frame.h"

#include "base/macros.h"
#include "encode/rfc5424.h"

#include <errno.h>

/* ---- walking ------------------------------------------------------------ */

struct walk {
	const char *at, *end;
	const char *message;
	size_t size;
};

static struct walk begin_walk(const struct buffer *from)
{
	const char *at = (const char *)from->data;

	return (struct walk){ .at = at, .end = at + from->size };
}

static bool next(struct walk *walk)
{
	walk->message = walk->at < walk->end
				? rfc5424_next(&walk->at, walk->end, &walk->size)
				: NULL;
	return walk->message;
}

static int result_of(const struct walk *walk, const struct buffer *to)
{
	if (walk->at < walk->end)
		return -EBADMSG;
	return buffer_failed(to) ? -ENOMEM : 0;
}

int syslog_frame_lines(const struct buffer *from, struct buffer *to)
{
	struct walk walk = begin_walk(from);

	buffer_clear(to);
	while (next(&walk)) {
		buffer_append(to, walk.message, walk.size);
		buffer_append_byte(to, '\n');
	}
	return result_of(&walk, to);
}

bool syslog_frame_has_longer(const struct buffer *from, size_t most)
{
	struct walk walk = begin_walk(from);
	bool longer = false;

	while (!longer && next(&walk))
		longer = walk.size > most;
	return longer;
}

/* ---- shortening --------------------------------------------------------- */

/* Behind the blank that ends the n-th field. */
static const char *skip_fields(const char *at, const char *end, int n)
{
	while (n > 0 && at < end) {
		if (*at++ == ' ')
			n--;
	}
	return at;
}

/* Behind the structured data, which begins at at. */
static const char *skip_data(const char *at, const char *end)
{
	bool quoted = false;

	for (; at < end; at++) {
		if (quoted && *at == '\\')
			at++;
		else if (*at == '"')
			quoted = !quoted;
		else if (!quoted && *at == ' ' && at[-1] == ']')
			return at;
	}
	return end;
}

/* What of a text fits without cutting a character apart. */
static size_t fitting(const char *text, size_t n, size_t most)
{
	if (n <= most)
		return n;
	while (most > 0 && ((unsigned char)text[most] & 0xc0) == 0x80)
		most--;
	return most;
}

static void append_counted(struct buffer *to, const char *bytes, size_t n)
{
	buffer_append_format(to, "%zu ", n);
	buffer_append(to, bytes, n);
}

static void append_short(struct buffer *to, const struct walk *walk, size_t most)
{
	const char *message = walk->message, *end = message + walk->size;
	/* PRI and version, time, host, app, process, message id. */
	const char *data = skip_fields(message, end, 6), *behind = skip_data(data, end);
	const char *text = behind < end ? behind + 1 : end;
	size_t head = (size_t)(data - message), room, n;

	if ((size_t)(behind - message) <= most) {
		append_counted(to, message, (size_t)(behind - message));
		return;
	}
	room = most > head + 2 ? most - head - 2 : 0;
	n = fitting(text, (size_t)(end - text), room);
	buffer_append_format(to, "%zu ", head + 2 + n);
	buffer_append(to, message, head);
	buffer_append_text(to, "- ");
	buffer_append(to, text, n);
}

int syslog_frame_fit(
	const struct buffer *from, size_t most, struct buffer *to, uint64_t *ret_n)
{
	struct walk walk = begin_walk(from);
	uint64_t n = 0;

	buffer_clear(to);
	while (next(&walk)) {
		if (walk.size > most) {
			append_short(to, &walk, most);
			n++;
		} else {
			append_counted(to, walk.message, walk.size);
		}
	}
	*ret_n = n;
	return result_of(&walk, to);
}
