/* SPDX-License-Identifier: Apache-2.0 */
/* The record of a dead letter, as it was collected: from the frame that its line keeps
 * (encode/letter.h). */
#ifndef DELIVER_LETTER_READER_H
#define DELIVER_LETTER_READER_H

#include "base/buffer.h"
#include "encode/encoder.h"
#include "letters.h"
#include "model/record.h"

/* A zeroed struct is ready for use. */
struct letter_reader {
	struct buffer frame;
	struct dictionary dictionary;
	/* The record that was read last: */
	int64_t observed_ns;
	struct record record;
	struct known_source *source;
	struct known_series *series; /* NULL: of an event */
};

/* Reads one. 0; -EBADMSG: the line is damaged or keeps no frame; -ENOMEM. What was read
 * before is gone. */
int letter_read(struct letter_reader *reader, const struct letter *letter);

/* Encodes what was read last. 1; 0: the format has no place for it; -ENOMEM. */
int letter_encode(
	struct letter_reader *reader, struct encoder *encoder, struct buffer *to);

void letter_reader_finish(struct letter_reader *reader);

#endif
