/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syslog messages rewritten for their way: the format makes octet counting (RFC 6587,
 * section 3.4.1), which streams carry as it is.
 */
#ifndef DELIVER_SYSLOG_FRAME_H
#define DELIVER_SYSLOG_FRAME_H

#include "base/buffer.h"

/* Non-transparent framing (section 3.4.2): each message and a newline. The format puts
 * no newline into a message. 0, -EBADMSG or -ENOMEM. */
int syslog_frame_lines(const struct buffer *from, struct buffer *to);

/* Whether a message is longer than most bytes. */
bool syslog_frame_has_longer(const struct buffer *from, size_t most);

/* The same messages, none longer than most: those that are go without MSG, or, where
 * their structured data alone is too long, without that and with what fits of MSG.
 * ret_n: how many. 0, -EBADMSG or -ENOMEM. */
int syslog_frame_fit(
	const struct buffer *from, size_t most, struct buffer *to, uint64_t *ret_n);

#endif
