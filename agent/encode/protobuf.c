/* SPDX-License-Identifier: Apache-2.0 */
#include "protobuf.h"

#include "base/utf8.h"

void protobuf_append_text(struct buffer *to, int field, struct slice text)
{
	size_t begin = to->size;

	if (text.n > 0 && utf8_valid_prefix(text.at, text.n) < text.n) {
		utf8_append_repaired(to, text.at, text.n);
		protobuf_wrap(to, field, begin);
		return;
	}
	protobuf_append_head(to, field, text.n);
	buffer_append(to, text.at, text.n);
}

void protobuf_wrap(struct buffer *to, int field, size_t begin)
{
	size_t n = to->size - begin, head = protobuf_head_size(n);

	if (!buffer_reserve(to, head))
		return;
	memmove(to->data + begin + head, to->data + begin, n);
	protobuf_put_head(to->data + begin, field, n);
	buffer_advance(to, head);
}

void protobuf_wrap_two(
	struct buffer *to, int outer, int inner, size_t begin, size_t head_size)
{
	size_t n = to->size - begin - head_size;
	size_t between = protobuf_head_size(n);
	size_t front = protobuf_head_size(head_size + between + n);
	uint8_t *at;

	if (!buffer_reserve(to, front + between))
		return;
	at = to->data + begin;
	memmove(at + front + head_size + between, at + head_size, n);
	memmove(at + front, at, head_size);
	at = protobuf_put_head(at, outer, head_size + between + n);
	protobuf_put_head(at + head_size, inner, n);
	buffer_advance(to, front + between);
}
