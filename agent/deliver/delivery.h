/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Brings what the journal holds to one sink: at least once, in order, in frozen
 * batches. delivery.c draws its states.
 */
#ifndef DELIVER_DELIVERY_H
#define DELIVER_DELIVERY_H

#include "base/timers.h"
#include "journal/journal.h"
#include "sink.h"

struct random;

struct delivery;

struct delivery_options {
	uv_loop_t *loop;
	struct timers *timers;
	struct random *random;
	struct journal *journal;
	struct curl_loop *curl; /* of the loop, for transports that want it */
	const char *journal_folder, *cursor_folder, *dead_letter_folder;
	bool sync; /* whether the cursor's records must survive power loss */
	const struct sink_settings *settings; /* outlives the delivery */
	const struct transport *transport;    /* of the settings' type */
	/* Told when nothing is left to deliver after delivery_flush. May be NULL. */
	void (*on_idle)(void *context, struct delivery *delivery);
	/* Told when the sink begins to lose what it lags behind with, and when it loses
	 * no more. May be NULL. */
	void (*on_losing)(void *context, struct delivery *delivery, bool losing);
	void *context;
};

/* Opens the sink and its cursor; a new one begins where `from` says. Blocks on the
 * cursor's file. 0, or a negative errno with a reason appended to why. */
int delivery_open(const struct delivery_options *options, struct delivery **ret_delivery,
	struct buffer *why);

/* Delivers what is readable without waiting for a batch to fill or to age, now and
 * from now on. */
void delivery_flush(struct delivery *delivery);

/* Whether all that the journal has was acknowledged. */
bool delivery_is_done(const struct delivery *delivery);

/* Sends the sink's dead letters again, once each, and tells what became of them. 0;
 * -EBUSY: it does so already; -EAGAIN: it cannot deliver at present; -ECANCELED: it is
 * being closed; -ENOMEM: on_done is then not called. */
struct replay_result;
int delivery_replay(struct delivery *delivery,
	void (*on_done)(void *context, const struct replay_result *result),
	void *context);
bool delivery_is_replaying(const struct delivery *delivery);

/* Ends what is under way; what was not acknowledged stays for the next start. */
void delivery_close(struct delivery *delivery,
	void (*on_closed)(void *context, struct delivery *delivery), void *context);

struct delivery_status {
	const char *id;
	uint64_t records, bytes, batches; /* acknowledged since the start */
	uint64_t failures, damaged_frames, unknown_records, redone;
	/* Beyond bounds; samples as far as they could be counted. */
	uint64_t lost_frames, lost_samples;
	uint64_t given_up;     /* batches that may have arrived all the same */
	uint64_t dead_letters; /* records that the receiver refused for good */
	/* Records that the receiver did not take since it has them already, has newer
	 * ones or finds them too old; records has them too. */
	uint64_t outdated;
	uint64_t dropped_letters; /* of the oldest ones, for want of room */
	uint64_t replayed;        /* of them, delivered after all */
	uint64_t left_out;        /* events that the format has no place for */
	uint64_t backlog_bytes;   /* of the journal, not acknowledged */
	bool failing, losing;
	bool locked_out; /* the receiver does not take our credentials */
};

void delivery_status(const struct delivery *delivery, struct delivery_status *ret_status);

#endif
