/* SPDX-License-Identifier: Apache-2.0 */
#include "http_basic.h"

#include "wipe.h"

#include <errno.h>
#include <openssl/evp.h>

int http_basic_write(const char *user, const char *password, struct buffer *to)
{
	struct buffer plain = { 0 };
	uint8_t *room;

	wipe_append_text(&plain, user);
	wipe_append_text(&plain, ":");
	wipe_append_text(&plain, password);
	wipe_append_text(to, "Basic ");
	wipe_reserve(to, 4 * (plain.size / 3 + 1) + 1);
	room = buffer_failed(&plain) ? NULL
				     : buffer_reserve(to, 4 * (plain.size / 3 + 1) + 1);
	if (room)
		buffer_advance(
			to, (size_t)EVP_EncodeBlock(room, plain.data, (int)plain.size));
	wipe_buffer(&plain);
	return room && buffer_text(to) ? 0 : -ENOMEM;
}
