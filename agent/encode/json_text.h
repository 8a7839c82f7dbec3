/* SPDX-License-Identifier: Apache-2.0 */
/* Texts as JSON strings (RFC 8259, section 7). */
#ifndef ENCODE_JSON_TEXT_H
#define ENCODE_JSON_TEXT_H

#include "model/series.h"

/* Appends a quoted string; bytes that are no UTF-8 become U+FFFD. */
void json_append_text(struct buffer *to, struct slice text);

/* Appends an object of texts. */
void json_append_labels(struct buffer *to, const struct label *labels, size_t n);

#endif
