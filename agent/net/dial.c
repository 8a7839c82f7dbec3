/* SPDX-License-Identifier: Apache-2.0 */
#include "dial.h"

#include "aside.h"
#include "base/arena.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dial {
	struct aside *aside;
	struct arena arena; /* of the order */
	const char *host, *port;
	int type;
	bool with_tls;
	struct tls_settings tls;
	struct dialed dialed;
	void (*on_done)(void *context, struct dialed *dialed);
	void *context;
};

/* ---- on the thread ------------------------------------------------------ */

static void resolve(struct dial *dial)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = dial->type,
		.ai_flags = AI_NUMERICSERV,
	};
	struct dialed *dialed = &dial->dialed;
	int r = getaddrinfo(dial->host, dial->port, &hints, &dialed->addresses);

	if (r == 0)
		return;
	dialed->addresses = NULL;
	dialed->result = -EHOSTUNREACH;
	snprintf(dialed->why, sizeof(dialed->why), "cannot resolve '%s': %s", dial->host,
		gai_strerror(r));
}

static void dial_run(void *context)
{
	struct dial *dial = context;
	struct dialed *dialed = &dial->dialed;

	if (dial->with_tls) {
		dialed->context = tls_context(&dial->tls, dialed->why);
		if (!dialed->context)
			dialed->result = -EPROTO;
	}
	if (dialed->result == 0)
		resolve(dial);
}

/* ---- on the loop -------------------------------------------------------- */

static void dial_on_done(void *context)
{
	struct dial *dial = context;

	dial->on_done(dial->context, &dial->dialed);
}

static void dial_free(void *context)
{
	struct dial *dial = context;

	if (dial->dialed.addresses)
		freeaddrinfo(dial->dialed.addresses);
	SSL_CTX_free(dial->dialed.context);
	arena_finish(&dial->arena);
	free(dial);
}

/* NULL stays NULL; false: out of memory. */
static bool copy(struct dial *dial, const char *from, const char **to)
{
	*to = from ? arena_copy_text(&dial->arena, from, strlen(from)) : NULL;
	return !from || *to;
}

static bool copy_order(struct dial *dial, const struct dial_order *order)
{
	const struct tls_settings *tls = order->tls;

	dial->type = order->type;
	dial->with_tls = tls;
	if (!copy(dial, order->host, &dial->host) ||
		!copy(dial, order->port, &dial->port))
		return false;
	if (!tls)
		return true;
	dial->tls.verify = tls->verify;
	return copy(dial, tls->ca_file, &dial->tls.ca_file) &&
	       copy(dial, tls->cert_file, &dial->tls.cert_file) &&
	       copy(dial, tls->key_file, &dial->tls.key_file);
}

int dial_start(uv_loop_t *loop, const struct dial_order *order,
	void (*on_done)(void *context, struct dialed *dialed), void *context,
	struct dial **ret_dial)
{
	static const struct aside_work work = { dial_run, dial_on_done, dial_free };
	struct dial *dial = calloc(1, sizeof(*dial));
	int r = -ENOMEM;

	if (!dial)
		return r;
	dial->on_done = on_done;
	dial->context = context;
	if (copy_order(dial, order))
		r = aside_start(loop, &work, dial, &dial->aside);
	if (r < 0)
		dial_free(dial);
	else
		*ret_dial = dial;
	return r;
}

void dial_cancel(struct dial *dial)
{
	aside_leave(dial->aside);
}
