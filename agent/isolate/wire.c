/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include "base/arena.h"
#include "model/transfer.h"

#include <errno.h>
#include <limits.h>

#define MAX_PATHS 4096

size_t wire_begin(struct buffer *to, enum wire_type type)
{
	size_t begin = to->size;
	uint8_t *room = buffer_reserve(to, WIRE_HEADER_SIZE);

	if (room) {
		room[4] = (uint8_t)type;
		buffer_advance(to, WIRE_HEADER_SIZE);
	}
	return begin;
}

void wire_end(struct buffer *to, size_t begin)
{
	if (!buffer_failed(to))
		put_u32(to->data + begin,
			(uint32_t)(to->size - begin - WIRE_HEADER_SIZE));
}

void wire_number(struct buffer *to, enum wire_type type, uint32_t number)
{
	size_t begin = wire_begin(to, type);

	pack_unsigned(to, number);
	wire_end(to, begin);
}

int wire_next(
	const uint8_t *bytes, size_t n, struct wire_frame *ret_frame, size_t *ret_size)
{
	size_t content;

	*ret_size = 0;
	if (n < WIRE_HEADER_SIZE)
		return 0;
	content = get_u32(bytes);
	if (content > WIRE_MAX_FRAME || bytes[4] == WIRE_NOTHING ||
		bytes[4] >= WIRE_TYPES)
		return -EBADMSG;
	*ret_size = WIRE_HEADER_SIZE + content;
	if (n < *ret_size)
		return 0;
	ret_frame->type = (enum wire_type)bytes[4];
	ret_frame->content = unpack_start(bytes + WIRE_HEADER_SIZE, content);
	return 1;
}

/* ---- contents ---------------------------------------------------------- */

void wire_put_hello(struct buffer *to, const struct wire_hello *hello)
{
	size_t begin = wire_begin(to, WIRE_HELLO);

	pack_unsigned(to, hello->version);
	pack_unsigned(to, hello->log_level);
	pack_text(to, hello->plugin);
	pack_text(to, hello->path);
	pack_unsigned(to, hello->needs);
	pack_unsigned(to, hello->n_paths);
	for (size_t i = 0; i < hello->n_paths; i++) {
		pack_text(to, hello->paths[i].path);
		buffer_append_byte(to, hello->paths[i].write);
	}
	list_pack(to, &hello->hidden);
	pack_optional(to, hello->state_folder);
	wire_end(to, begin);
}

void wire_get_hello(
	struct unpack *from, struct arena *arena, struct wire_hello *ret_hello)
{
	struct sandbox_path *paths;
	size_t n;

	ret_hello->version = (uint32_t)unpack_up_to(from, UINT32_MAX);
	ret_hello->log_level = (uint32_t)unpack_up_to(from, UINT32_MAX);
	ret_hello->plugin = unpack_text(from, arena, NAME_MAX);
	ret_hello->path = unpack_text(from, arena, PATH_MAX);
	ret_hello->needs = (uint32_t)unpack_up_to(from, UINT32_MAX);
	n = (size_t)unpack_up_to(from, MAX_PATHS);
	paths = arena_take(arena, (n + 1) * sizeof(*paths));
	from->failed |= paths == NULL;
	for (size_t i = 0; i < n && !from->failed; i++) {
		paths[i].path = unpack_text(from, arena, PATH_MAX);
		paths[i].write = unpack_byte(from) != 0;
	}
	ret_hello->paths = paths;
	ret_hello->n_paths = n;
	list_unpack(from, arena, &ret_hello->hidden);
	ret_hello->state_folder = unpack_optional(from, arena, PATH_MAX);
}

void wire_put_request(
	struct buffer *to, uint32_t number, const struct rk_request *request)
{
	size_t begin = wire_begin(to, WIRE_COLLECT);

	pack_unsigned(to, number);
	pack_unsigned(to, request->flags);
	pack_signed(to, request->scheduled_ns);
	pack_signed(to, request->from_ns);
	pack_signed(to, request->to_ns);
	pack_signed(to, request->timeout_ns);
	wire_end(to, begin);
}

void wire_get_request(struct unpack *from, struct rk_request *ret_request)
{
	*ret_request = (struct rk_request){
		.size = sizeof(*ret_request),
		.flags = (uint32_t)unpack_up_to(from, UINT32_MAX),
	};
	ret_request->scheduled_ns = unpack_signed(from);
	ret_request->from_ns = unpack_signed(from);
	ret_request->to_ns = unpack_signed(from);
	ret_request->timeout_ns = unpack_signed(from);
}
