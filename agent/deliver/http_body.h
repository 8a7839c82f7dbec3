/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a batch becomes the body of a request. A batch's id belongs to its bytes before
 * they are packed, so that a packer may change from one release to the next.
 */
#ifndef DELIVER_HTTP_BODY_H
#define DELIVER_HTTP_BODY_H

#include "base/buffer.h"

struct http_packing {
	const char *coding; /* Content-Encoding (RFC 9110, 8.4.1); NULL: none */
	/* Replaces what is in the other buffer. 0 or -ENOMEM. Any thread. NULL: the
	 * bytes are the body. */
	int (*pack)(const struct buffer *from, struct buffer *to);
};

enum { HTTP_PACKING_NONE, HTTP_PACKING_GZIP, HTTP_PACKING_ZSTD, HTTP_PACKINGS };

extern const struct http_packing http_packings[HTTP_PACKINGS];
extern const char *const http_packing_names[]; /* as in `compress`; ends with NULL */

#endif
