/* SPDX-License-Identifier: Apache-2.0 */
/* Buffers that a secret went through. They are given their room before anything
 * is read into them: a buffer that grows leaves what it held in freed memory. */
#ifndef CONFIG_WIPE_H
#define CONFIG_WIPE_H

#include "base/buffer.h"

/* What file_read needs so as not to grow the buffer: its step beyond the limit. */
#define WIPE_READ_SIZE(limit) ((limit) + 2 * (size_t)16384)

static inline void buffer_wipe(struct buffer *buffer)
{
	if (buffer->data)
		explicit_bzero(buffer->data, buffer->capacity);
	buffer_finish(buffer);
}

#endif
