/* SPDX-License-Identifier: Apache-2.0 */
#include "showq.h"

#include "scan.h"

#include <string.h>

/* What the service is asked for, in the order in which it lists them. */
const char *const showq_queue_names[SHOWQ_QUEUES] = { "maildrop", "active", "incoming",
	"deferred", "hold" };

enum { KNOWN_QUEUE = 1, KNOWN_TIME = 2, KNOWN_SIZE = 4, KNOWN_PROTOCOL = 8 };

enum { KNOWN_MESSAGE = KNOWN_QUEUE | KNOWN_TIME | KNOWN_SIZE };

static size_t queue_index(const char *name)
{
	size_t i = 0;

	while (i < SHOWQ_QUEUES && strcmp(name, showq_queue_names[i]) != 0)
		i++;
	return i;
}

static bool number(const char *text, uint64_t *ret_value)
{
	struct scan scan = scan_of(text, strlen(text));

	return scan_unsigned(&scan, ret_value) && scan_left(&scan) == 0;
}

/* A value ended whose name is one that counts. */
static bool take_value(struct showq *showq)
{
	unsigned int known = 0;
	bool taken = true;

	if (strcmp(showq->name, "queue_name") == 0) {
		known = KNOWN_QUEUE;
		showq->queue = queue_index(showq->value);
	} else if (strcmp(showq->name, "time") == 0) {
		known = KNOWN_TIME;
		taken = number(showq->value, &showq->time_s) &&
			showq->time_s <= INT64_MAX;
	} else if (strcmp(showq->name, "size") == 0) {
		known = KNOWN_SIZE;
		taken = number(showq->value, &showq->bytes);
	} else {
		known = KNOWN_PROTOCOL;
	}
	showq->known |= known;
	return taken;
}

static bool is_wanted(const char *name)
{
	return strcmp(name, "queue_name") == 0 || strcmp(name, "time") == 0 ||
	       strcmp(name, "size") == 0 || strcmp(name, "protocol") == 0;
}

/* An empty name was read: a record ends, or the whole answer. */
static enum showq_result end_record(struct showq *showq)
{
	if (showq->pairs == 0)
		return SHOWQ_END;
	if (showq->known == KNOWN_MESSAGE) {
		showq->messages++;
		/* A queue that Postfix has not got yet is nobody's. */
		if (showq->queue < SHOWQ_QUEUES)
			mail_queue_add(&showq->queues[showq->queue], showq->bytes,
				(int64_t)showq->time_s);
	} else if (showq->known != KNOWN_PROTOCOL || showq->messages > 0) {
		return SHOWQ_BROKEN;
	}
	showq->pairs = 0;
	showq->known = 0;
	return SHOWQ_MORE;
}

static enum showq_result end_name(struct showq *showq)
{
	if (showq->size == 0)
		return end_record(showq);
	showq->name[showq->size] = '\0';
	showq->wanted = is_wanted(showq->name);
	showq->in_value = true;
	showq->size = 0;
	return SHOWQ_MORE;
}

static enum showq_result end_value(struct showq *showq)
{
	showq->value[showq->size] = '\0';
	if (showq->wanted && !take_value(showq))
		return SHOWQ_BROKEN;
	showq->pairs++;
	showq->in_value = false;
	showq->size = 0;
	return SHOWQ_MORE;
}

/* Names are lower case; anything else is some other protocol. */
static bool fits_name(char byte)
{
	return (byte >= 'a' && byte <= 'z') || byte == '_';
}

static enum showq_result feed_byte(struct showq *showq, char byte)
{
	if (byte == '\0')
		return showq->in_value ? end_value(showq) : end_name(showq);
	if (showq->size == SHOWQ_TEXT_SIZE - 1 || (!showq->in_value && !fits_name(byte)))
		return SHOWQ_BROKEN;
	(showq->in_value ? showq->value : showq->name)[showq->size++] = byte;
	return SHOWQ_MORE;
}

/* How many of the bytes belong to a value that nobody wants; most of them do. */
static size_t skip_value(const struct showq *showq, const char *bytes, size_t n)
{
	const char *value_end;

	if (!showq->in_value || showq->wanted)
		return 0;
	value_end = memchr(bytes, '\0', n);
	return value_end ? (size_t)(value_end - bytes) : n;
}

enum showq_result showq_feed(struct showq *showq, const char *bytes, size_t n)
{
	size_t at = 0;

	while ((at += skip_value(showq, bytes + at, n - at)) < n) {
		enum showq_result result = feed_byte(showq, bytes[at++]);

		/* Nothing follows the end. */
		if (result == SHOWQ_END && at < n)
			return SHOWQ_BROKEN;
		if (result != SHOWQ_MORE)
			return result;
	}
	return SHOWQ_MORE;
}
