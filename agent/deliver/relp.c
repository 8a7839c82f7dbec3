/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syslog with acknowledgements: RELP (relp_parser.h says where it is described).
 *
 *	          stream open     rsp 200
 *	  CLOSED ------------> GREETING ------> READY
 *
 * A batch goes as frames, as many unanswered as the window has; it is taken when each of
 * them was answered with 200. Where the connection breaks before, it comes again as a
 * whole, so the server may get some of it twice.
 */
#include "syslog_carrier.h"

#include "base/log.h"
#include "base/macros.h"
#include "relp_parser.h"
#include "relp_window.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE_AT_ONCE = 256 << 10 };

static const char greeting[] = "relp_version=0\nrelp_software=rookery\ncommands=syslog";

enum relp_state { RELP_CLOSED, RELP_GREETING, RELP_READY };

struct relp {
	struct carrier carrier;
	struct stream_listener listener;
	struct stream *stream; /* NULL: none */
	enum relp_state state;
	struct relp_parser parser;
	uint32_t last_txnr;
	struct relp_window window;
	struct buffer out; /* frames that are being written */
	bool is_writing;
	const char *at, *end; /* what is left of the batch; NULL: nothing is sent */
};

static struct relp *of_listener(struct stream_listener *listener)
{
	return container_of(listener, struct relp, listener);
}

static void drop(struct relp *relp, const char *last)
{
	stream_close(relp->stream, last);
	relp->stream = NULL;
	relp->state = RELP_CLOSED;
	relp->parser = (struct relp_parser){ 0 };
	relp->window = (struct relp_window){ 0 };
	relp->last_txnr = 0;
	relp->is_writing = false;
}

static void relp_fail(struct relp *relp, int error, const char *why)
{
	bool was_sending = relp->at;

	drop(relp, NULL);
	relp->at = NULL;
	if (was_sending)
		relp->carrier.on_done(&relp->carrier, error, why);
	else
		log_info(relp->carrier.who, "%s", why ? why : strerror(-error));
}

/* ---- frames ------------------------------------------------------------- */

static void append_frame(
	struct relp *relp, const char *command, const char *data, size_t n)
{
	relp->last_txnr = relp_txnr_next(relp->last_txnr);
	buffer_append_format(&relp->out, "%u %s %zu ", relp->last_txnr, command, n);
	buffer_append(&relp->out, data, n);
	buffer_append_byte(&relp->out, '\n');
}

static void write_out(struct relp *relp)
{
	if (buffer_failed(&relp->out)) {
		relp_fail(relp, -ENOMEM, NULL);
		return;
	}
	if (relp->out.size == 0)
		return;
	relp->is_writing = true;
	stream_expect(relp->stream, true);
	stream_write(relp->stream, relp->out.data, relp->out.size);
}

static void append_message(struct relp *relp, const char *message, size_t n)
{
	append_frame(relp, "syslog", message, n);
	relp_window_add(&relp->window, relp->last_txnr);
}

/* Sends as much as the window and one write take, once half of the window is free, so
 * that writes are large. */
static void fill(struct relp *relp)
{
	if (relp->is_writing || relp->window.n > RELP_WINDOW / 2)
		return;
	buffer_clear(&relp->out);
	while (relp->at < relp->end && relp->window.n < RELP_WINDOW &&
		relp->out.size < WRITE_AT_ONCE) {
		size_t n;
		const char *message = rfc5424_next(&relp->at, relp->end, &n);

		if (!message) {
			relp_fail(relp, -EBADMSG, NULL);
			return;
		}
		append_message(relp, message, n);
	}
	write_out(relp);
}

/* ---- answers ------------------------------------------------------------ */

static void refuse(struct relp *relp, const struct relp_frame *frame, const char *what)
{
	char why[256];
	int n = (int)strcspn(frame->data, "\r\n");

	snprintf(why, sizeof(why), "%s: '%s %.*s'", what, frame->command, MIN(n, 150),
		frame->data);
	relp_fail(relp, -EPROTO, why);
}

