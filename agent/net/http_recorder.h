/* SPDX-License-Identifier: Apache-2.0 */
/* A carrier that has another one answer and writes each exchange down (http_recording.h).
 */
#ifndef NET_HTTP_RECORDER_H
#define NET_HTTP_RECORDER_H

#include "http_exchange.h"

struct clock;

struct http_recorder {
	struct http_carrier carrier;
	const struct http_carrier *behind; /* borrowed */
	const struct clock *clock;         /* borrowed */
	const char *folder;                /* borrowed */
	/* Changed by a carrier, which is const to those who ask. */
	struct http_recorder_state {
		unsigned int n;
		int result; /* of the first file that could not be written */
	} * state;
};

/* Makes the folder. 0 or a negative errno. */
int http_recorder_init(struct http_recorder *recorder, const char *folder,
	const struct http_carrier *behind, const struct clock *clock);
void http_recorder_finish(struct http_recorder *recorder);

#endif
