/* SPDX-License-Identifier: Apache-2.0 */
/* What of a syslog sink is configured, and its address taken apart. */
#ifndef DELIVER_SYSLOG_OPTIONS_H
#define DELIVER_SYSLOG_OPTIONS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "encode/rfc5424.h"
#include "net/stream.h"

#include <rookery/plugin.h>

enum syslog_framing { SYSLOG_OCTET_COUNTING, SYSLOG_NEWLINE };
enum syslog_message { SYSLOG_JSON, SYSLOG_TEXT };

struct syslog_timeout {
	struct rk_duration connect, idle;
};

struct syslog_tls {
	const char *ca_file, *cert_file, *key_file, *server_name;
	bool verify;
};

struct syslog_options {
	const char *address;
	struct rk_choice framing, message; /* enum syslog_framing, syslog_message */
	struct rk_choice facility;         /* its code */
	const char *app_name, *sd_id;
	struct rk_size max_datagram;
	struct syslog_timeout timeout;
	struct syslog_tls tls;
};

enum { SYSLOG_OPTIONS = 9 };
extern const struct rk_option syslog_option_table[SYSLOG_OPTIONS];

enum syslog_carrier { SYSLOG_DATAGRAMS, SYSLOG_STREAM, SYSLOG_RELP };

/* What the options say, taken apart. */
struct syslog_target {
	enum syslog_carrier carrier;
	const char *path; /* of a socket of this machine; NULL: a host */
	struct tls_settings tls;
	struct stream_order order; /* of a host; order.tls points to tls, or is NULL */
	struct rfc5424_options format;
};

/* Texts are borrowed from the options or copied into the arena; the target must not be
 * moved. 0; -ENOMEM; -EINVAL with a reason appended to why. */
int syslog_target_read(struct syslog_target *target, const struct syslog_options *options,
	struct arena *arena, struct buffer *why);

#endif
