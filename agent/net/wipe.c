/* SPDX-License-Identifier: Apache-2.0 */
#include "wipe.h"

#include "base/macros.h"

#include <curl/curl.h>
#include <stdlib.h>

void wipe_buffer(struct buffer *buffer)
{
	if (buffer->data)
		explicit_bzero(buffer->data, buffer->capacity);
	buffer_finish(buffer);
}

void wipe_reserve(struct buffer *buffer, size_t n)
{
	struct buffer larger = { .limit = buffer->limit };

	if (buffer->failed || buffer->capacity - buffer->size >= n)
		return;
	/* One more for the NUL of buffer_text. */
	if (!buffer_reserve(&larger, 2 * buffer->size + n + 1)) {
		buffer->failed = true;
		return;
	}
	buffer_append(&larger, buffer->data, buffer->size);
	wipe_buffer(buffer);
	*buffer = larger;
}

void wipe_append_text(struct buffer *buffer, const char *text)
{
	wipe_reserve(buffer, strlen(text) + 1);
	buffer_append_text(buffer, text);
}

void wipe_text(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}

void wipe_list(struct curl_slist *list)
{
	for (struct curl_slist *item = list; item; item = item->next)
		explicit_bzero(item->data, strlen(item->data));
	curl_slist_free_all(list);
}
