/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS (OpenSSL) without a socket: what came from the peer goes in, and what is to be
 * written to it comes out. 1.2 at least; the peer's certificate and name are checked
 * unless configuration says otherwise.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/buffer.h"

#include <openssl/ssl.h>

struct tls_settings {
	const char *ca_file;              /* NULL: the system's */
	const char *cert_file, *key_file; /* NULL: we show none */
	const char *server_name;          /* NULL: the host that is connected to */
	bool verify;
};

#define TLS_WHY_SIZE 256

/* Reads the files. NULL with a line in why. Blocks. [any] */
SSL_CTX *tls_context(const struct tls_settings *settings, char why[TLS_WHY_SIZE]);

struct tls {
	SSL *ssl;
	BIO *in, *out;   /* the session's */
	bool is_up;      /* the handshake is over */
	bool has_ticket; /* ... and the peer has sent one, so it has accepted ours */
	bool is_over;    /* the peer will send no more */
	char why[TLS_WHY_SIZE];
};

/* Begins the handshake; the context may be freed afterwards. name: a host's name or
 * address. 0 or a negative errno. tls_finish in both cases. */
int tls_init(struct tls *tls, SSL_CTX *context, const char *name, bool verify);
void tls_finish(struct tls *tls);

/* Takes what came from the peer, and appends what that says. 0; -EPROTO with a line in
 * why; -ENOMEM. */
int tls_take(struct tls *tls, const void *bytes, size_t n, struct buffer *plain);

/* Takes what is to be said. 0, -EPROTO or -ENOMEM. */
int tls_say(struct tls *tls, const void *bytes, size_t n);

/* Says that nothing more comes. */
void tls_say_end(struct tls *tls);

/* Moves what is to be written to the peer to the buffer. */
void tls_drain(struct tls *tls, struct buffer *to);

/* Whether the peer judges our certificate only after the handshake (RFC 8446), so that
 * a refusal would come behind what was written. */
bool tls_is_judged_later(const struct tls *tls);

#endif
