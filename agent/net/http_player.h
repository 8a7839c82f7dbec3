/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A carrier that answers from a recording: each request gets the first answer that was
 * given to the same method, URL and body and has not been given again, as soon as the
 * loop turns. What was not recorded fails.
 *
 * Its clock shows the time of the recording, as of the last answer.
 */
#ifndef NET_HTTP_PLAYER_H
#define NET_HTTP_PLAYER_H

#include "base/clock.h"
#include "http_exchange.h"
#include "http_recording.h"

struct timers;

struct http_player {
	struct http_carrier carrier;
	struct clock clock;
	struct timers *timers; /* borrowed */
	const char *folder;    /* borrowed */
	struct http_playing {
		struct http_recorded *items; /* owned, in the order of their files */
		size_t n;
		int64_t now_ns;
	} * playing;
};

/* Reads the whole folder. 0, or a negative errno with a reason appended to why. */
int http_player_init(struct http_player *player, const char *folder,
	struct timers *timers, struct buffer *why);
void http_player_finish(struct http_player *player);

#endif
