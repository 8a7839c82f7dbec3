/* SPDX-License-Identifier: Apache-2.0 */
#include "codec.h"

#include "base/cleanup.h"

#include <errno.h>

/* "rookery.event.1" in little-endian order. */
static const struct hash_key event_hash_key = {
	{ UINT64_C(0x2e7972656b6f6f72), UINT64_C(0x00312e746e657665) },
};

void event_pack(struct buffer *to, const struct event_view *event)
{
	buffer_append_byte(to, (uint8_t)event->severity);
	buffer_append_byte(to, (uint8_t)event->phase);
	buffer_append_byte(to, event->follow_up);
	pack_signed(to, event->time_ns);
	pack_signed(to, event->start_ns);
	pack_slice(to, event->type);
	pack_slice(to, event->key);
	pack_slice(to, event->insight);
	pack_slice(to, event->action);
	labels_pack(to, event->labels, event->n_labels);
	labels_pack(to, event->details, event->n_details);
}

void event_unpack(struct unpack *from, struct event_view *ret_event)
{
	ret_event->severity = unpack_byte(from);
	ret_event->phase = unpack_byte(from);
	ret_event->follow_up = unpack_byte(from);
	ret_event->time_ns = unpack_signed(from);
	ret_event->start_ns = unpack_signed(from);
	ret_event->type = unpack_slice(from);
	ret_event->key = unpack_slice(from);
	ret_event->insight = unpack_slice(from);
	ret_event->action = unpack_slice(from);
	ret_event->n_labels = labels_unpack(from, ret_event->labels);
	ret_event->n_details = labels_unpack(from, ret_event->details);
	if (ret_event->severity > RK_HIGH || ret_event->phase > RK_END)
		from->failed = true;
}

int event_id(
	struct slice identity, const struct event_view *event, struct hash128 *ret_id)
{
	CLEANUP(buffer_finish) struct buffer message = { 0 };
	struct hash128 subject;

	pack_slice(&message, identity);
	pack_slice(&message, event->type);
	pack_slice(&message, event->key);
	buffer_append_byte(&message, (uint8_t)event->phase);
	labels_pack(&message, event->labels, event->n_labels);
	if (buffer_failed(&message))
		return -ENOMEM;
	subject = siphash128(&event_hash_key, message.data, message.size);
	*ret_id = sample_id(&subject, event->time_ns, event->start_ns);
	return 0;
}
