/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The little of the D-Bus wire format that asking systemd for its units takes:
 * writing a call without arguments, and reading an answer.
 * https://dbus.freedesktop.org/doc/dbus-specification.html
 *
 * A library that speaks all of it is a dozen times this plugin, and missing on
 * machines without systemd, where the other parts shall still load.
 */
#ifndef SYSTEM_HEALTH_DBUS_WIRE_H
#define SYSTEM_HEALTH_DBUS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dbus_call {
	const char *destination, *path, *interface, *member;
};

/* Room that any call of this plugin needs. */
enum { DBUS_CALL_SIZE = 512 };

/* Writes a call that starts no service. Returns its size, 0 where it does not fit. */
size_t dbus_write_call(
	char to[DBUS_CALL_SIZE], const struct dbus_call *call, uint32_t serial);

/* What is left of a message or of an array in it. Texts that are read from it end
 * with a NUL and live as long as the message. */
struct dbus_reader {
	const unsigned char *start; /* of the message: values are aligned to it */
	const unsigned char *at, *end;
	bool big_endian;
};

/* Each reads one value; false where the bytes are none. */
bool dbus_read_u32(struct dbus_reader *reader, uint32_t *ret_value);
bool dbus_read_text(struct dbus_reader *reader, const char **ret_text);

/* An array whose items begin at a multiple of alignment. */
bool dbus_read_array(
	struct dbus_reader *reader, size_t alignment, struct dbus_reader *ret_items);

/* Skips to where a struct begins. */
bool dbus_read_struct(struct dbus_reader *reader);

enum dbus_type { DBUS_CALL = 1, DBUS_RETURN = 2, DBUS_ERROR = 3, DBUS_SIGNAL = 4 };

enum { DBUS_FIXED_HEADER = 16 };

/* The size of a whole message, told from its first 16 bytes; 0 where they are no
 * header of a message. */
uint64_t dbus_message_size(const unsigned char header[DBUS_FIXED_HEADER]);

struct dbus_message {
	enum dbus_type type;
	uint32_t reply_serial;  /* 0: none */
	const char *error_name; /* NULL: none */
	const char *signature;  /* of the body; "": it has none */
	struct dbus_reader body;
};

/* False where the bytes are no message. */
bool dbus_message_parse(const char *bytes, size_t size, struct dbus_message *ret_message);

#endif
