/* SPDX-License-Identifier: Apache-2.0 */
#include "dbus_wire.h"

#include <string.h>

/* Header fields, and flags. */
enum {
	FIELD_PATH = 1,
	FIELD_INTERFACE = 2,
	FIELD_MEMBER = 3,
	FIELD_ERROR_NAME = 4,
	FIELD_REPLY_SERIAL = 5,
	FIELD_DESTINATION = 6,
	FIELD_SIGNATURE = 8,
	NO_AUTO_START = 0x2,
};

enum { PROTOCOL_VERSION = 1, STRUCT_ALIGNMENT = 8 };

struct writer {
	char *to;
	size_t n;
	bool full;
};

static void write_bytes(struct writer *writer, const void *bytes, size_t n)
{
	if (writer->full || DBUS_CALL_SIZE - writer->n < n) {
		writer->full = true;
		return;
	}
	memcpy(writer->to + writer->n, bytes, n);
	writer->n += n;
}

static void write_byte(struct writer *writer, unsigned int byte)
{
	unsigned char value = (unsigned char)byte;

	write_bytes(writer, &value, 1);
}

static void write_u32(struct writer *writer, uint32_t value)
{
	for (unsigned int i = 0; i < 4; i++)
		write_byte(writer, value >> (8 * i) & 0xff);
}

static void write_alignment(struct writer *writer, size_t alignment)
{
	while (writer->n % alignment != 0 && !writer->full)
		write_byte(writer, 0);
}

/* One header field: its number and a variant that holds a text. */
static void write_field(
	struct writer *writer, unsigned int field, char type, const char *text)
{
	write_alignment(writer, STRUCT_ALIGNMENT);
	write_byte(writer, field);
	write_bytes(writer, (const char[]){ 1, type, '\0' }, 3);
	write_u32(writer, (uint32_t)strlen(text));
	write_bytes(writer, text, strlen(text) + 1);
}

size_t dbus_write_call(
	char to[DBUS_CALL_SIZE], const struct dbus_call *call, uint32_t serial)
{
	struct writer writer = { .to = to };
	struct writer size = { .to = to };
	const size_t fields_at = 16;

	write_bytes(&writer,
		(const char[]){ 'l', DBUS_CALL, NO_AUTO_START, PROTOCOL_VERSION }, 4);
	write_u32(&writer, 0); /* no body */
	write_u32(&writer, serial);
	write_u32(&writer, 0); /* the size of the fields, filled in below */
	write_field(&writer, FIELD_PATH, 'o', call->path);
	write_field(&writer, FIELD_INTERFACE, 's', call->interface);
	write_field(&writer, FIELD_MEMBER, 's', call->member);
	write_field(&writer, FIELD_DESTINATION, 's', call->destination);
	size.n = fields_at - 4;
	write_u32(&size, (uint32_t)(writer.n - fields_at));
	write_alignment(&writer, STRUCT_ALIGNMENT);
	return writer.full ? 0 : writer.n;
}

static size_t left(const struct dbus_reader *reader)
{
	return (size_t)(reader->end - reader->at);
}

static bool skip_alignment(struct dbus_reader *reader, size_t alignment)
{
	size_t over = (size_t)(reader->at - reader->start) % alignment;
	size_t skip = over > 0 ? alignment - over : 0;

	if (left(reader) < skip)
		return false;
	reader->at += skip;
	return true;
}

static uint32_t get_u32(const unsigned char *at, bool big_endian)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < 4; i++)
		value |= (uint32_t)at[i] << 8 * (big_endian ? 3 - i : i);
	return value;
}

static bool read_byte(struct dbus_reader *reader, unsigned char *ret_byte)
{
	if (left(reader) == 0)
		return false;
	*ret_byte = *reader->at++;
	return true;
}

