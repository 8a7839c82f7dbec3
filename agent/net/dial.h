/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What blocks on the way to a connection, on a thread of its own (aside.h): a name is
 * resolved, and the files of TLS are read as they are now.
 */
#ifndef NET_DIAL_H
#define NET_DIAL_H

#include "tls.h"

#include <netdb.h>
#include <uv.h>

struct dial;

struct dial_order {
	const char *host, *port;        /* a name or an address; a number */
	int type;                       /* SOCK_STREAM or SOCK_DGRAM */
	const struct tls_settings *tls; /* NULL: none */
};

/* What came of it. */
struct dialed {
	int result;                 /* 0 or a negative errno */
	char why[TLS_WHY_SIZE];     /* ... and its reason */
	struct addrinfo *addresses; /* at least one */
	SSL_CTX *context;           /* where TLS was asked for */
};

/* on_done is called on the loop, unless it was cancelled before; it may take
 * addresses and context out by setting them to NULL. The order is copied. 0 or a
 * negative errno. */
int dial_start(uv_loop_t *loop, const struct dial_order *order,
	void (*on_done)(void *context, struct dialed *dialed), void *context,
	struct dial **ret_dial);

/* Not from on_done on. */
void dial_cancel(struct dial *dial);

#endif
