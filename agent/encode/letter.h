/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a dead letter keeps of a record: for people, the object that ndjson writes; for
 * sending it again in any format, the record as a frame of the journal has it
 * (model/frame.h), alone with the definitions that it needs, in hexadecimal digits:
 *
 *	"record":{"time":...},"frame":"..."
 *
 * The frame's bytes: observed (8), the frame's content, CRC32C of all before (4), the
 * numbers little-endian. No sink can choose this format.
 */
#ifndef ENCODE_LETTER_H
#define ENCODE_LETTER_H

#include "encoder.h"

#define LETTER_FRAME_HEAD 8
#define LETTER_FRAME_TAIL 4

extern const struct encoder_type encoder_letter;

#endif
