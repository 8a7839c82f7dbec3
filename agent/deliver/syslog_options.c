/* SPDX-License-Identifier: Apache-2.0 */
#include "syslog_options.h"

#include "base/macros.h"

#include <errno.h>
#include <string.h>

static const char *const framings[] = { "octet_counting", "newline", NULL };
static const char *const messages[] = { "json", "text", NULL };

/* By their numerical codes (RFC 5424, section 6.2.1). */
static const char *const facilities[] = { "kern", "user", "mail", "daemon", "auth",
	"syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp", "audit",
	"alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5",
	"local6", "local7", NULL };

/* clang-format off */
static const struct rk_option timeout_table[] = {
	{ .name = "connect", RK_FIELD(struct syslog_timeout, connect), .preset = "10s",
		.range = "100ms..5m",
		.help = "How long resolving the name, connecting and TLS may take, each." },
	{ .name = "idle", RK_FIELD(struct syslog_timeout, idle), .preset = "30s",
		.range = "100ms..1h",
		.help = "How long nothing may move where something should: bytes that are "
			"written, acknowledgements of RELP." },
};

static const struct rk_option tls_table[] = {
	{ .name = "ca_file", RK_FIELD(struct syslog_tls, ca_file), .flags = RK_PATH_READ,
		.help = "Certificates (PEM) that the receiver's is checked against; the "
			"system's where it is not set." },
	{ .name = "cert_file", RK_FIELD(struct syslog_tls, cert_file),
		.flags = RK_PATH_READ,
		.help = "The certificate (PEM, with those between) that we show. All files "
			"are read anew for each connection." },
	{ .name = "key_file", RK_FIELD(struct syslog_tls, key_file), .flags = RK_PATH_READ,
		.help = "Its key (PEM, without a passphrase); 'cert_file' where it is not "
			"set." },
	{ .name = "server_name", RK_FIELD(struct syslog_tls, server_name),
		.help = "The name that the receiver's certificate must have; the address's "
			"host where it is not set." },
	{ .name = "verify", RK_FIELD(struct syslog_tls, verify), .preset = "true",
		.help = "Whether the receiver's certificate and name are checked; false lets "
			"anybody read what is sent." },
};

const struct rk_option syslog_option_table[SYSLOG_OPTIONS] = {
	{ .name = "address", RK_FIELD(struct syslog_options, address),
		.flags = RK_REQUIRED,
		.help = "Where messages go: udp://HOST:PORT, tcp://, tls://, relp://, "
			"relps:// (RELP with TLS), or unix:/dev/log. Only RELP acknowledges." },
	{ .name = "framing", RK_FIELD(struct syslog_options, framing),
		.preset = "octet_counting", .choices = framings,
		.help = "How messages are told apart on tcp:// and tls:// (RFC 6587)." },
	{ .name = "message", RK_FIELD(struct syslog_options, message), .preset = "json",
		.choices = messages,
		.help = "What stands behind the structured data: the record as JSON, or a "
			"sentence for people." },
	{ .name = "facility", RK_FIELD(struct syslog_options, facility),
		.preset = "local0", .choices = facilities, .help = "The facility." },
	{ .name = "app_name", RK_FIELD(struct syslog_options, app_name),
		.preset = RFC5424_APP_NAME, .help = "APP-NAME, 48 characters at most." },
	{ .name = "sd_id", RK_FIELD(struct syslog_options, sd_id),
		.preset = RFC5424_SD_ID,
		.help = "The name of the structured data: set your own private enterprise "
			"number, since 32473 is set aside for examples (RFC 5612)." },
	{ .name = "max_datagram", RK_FIELD(struct syslog_options, max_datagram),
		.preset = "1400B", .range = "480B..65507B",
		.help = "The longest message of udp:// and unix:; what is longer goes without "
			"its text, or without its structured data." },
	{ .name = "timeout", RK_GROUP(struct syslog_options, timeout),
		.columns = RK_COLUMNS(syslog_timeout, timeout_table),
		.help = "Bounds on time." },
	{ .name = "tls", RK_GROUP(struct syslog_options, tls),
		.columns = RK_COLUMNS(syslog_tls, tls_table), .help = "TLS, 1.2 at least." },
};
/* clang-format on */

