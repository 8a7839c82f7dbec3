/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_bus.h"

#include "cases.h"

#include <string.h>
#include <sys/socket.h>

static void put(struct message *message, const void *bytes, size_t n)
{
	assert_true(sizeof(message->bytes) - message->n >= n);
	memcpy(message->bytes + message->n, bytes, n);
	message->n += n;
}

static void put_alignment(struct message *message, size_t alignment)
{
	while (message->n % alignment != 0)
		put(message, "", 1);
}

static void put_u32(struct message *message, uint32_t value)
{
	put_alignment(message, 4);
	put(message, &value, 4);
}

static void put_text(struct message *message, const char *text)
{
	put_u32(message, (uint32_t)strlen(text));
	put(message, text, strlen(text) + 1);
}

static void set_u32(struct message *message, size_t at, size_t value)
{
	uint32_t written = (uint32_t)value;

	memcpy(message->bytes + at, &written, 4);
}

/* The header of an answer; error and signature may be NULL. */
static void begin(struct message *message, int type, uint32_t reply_serial,
	const char *error, const char *signature)
{
	const char head[] = { 'l', (char)type, 1, 1 };

	message->n = 0;
	put(message, head, 4);
	put_u32(message, 0);
	put_u32(message, 77);
	put_u32(message, 0);
	if (reply_serial) {
		put(message, "\x05\x01u", 4);
		put_u32(message, reply_serial);
	}
	if (error) {
		put_alignment(message, 8);
		put(message, "\x04\x01s", 4);
		put_text(message, error);
	}
	if (signature) {
		const char size = (char)strlen(signature);

		put_alignment(message, 8);
		put(message, "\x08\x01g", 4);
		put(message, &size, 1);
		put(message, signature, strlen(signature) + 1);
	}
	set_u32(message, 12, message->n - 16);
	put_alignment(message, 8);
}

static void end(struct message *message, size_t body_at)
{
	set_u32(message, 4, message->n - body_at);
}

static void put_unit(struct message *message, const char *name, const char *state)
{
	put_alignment(message, 8);
	put_text(message, name);
	put_text(message, "a description");
	put_text(message, "loaded");
	put_text(message, state);
	put_text(message, "running");
	put_text(message, "");
	put_text(message, "/org/freedesktop/systemd1/unit/x");
	put_u32(message, 0);
	put_text(message, "");
	put_text(message, "/");
}

/* Reads until the text is there. False where the client went. */
static bool read_until(int client, const char *text, size_t n)
{
	char got[2048];
	size_t size = 0;

	while (size < sizeof(got)) {
		ssize_t more = recv(client, got + size, sizeof(got) - size, 0);

		if (more <= 0)
			return false;
		size += (size_t)more;
		if (memmem(got, size, text, n))
			return true;
	}
	return false;
}

static void answer_hello(struct local_server *server, int client)
{
	struct message message;
	size_t body;

	begin(&message, 2, 1, NULL, "s");
	body = message.n;
	put_text(&message, ":1.1");
	end(&message, body);
	local_server_send(server, client, message.bytes, message.n);
	/* As a bus does: a signal that nobody asked for. */
	begin(&message, 4, 0, NULL, "s");
	body = message.n;
	put_text(&message, ":1.1");
	end(&message, body);
	local_server_send(server, client, message.bytes, message.n);
}

size_t fake_bus_write_list(struct message *message, uint32_t serial)
{
	size_t body, first;

	begin(message, 2, serial, NULL, "a(ssssssouso)");
	body = message->n;
	put_u32(message, 0);
	put_alignment(message, 8);
	first = message->n;
	put_unit(message, "postfix@-.service", "active");
	put_unit(message, "opendkim.service", "failed");
	put_unit(message, "cron.service", "active");
	put_unit(message, "dev-sda.swap", "inactive");
	put_unit(message, "strange.service", "refreshing");
	set_u32(message, body, message->n - first);
	end(message, body);
	return body;
}

static void answer_list(struct local_server *server, int client, uint32_t serial)
{
	struct message message;

	fake_bus_write_list(&message, serial);
	local_server_send(server, client, message.bytes, message.n);
}

static void answer_error(
	struct local_server *server, int client, uint32_t serial, const char *name)
{
	struct message message;

	begin(&message, 3, serial, name, NULL);
	local_server_send(server, client, message.bytes, message.n);
}

static void answer_something_else(
	struct local_server *server, int client, uint32_t serial)
{
	struct message message;
	size_t body;

	begin(&message, 2, serial, NULL, "s");
	body = message.n;
	put_text(&message, "nothing");
	end(&message, body);
	local_server_send(server, client, message.bytes, message.n);
}

/* Answers one call to ListUnits. False where the connection is to be closed. */
static bool answer(struct local_server *server, int client, uint32_t serial,
	enum behaviour behaviour)
{
	switch (behaviour) {
	case BUS_KNOWS_NO_SYSTEMD:
		answer_error(server, client, serial,
			"org.freedesktop.DBus.Error.ServiceUnknown");
		return true;
	case BUS_REFUSES:
		answer_error(server, client, serial,
			"org.freedesktop.DBus.Error.LimitsExceeded");
		return true;
	case BUS_IS_SILENT:
		local_server_wait(server, client);
		return false;
	case BUS_TALKS_NONSENSE:
		local_server_send(server, client, "220 mail.example ESMTP\r\n", 24);
		return true;
	case BUS_LISTS_SOMETHING_ELSE:
		answer_something_else(server, client, serial);
		return true;
	default:
		/* What answers another call is not for this one. */
		answer_something_else(server, client, serial - 1);
		answer_list(server, client, serial);
		return behaviour != BUS_HANGS_UP;
	}
}

void fake_bus_serve(struct local_server *server, int client)
{
	enum behaviour behaviour = *(const enum behaviour *)server->script;

	if (!read_until(client, "\r\n", 2))
		return;
	if (behaviour == BUS_REJECTS) {
		local_server_send(server, client, "REJECTED EXTERNAL\r\n", 19);
		local_server_wait(server, client);
		return;
	}
	local_server_send(server, client, "OK 1234deadbeef\r\n", 17);
	if (!read_until(client, "Hello", 5))
		return;
	answer_hello(server, client);
	for (uint32_t serial = 2; read_until(client, "ListUnits", 9); serial++) {
		if (!answer(server, client, serial, behaviour))
			break;
	}
}
