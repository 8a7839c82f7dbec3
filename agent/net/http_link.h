/* SPDX-License-Identifier: Apache-2.0 */
/* The header Link (RFC 8288, section 3). */
#ifndef NET_HTTP_LINK_H
#define NET_HTTP_LINK_H

#include "base/buffer.h"

/* Writes the target of the first link with this relation, such as "next", as it stands.
 * 0; -ENOENT: there is none; -EINVAL: from a place before it on that is no list of links;
 * -ENOMEM. */
int http_link_find(const char *text, const char *relation, struct buffer *to);

#endif
