/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The job prepares the bytes as they go over the wire, a carrier brings them there, and
 * what came of it is told on the loop's next turn.
 */
#include "syslog.h"

#include "base/log.h"
#include "base/macros.h"
#include "model/options.h"
#include "syslog_carrier.h"
#include "syslog_frame.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct syslog_sink {
	struct sink sink;
	struct arena arena; /* of the options and the target */
	struct syslog_options options;
	struct syslog_target target;
	struct carrier *carrier;
	const char *who; /* the sink's id */
	uv_timer_t turn; /* tells what came of a batch */
	int result;
	char why[512];
	/* Of the job that prepares: */
	struct buffer framed;
	bool is_framed;       /* ... and it is what is sent */
	uint64_t n_shortened; /* messages, since the start */
};

static struct syslog_sink *syslog_of(struct sink *sink)
{
	return container_of(sink, struct syslog_sink, sink);
}

/* ---- before sending ----------------------------------------------------- */

static void syslog_note(struct sink *sink, struct sink_note *note)
{
	(void)sink;
	note->size = 0;
}

static int syslog_recover(struct sink *sink, const struct sink_note *note, bool has_batch)
{
	(void)sink;
	(void)note;
	(void)has_batch;
	return 0;
}

/* Told the first time, and then each time that their number has doubled. */
static void count_shortened(struct syslog_sink *syslog, uint64_t n)
{
	uint64_t before = syslog->n_shortened;

	syslog->n_shortened += n;
	if (before == 0 || (before ^ syslog->n_shortened) > before)
		log_warning(syslog->who,
			"%" PRIu64 " messages were longer than 'max_datagram' and went "
			"without a part",
			syslog->n_shortened);
}

static int fit(struct syslog_sink *syslog, const struct batch *batch)
{
	size_t most = syslog->options.max_datagram.bytes;
	uint64_t n;
	int r;

	if (!syslog_frame_has_longer(&batch->bytes, most))
		return 0;
	r = syslog_frame_fit(&batch->bytes, most, &syslog->framed, &n);
	syslog->is_framed = r == 0;
	if (r == 0)
		count_shortened(syslog, n);
	return r;
}

static int syslog_prepare(
	struct sink *sink, const struct batch *batch, struct sink_note *note)
{
	struct syslog_sink *syslog = syslog_of(sink);

	syslog_note(sink, note);
	syslog->is_framed = false;
	if (syslog->target.carrier == SYSLOG_DATAGRAMS)
		return fit(syslog, batch);
	if (syslog->target.carrier == SYSLOG_RELP ||
		syslog->options.framing.index == SYSLOG_OCTET_COUNTING)
		return 0;
	syslog->is_framed = true;
	return syslog_frame_lines(&batch->bytes, &syslog->framed);
}

/* ---- sending ------------------------------------------------------------ */

static void on_turn(uv_timer_t *turn)
{
	struct syslog_sink *syslog = container_of(turn, struct syslog_sink, turn);
	const struct sink_answer answer = {
		.verdict = syslog->result == 0 ? SINK_TAKEN : SINK_FAILED,
		.error = syslog->result,
		.why = *syslog->why ? syslog->why : NULL,
	};

	syslog->sink.listener->on_sent(syslog->sink.listener, &answer);
}

static void tell_later(struct syslog_sink *syslog, int result, const char *why)
{
	syslog->result = result;
	snprintf(syslog->why, sizeof(syslog->why), "%s", why ? why : "");
	uv_timer_start(&syslog->turn, on_turn, 0, 0);
}

static void on_done(struct carrier *carrier, int result, const char *why)
{
	tell_later(carrier->context, result, why);
}

static void syslog_send(struct sink *sink, const struct batch *batch)
{
	struct syslog_sink *syslog = syslog_of(sink);

	syslog->carrier->ops->send(
		syslog->carrier, syslog->is_framed ? &syslog->framed : &batch->bytes);
}

static void syslog_cancel(struct sink *sink)
{
	struct syslog_sink *syslog = syslog_of(sink);

	syslog->carrier->ops->stop(syslog->carrier);
	tell_later(syslog, -ECANCELED, NULL);
}

/* ---- making and ending -------------------------------------------------- */

static void syslog_free(struct syslog_sink *syslog)
{
	if (syslog->carrier)
		syslog->carrier->ops->destroy(syslog->carrier);
	buffer_finish(&syslog->framed);
	arena_finish(&syslog->arena);
	free(syslog);
}

static void on_turn_closed(uv_handle_t *handle)
{
	struct syslog_sink *syslog =
		container_of((uv_timer_t *)handle, struct syslog_sink, turn);
	struct sink_listener *listener = syslog->sink.listener;

	syslog_free(syslog);
	listener->on_closed(listener);
}

static void syslog_close(struct sink *sink)
{
	struct syslog_sink *syslog = syslog_of(sink);

	syslog->carrier->ops->stop(syslog->carrier);
	uv_close((uv_handle_t *)&syslog->turn, on_turn_closed);
}

static const struct sink_ops syslog_ops = {
	.recover = syslog_recover,
	.prepare = syslog_prepare,
	.send = syslog_send,
	.note = syslog_note,
	.cancel = syslog_cancel,
	.close = syslog_close,
};

static void syslog_tune(struct sink *sink, struct encoder *encoder)
{
	rfc5424_configure(encoder, &syslog_of(sink)->target.format);
}

static int read_options(struct syslog_sink *syslog, const struct sink_options *options,
	struct buffer *why)
{
	int r = options_fill(&syslog->arena, options->settings->options,
		syslog_option_table, sizeof(syslog_option_table[0]), &syslog->options);

	return r < 0 ? r
		     : syslog_target_read(
			       &syslog->target, &syslog->options, &syslog->arena, why);
}

static int make_carrier(struct syslog_sink *syslog, const struct sink_options *options)
{
	static struct carrier *(*const create[])(void) = {
		[SYSLOG_DATAGRAMS] = datagram_carrier_create,
		[SYSLOG_STREAM] = stream_carrier_create,
		[SYSLOG_RELP] = relp_create,
	};
	struct carrier *carrier = create[syslog->target.carrier]();

	if (!carrier)
		return -ENOMEM;
	carrier->target = &syslog->target;
	carrier->who = syslog->who;
	carrier->loop = options->loop;
	carrier->on_done = on_done;
	carrier->context = syslog;
	syslog->carrier = carrier;
	return 0;
}

static int syslog_create(
	const struct sink_options *options, struct sink **ret_sink, struct buffer *why)
{
	struct syslog_sink *syslog = calloc(1, sizeof(*syslog));
	int r;

	if (!syslog)
		return -ENOMEM;
	syslog->sink = (struct sink){ &syslog_ops, options->listener };
	syslog->who = options->settings->id;
	r = read_options(syslog, options, why);
	if (r == 0)
		r = make_carrier(syslog, options);
	if (r < 0) {
		syslog_free(syslog);
		return r;
	}
	uv_timer_init(options->loop, &syslog->turn);
	*ret_sink = &syslog->sink;
	return 0;
}

const struct transport transport_syslog = {
	.name = "syslog",
	.summary = "Syslog: UDP, TCP, TLS, RELP, or this machine's socket.",
	.options = syslog_option_table,
	.n_options = SYSLOG_OPTIONS,
	.sends_bodies = true,
	.sends_messages = true,
	.create = syslog_create,
	.tune = syslog_tune,
};