/* ---- addresses ---------------------------------------------------------- */

static const struct scheme {
	const char *prefix;
	enum syslog_carrier carrier;
	bool is_path, has_tls;
} schemes[] = {
	{ "udp://", SYSLOG_DATAGRAMS, false, false },
	{ "tcp://", SYSLOG_STREAM, false, false },
	{ "tls://", SYSLOG_STREAM, false, true },
	{ "relp://", SYSLOG_RELP, false, false },
	{ "relps://", SYSLOG_RELP, false, true },
	{ "unix:", SYSLOG_DATAGRAMS, true, false },
};

static const struct scheme *find_scheme(const char *address)
{
	for (size_t i = 0; i < LENGTH(schemes); i++) {
		if (strncmp(address, schemes[i].prefix, strlen(schemes[i].prefix)) == 0)
			return &schemes[i];
	}
	return NULL;
}

static bool is_port(const char *text)
{
	size_t n = strlen(text);

	return n > 0 && n <= 5 && strspn(text, "0123456789") == n;
}

/* "host:514", "[::1]:514": the name and the number behind the last colon. */
static bool split(struct stream_order *order, const char *text, struct arena *arena)
{
	const char *colon = strrchr(text, ':');
	size_t n = colon ? (size_t)(colon - text) : 0;

	if (n == 0 || !is_port(colon + 1))
		return false;
	if (*text == '[' && text[n - 1] == ']') {
		text++;
		n -= 2;
	} else if (memchr(text, ':', n)) {
		return false;
	}
	order->port = colon + 1;
	order->host = n > 0 ? arena_copy_text(arena, text, n) : NULL;
	return order->host;
}

static int read_address(struct syslog_target *target, const char *address,
	struct arena *arena, struct buffer *why)
{
	const struct scheme *scheme = find_scheme(address);
	const char *rest = scheme ? address + strlen(scheme->prefix) : "";
	bool ok = scheme && *rest;

	if (ok && scheme->is_path)
		target->path = rest;
	else if (ok)
		ok = split(&target->order, rest, arena);
	if (!ok) {
		buffer_append_format(why,
			"'%s' is no address: use udp://HOST:PORT, tcp://, tls://, "
			"relp:// or relps://, or unix:PATH",
			address);
		return -EINVAL;
	}
	target->carrier = scheme->carrier;
	if (scheme->has_tls)
		target->order.tls = &target->tls;
	return 0;
}

/* ---- names -------------------------------------------------------------- */

/* Printable ASCII without the characters in but. */
static bool is_plain_name(const char *text, size_t most, const char *but)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++) {
		if (text[i] <= ' ' || text[i] >= 0x7f || strchr(but, text[i]))
			return false;
	}
	return n > 0 && n <= most;
}

static int check_names(const struct syslog_options *options, struct buffer *why)
{
	if (!is_plain_name(options->app_name, RFC5424_MAX_APP_NAME, "")) {
		buffer_append_text(why,
			"'app_name' must be 1 to 48 characters of ASCII without blanks");
		return -EINVAL;
	}
	if (!is_plain_name(options->sd_id, RFC5424_MAX_MSGID, "=]\"")) {
		buffer_append_text(why,
			"'sd_id' must be 1 to 32 characters of ASCII without blanks, "
			"'=', ']' and '\"'");
		return -EINVAL;
	}
	return 0;
}

int syslog_target_read(struct syslog_target *target, const struct syslog_options *options,
	struct arena *arena, struct buffer *why)
{
	const struct syslog_tls *tls = &options->tls;
	int r = check_names(options, why);

	target->order.connect_ms = (uint64_t)(options->timeout.connect.ns / NS_PER_MS);
	target->order.idle_ms = (uint64_t)(options->timeout.idle.ns / NS_PER_MS);
	target->tls = (struct tls_settings){ tls->ca_file, tls->cert_file, tls->key_file,
		tls->server_name, tls->verify };
	target->format = (struct rfc5424_options){
		.facility = options->facility.index,
		.app_name = options->app_name,
		.sd_id = options->sd_id,
		.sentences = options->message.index == SYSLOG_TEXT,
	};
	return r < 0 ? r : read_address(target, options->address, arena, why);
}
