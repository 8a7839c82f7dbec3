/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that held secrets is overwritten before it is given back. */
#ifndef NET_WIPE_H
#define NET_WIPE_H

#include "base/buffer.h"

struct curl_slist;

/* Overwrites and frees what it holds. */
void wipe_buffer(struct buffer *buffer);

/* Makes room for n more bytes; where the memory moves, the old is overwritten. A failure
 * sticks to the buffer. */
void wipe_reserve(struct buffer *buffer, size_t n);

void wipe_append_text(struct buffer *buffer, const char *text);

/* Accept NULL. */
void wipe_text(char *text);
void wipe_list(struct curl_slist *list);

#endif
