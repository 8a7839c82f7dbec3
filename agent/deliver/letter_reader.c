/* SPDX-License-Identifier: Apache-2.0 */
#include "letter_reader.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/hex.h"
#include "base/text.h"
#include "encode/letter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void forget(void *context, void *made)
{
	(void)context;
	free(made);
}

/* The digits: what stands last in the line, "frame":"...". Empty where it does not. */
static struct slice find_digits(struct slice line)
{
	static const char before[] = ",\"frame\":\"", behind[] = "\"}";
	size_t n_before = strlen(before), n_behind = strlen(behind), n = line.n;
	const char *at;

	if (n < n_before + n_behind ||
		memcmp(line.at + n - n_behind, behind, n_behind) != 0)
		return (struct slice){ line.at, 0 };
	n -= n_behind;
	at = memrchr(line.at, '"', n);
	if (!at || at + 1 - line.at < (ptrdiff_t)n_before ||
		memcmp(at + 1 - n_before, before, n_before) != 0)
		return (struct slice){ line.at, 0 };
	at++;
	return (struct slice){ at, (size_t)(line.at + n - at) };
}

/* The content of the frame, borrowed from the reader; -EBADMSG: its checksum is wrong. */
static int read_frame(
	struct letter_reader *reader, struct slice digits, struct slice *ret_content)
{
	struct buffer *frame = &reader->frame;
	size_t n;
	int r;

	buffer_clear(frame);
	r = hex_read(digits.at, digits.n, frame);
	if (r < 0)
		return r == -ENOMEM ? r : -EBADMSG;
	if (frame->size < LETTER_FRAME_HEAD + LETTER_FRAME_TAIL)
		return -EBADMSG;
	n = frame->size - LETTER_FRAME_TAIL;
	if (crc32c(0, frame->data, n) != get_u32(frame->data + n))
		return -EBADMSG;
	reader->observed_ns = (int64_t)get_u64(frame->data);
	*ret_content = (struct slice){ (const char *)frame->data + LETTER_FRAME_HEAD,
		n - LETTER_FRAME_HEAD };
	return 0;
}

static int read_record(struct letter_reader *reader, const struct frame_view *view)
{
	struct record_reader records;

	reader->source = dictionary_source(&reader->dictionary, view->source);
	reader->series = NULL;
	record_reader_begin(&records, view);
	if (!reader->source || record_reader_left(&records) != 1 ||
		!record_reader_next(&records, &reader->record))
		return -EBADMSG;
	if (!reader->record.is_event)
		reader->series =
			known_source_series(reader->source, reader->record.sample.series);
	return reader->record.is_event || reader->series ? 0 : -EBADMSG;
}

int letter_read(struct letter_reader *reader, const struct letter *letter)
{
	struct frame_view view;
	struct slice content;
	int r = read_frame(reader, find_digits(letter->line), &content);

	reader->dictionary.forget = forget;
	dictionary_clear(&reader->dictionary);
	if (r == 0)
		r = frame_unpack(content.at, content.n, &view);
	if (r < 0)
		return r;
	r = dictionary_learn(&reader->dictionary, &view);
	return r < 0 ? r : read_record(reader, &view);
}

int letter_encode(
	struct letter_reader *reader, struct encoder *encoder, struct buffer *to)
{
	int r;

	if (reader->record.is_event && !encoder_takes_events(encoder))
		return 0;
	if (reader->record.is_event)
		r = encoder_add_event(encoder, to, reader->source, &reader->record.event,
			reader->observed_ns);
	else
		r = encoder_add_sample(encoder, to, reader->source, reader->series,
			&reader->record.sample, reader->observed_ns);
	return r < 0 ? r : 1;
}

void letter_reader_finish(struct letter_reader *reader)
{
	dictionary_clear(&reader->dictionary);
	buffer_finish(&reader->frame);
}