bool dbus_read_u32(struct dbus_reader *reader, uint32_t *ret_value)
{
	if (!skip_alignment(reader, 4) || left(reader) < 4)
		return false;
	*ret_value = get_u32(reader->at, reader->big_endian);
	reader->at += 4;
	return true;
}

/* size bytes without a NUL, and one behind them. */
static bool read_text(struct dbus_reader *reader, size_t size, const char **ret_text)
{
	const char *text = (const char *)reader->at;

	if (left(reader) < size + 1 || memchr(text, '\0', size + 1) != text + size)
		return false;
	reader->at += size + 1;
	*ret_text = text;
	return true;
}

bool dbus_read_text(struct dbus_reader *reader, const char **ret_text)
{
	uint32_t size;

	return dbus_read_u32(reader, &size) && read_text(reader, size, ret_text);
}

static bool read_signature(struct dbus_reader *reader, const char **ret_text)
{
	unsigned char size;

	return read_byte(reader, &size) && read_text(reader, size, ret_text);
}

bool dbus_read_array(
	struct dbus_reader *reader, size_t alignment, struct dbus_reader *ret_items)
{
	uint32_t size;

	if (!dbus_read_u32(reader, &size) || !skip_alignment(reader, alignment) ||
		left(reader) < size)
		return false;
	*ret_items = *reader;
	ret_items->end = reader->at + size;
	reader->at += size;
	return true;
}

bool dbus_read_struct(struct dbus_reader *reader)
{
	return skip_alignment(reader, STRUCT_ALIGNMENT);
}

uint64_t dbus_message_size(const unsigned char header[DBUS_FIXED_HEADER])
{
	bool big_endian = header[0] == 'B';
	uint64_t fields;

	if ((header[0] != 'l' && !big_endian) || header[3] != PROTOCOL_VERSION)
		return 0;
	fields = get_u32(header + 12, big_endian);
	fields = (fields + STRUCT_ALIGNMENT - 1) / STRUCT_ALIGNMENT * STRUCT_ALIGNMENT;
	return DBUS_FIXED_HEADER + fields + get_u32(header + 4, big_endian);
}

/* Reads one field's variant. The types that fields have: texts, a number, a
 * signature. */
static bool read_field(
	struct dbus_reader *fields, unsigned char field, struct dbus_message *message)
{
	const char *type, *text = NULL;
	uint32_t number = 0;
	bool done;

	if (!read_signature(fields, &type))
		return false;
	if (strcmp(type, "u") == 0)
		done = dbus_read_u32(fields, &number);
	else if (strcmp(type, "g") == 0)
		done = read_signature(fields, &text);
	else if (strcmp(type, "s") == 0 || strcmp(type, "o") == 0)
		done = dbus_read_text(fields, &text);
	else
		return false;
	if (field == FIELD_REPLY_SERIAL)
		message->reply_serial = number;
	else if (field == FIELD_ERROR_NAME)
		message->error_name = text;
	else if (field == FIELD_SIGNATURE && text)
		message->signature = text;
	return done;
}

bool dbus_message_parse(const char *bytes, size_t size, struct dbus_message *ret_message)
{
	const unsigned char *start = (const unsigned char *)bytes;
	struct dbus_message message = { .signature = "" };
	struct dbus_reader reader, fields;
	unsigned char field;

	if (size < DBUS_FIXED_HEADER || dbus_message_size(start) != size)
		return false;
	reader = (struct dbus_reader){ start, start + DBUS_FIXED_HEADER - 4, start + size,
		start[0] == 'B' };
	message.type = (enum dbus_type)start[1];
	if (!dbus_read_array(&reader, STRUCT_ALIGNMENT, &fields))
		return false;
	while (fields.at < fields.end) {
		if (!dbus_read_struct(&fields) || !read_byte(&fields, &field) ||
			!read_field(&fields, field, &message))
			return false;
	}
	if (!skip_alignment(&reader, STRUCT_ALIGNMENT))
		return false;
	message.body = reader;
	*ret_message = message;
	return true;
}