static void on_greeted(struct relp *relp, const struct relp_frame *frame)
{
	if (relp_code(frame) != 200 || !strstr(frame->data, "syslog")) {
		refuse(relp, frame, "the receiver does not take RELP's syslog");
		return;
	}
	relp->state = RELP_READY;
	stream_expect(relp->stream, false);
	fill(relp);
}

/* The batch is taken where nothing is left of it and nothing without an answer. */
static void go_on(struct relp *relp)
{
	if (!relp->at || relp->at < relp->end || relp->window.n > 0) {
		fill(relp);
		return;
	}
	if (relp->is_writing)
		return; /* the answers were faster */
	stream_expect(relp->stream, false);
	relp->at = NULL;
	relp->carrier.on_done(&relp->carrier, 0, NULL);
}

static void on_answer(struct relp *relp, const struct relp_frame *frame)
{
	if (relp_code(frame) != 200)
		refuse(relp, frame, "the receiver does not take a message");
	else if (!relp_window_answer(&relp->window, frame->txnr))
		refuse(relp, frame, "an answer to nothing that was sent");
}

static void on_frame(struct relp *relp, const struct relp_frame *frame)
{
	if (strcmp(frame->command, "serverclose") == 0)
		relp_fail(relp, -ECONNRESET, "the receiver ends the session");
	else if (strcmp(frame->command, "rsp") != 0 || frame->txnr == 0)
		refuse(relp, frame, "what came is no answer");
	else if (relp->state == RELP_GREETING)
		on_greeted(relp, frame);
	else
		on_answer(relp, frame);
}

static void on_read(struct stream_listener *listener, const uint8_t *bytes, size_t n)
{
	struct relp *relp = of_listener(listener);
	const struct stream *stream = relp->stream;
	const uint8_t *end = bytes + n;
	int r;

	while ((r = relp_parser_take(&relp->parser, &bytes, end)) > 0) {
		on_frame(relp, &relp->parser.frame);
		if (relp->stream != stream)
			return; /* it was closed */
	}
	if (r < 0)
		relp_fail(relp, r, "what the receiver says is no RELP");
	else if (relp->state == RELP_READY)
		go_on(relp);
}

/* ---- the connection ----------------------------------------------------- */

static void on_open(struct stream_listener *listener)
{
	struct relp *relp = of_listener(listener);

	relp->state = RELP_GREETING;
	buffer_clear(&relp->out);
	append_frame(relp, "open", greeting, sizeof(greeting) - 1);
	write_out(relp);
}

static void on_written(struct stream_listener *listener)
{
	struct relp *relp = of_listener(listener);

	relp->is_writing = false;
	if (relp->state == RELP_READY)
		go_on(relp);
}

static void on_failed(struct stream_listener *listener, int error, const char *why)
{
	relp_fail(of_listener(listener), error, why);
}

/* ---- the carrier -------------------------------------------------------- */

static void relp_send(struct carrier *carrier, const struct buffer *messages)
{
	struct relp *relp = container_of(carrier, struct relp, carrier);
	int r = 0;

	relp->at = (const char *)messages->data;
	relp->end = relp->at + messages->size;
	if (relp->state == RELP_READY)
		fill(relp);
	else
		r = stream_open(carrier->loop, &carrier->target->order, &relp->listener,
			&relp->stream);
	if (r < 0)
		relp_fail(relp, r, NULL);
}

static void relp_stop(struct carrier *carrier)
{
	struct relp *relp = container_of(carrier, struct relp, carrier);
	char last[32];

	snprintf(last, sizeof(last), "%u close 0\n", relp_txnr_next(relp->last_txnr));
	relp->at = NULL;
	drop(relp, relp->state == RELP_READY ? last : NULL);
}

static void relp_destroy(struct carrier *carrier)
{
	struct relp *relp = container_of(carrier, struct relp, carrier);

	buffer_finish(&relp->out);
	free(relp);
}

struct carrier *relp_create(void)
{
	static const struct carrier_ops ops = { relp_send, relp_stop, relp_destroy };
	struct relp *relp = calloc(1, sizeof(*relp));

	if (!relp)
		return NULL;
	relp->carrier.ops = &ops;
	relp->listener =
		(struct stream_listener){ on_open, on_read, on_written, on_failed };
	return &relp->carrier;
}
