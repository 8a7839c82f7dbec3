/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON array of the objects that ndjson has one a line. */
#ifndef ENCODE_JSON_H
#define ENCODE_JSON_H

#include "encoder.h"

extern const struct encoder_type encoder_json;

/* For formats that are arrays too. An array is begun, each item leaves one byte
 * behind it, and the last of these ends the array. */
void json_array_begin(struct encoder *encoder, struct buffer *to);
void json_array_next(struct buffer *to);
void json_array_finish(struct encoder *encoder, struct buffer *body);

#endif
