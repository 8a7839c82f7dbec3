/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Structured data of RFC 5424 (section 6.3): names and values.
 *
 * A parameter's name has at most 32 characters, and some receivers split it at
 * dots. So a label's name goes with '-' for '.', which no label's name has, behind
 * "l-", or behind "d-" where it is a detail of an event: none of our own names has
 * a '-'. A name that is too long goes into the value: l-0="the.long.name=value",
 * the next as l-1, and so on. No label's name begins with a digit or holds a '='.
 */
#ifndef ENCODE_STRUCTURED_DATA_H
#define ENCODE_STRUCTURED_DATA_H

#include "model/series.h"

#define PARAMETER_MAX_NAME 32

/* Appends the text with what a value must not hold escaped: '"', '\' and ']' behind
 * a '\', a blank for each control character, U+FFFD for what is no UTF-8. */
void structured_append_value(struct buffer *to, struct slice text);

/* Appends ' name="value"'; nothing where the value is empty. */
void structured_append(struct buffer *to, const char *name, struct slice value);

/* Appends labels (kind 'l') or details ('d'). */
void structured_append_labels(
	struct buffer *to, char kind, const struct label *labels, size_t n);

/* Appends the text as a field of the header: '?' for what is no printable ASCII, most
 * bytes at most, and '-' where nothing is there. */
void structured_append_field(struct buffer *to, struct slice text, size_t most);

/* Appends a text for people: a blank for each control character, valid UTF-8. */
void structured_append_sentence(struct buffer *to, struct slice text);

#endif
