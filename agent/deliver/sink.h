/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where batches go: a transport. A delivery owns one and hands it one batch at a
 * time; the transport says when that is safe.
 *
 * Before a batch is sent for the first time, prepare notes in the cursor's record
 * what the transport needs to send it again without doubling. recover gets that
 * note back after a restart.
 */
#ifndef DELIVER_SINK_H
#define DELIVER_SINK_H

#include "config/config.h"
#include "encode/encoder.h"
#include "feed.h"
#include "journal/cursor.h"

#include <uv.h>

struct curl_loop;
struct refused_record;
struct report;
struct sink;

/* What the transport needs in the cursor, CURSOR_NOTE_LIMIT bytes at most. */
struct sink_note {
	uint32_t size;
	uint8_t bytes[CURSOR_NOTE_LIMIT];
};

struct sink_ops {
	/* After a restart, with the note of a batch that may have been sent in part
	 * (has_batch) or of the last one that was acknowledged. Blocks; not on the
	 * loop's thread. 0 or a negative errno, and then it is tried again. */
	int (*recover)(struct sink *sink, const struct sink_note *note, bool has_batch);
	/* Before a batch is sent. Blocks; not on the loop's thread. 0 or an errno. */
	int (*prepare)(
		struct sink *sink, const struct batch *batch, struct sink_note *note);
	/* Sends the prepared batch, which stays as it is until on_sent was called, on a
	 * later turn of the loop. */
	void (*send)(struct sink *sink, const struct batch *batch);
	/* The note as of now, all being acknowledged. */
	void (*note)(struct sink *sink, struct sink_note *note);
	/* Asks the send that is under way to end soon, with -ECANCELED. */
	void (*cancel)(struct sink *sink);
	/* Nothing is under way. Calls on_closed, after which the sink is gone. */
	void (*close)(struct sink *sink);
};

enum sink_verdict {
	SINK_TAKEN,     /* what was sent is safe, as far as it will be taken */
	SINK_FAILED,    /* it is not: the same again */
	SINK_TOO_LARGE, /* it will never be taken as one: in smaller batches */
	SINK_REFUSED,   /* something in it will never be taken */
};

/* What became of a batch. */
struct sink_answer {
	enum sink_verdict verdict;
	int error;        /* a negative errno, of SINK_FAILED */
	int status;       /* of the answer, for people; 0: none came */
	const char *why;  /* a line, or NULL: the error says it */
	int64_t after_ns; /* of SINK_FAILED: not again before; 0: as the back-off says */
	/* The receiver does not let us in (credentials): tried again only slowly. */
	bool is_locked_out;
	/* Of SINK_TAKEN: so many it did not take since it has them already, has newer
	 * ones, or finds them too old; more than there are stands for all. */
	uint32_t n_outdated;
	/* Of SINK_TAKEN: those that it will never take, while it has taken the others; as
	 * long as nothing else is sent. */
	const struct refused_record *refused;
	uint32_t n_refused;
};

/* Told on the loop. */
struct sink_listener {
	void (*on_sent)(struct sink_listener *listener, const struct sink_answer *answer);
	void (*on_closed)(struct sink_listener *listener);
};

struct sink {
	const struct sink_ops *ops;
	struct sink_listener *listener;
};

/* Tells the listener in short: 0, all is safe; or a negative errno. */
void sink_tell_sent(struct sink *sink, int result);

struct sink_options {
	uv_loop_t *loop;
	struct curl_loop *curl;               /* of that loop */
	const struct sink_settings *settings; /* outlives the sink */
	const struct encoder_type *format;
	struct sink_listener *listener;
};

/* A transport: its options and how one is made. */
struct transport {
	const char *name;
	const char *summary;
	const struct rk_option *options;
	size_t n_options;
	/* Each batch is a message with a body of its own; else batches follow each other
	 * in a file, which not every format can (encoder_type.finish). */
	bool sends_bodies;
	/* It takes messages one by one, so formats that make such and no others. */
	bool sends_messages;
	/* Tells of options that only make sense together, as problems at the values'
	 * places. May be NULL. */
	void (*check)(const struct values *options, struct report *report);
	/* 0; a negative errno with a reason appended to why. */
	int (*create)(const struct sink_options *options, struct sink **ret_sink,
		struct buffer *why);
	/* Tells the encoder what the sink configures about its format; what it is given
	 * is borrowed from the sink. NULL: nothing. */
	void (*tune)(struct sink *sink, struct encoder *encoder);
};

/* All transports, sorted by name. */
extern const struct transport *const transports[];
extern const size_t n_transports;

const struct transport *transport_find(const char *name);

/* Whether a transport can carry a format. */
bool transport_carries(
	const struct transport *transport, const struct encoder_type *format);

#endif
