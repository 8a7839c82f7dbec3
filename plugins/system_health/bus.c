/* SPDX-License-Identifier: Apache-2.0 */
#include "bus.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
	/* A machine with ten thousand units answers with 3 MiB. */
	ANSWER_LIMIT = 16 * 1024 * 1024,
	ANSWER_FIRST = 64 * 1024,
	LINE_SIZE = 256,
};

void bus_close(struct bus *bus)
{
	channel_close(&bus->channel);
	bus->serial = 0;
}

/* Receives exactly n bytes. */
static int receive(struct channel *channel, char *to, size_t n)
{
	while (n > 0) {
		ssize_t received = channel_receive(channel, to, n);

		if (received < 0)
			return (int)received;
		if (received == 0)
			return -ECONNRESET;
		to += received;
		n -= (size_t)received;
	}
	return 0;
}

/* The server says one line: "OK" and its number, or that we are not welcome. What
 * follows it comes only after our BEGIN. */
static int receive_line(struct channel *channel, char line[LINE_SIZE])
{
	size_t n = 0;

	while (n < LINE_SIZE - 1) {
		int r = receive(channel, line + n, 1);

		if (r < 0)
			return r;
		if (line[n++] == '\n') {
			line[n] = '\0';
			return 0;
		}
	}
	return -EPROTO;
}

/* Says who we are, which the kernel proves: the user's number, each of its digits
 * as two of a hexadecimal number. */
static int authenticate(struct channel *channel)
{
	char user[16], line[LINE_SIZE];
	size_t n = 1;
	int r;

	(void)snprintf(user, sizeof(user), "%u", (unsigned int)geteuid());
	line[0] = '\0';
	n += (size_t)snprintf(line + n, sizeof(line) - n, "AUTH EXTERNAL ");
	for (const char *digit = user; *digit; digit++)
		n += (size_t)snprintf(
			line + n, sizeof(line) - n, "%02x", (unsigned int)*digit);
	n += (size_t)snprintf(line + n, sizeof(line) - n, "\r\n");
	r = channel_send(channel, line, n);
	if (r == 0)
		r = receive_line(channel, line);
	if (r < 0)
		return r;
	if (strncmp(line, "OK", 2) != 0)
		return -EACCES;
	return channel_send(channel, "BEGIN\r\n", strlen("BEGIN\r\n"));
}

static int receive_message(
	struct channel *channel, struct text *answer, struct dbus_message *ret_message)
{
	uint64_t size;
	int r = text_reserve(answer, ANSWER_FIRST);

	if (r == 0)
		r = receive(channel, answer->data, DBUS_FIXED_HEADER);
	if (r < 0)
		return r;
	size = dbus_message_size((const unsigned char *)answer->data);
	if (size < DBUS_FIXED_HEADER || size > ANSWER_LIMIT)
		return -EPROTO;
	r = text_reserve(answer, (size_t)size);
	if (r == 0)
		r = receive(channel, answer->data + DBUS_FIXED_HEADER,
			(size_t)size - DBUS_FIXED_HEADER);
	if (r < 0)
		return r;
	answer->size = (size_t)size;
	return dbus_message_parse(answer->data, answer->size, ret_message) ? 0 : -EPROTO;
}

/* Signals and the like may come in between. */
static int exchange(struct bus *bus, const struct dbus_call *call, struct text *answer,
	struct dbus_message *ret_message)
{
	char bytes[DBUS_CALL_SIZE];
	size_t n = dbus_write_call(bytes, call, ++bus->serial);
	int r = n > 0 ? channel_send(&bus->channel, bytes, n) : -EMSGSIZE;

	while (r == 0) {
		r = receive_message(&bus->channel, answer, ret_message);
		if (r < 0 || ret_message->reply_serial != bus->serial)
			continue;
		if (ret_message->type == DBUS_ERROR)
			return -EREMOTEIO;
		if (ret_message->type == DBUS_RETURN)
			return 0;
	}
	return r;
}

/* A client must introduce itself before anything else. */
static int connect_bus(struct bus *bus, const char *path, struct text *answer)
{
	static const struct dbus_call hello = {
		.destination = "org.freedesktop.DBus",
		.path = "/org/freedesktop/DBus",
		.interface = "org.freedesktop.DBus",
		.member = "Hello",
	};
	struct dbus_message message;
	int r = channel_connect(&bus->channel, path);

	if (r == 0)
		r = authenticate(&bus->channel);
	if (r == 0)
		r = exchange(bus, &hello, answer, &message);
	return r;
}

int bus_call(struct bus *bus, const char *path, const struct dbus_call *call,
	struct text *answer, struct dbus_message *ret_message)
{
	bool kept = bus->channel.open;
	int r = kept ? 0 : connect_bus(bus, path, answer);

	if (r == 0)
		r = exchange(bus, call, answer, ret_message);
	if (r == 0 || (r == -EREMOTEIO && bus->serial > 1))
		return r;
	bus_close(bus);
	/* The bus may have been restarted since the run before. */
	if (kept && (r == -ECONNRESET || r == -EPIPE))
		return bus_call(bus, path, call, answer, ret_message);
	return r;
}
