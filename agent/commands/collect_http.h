/* SPDX-License-Identifier: Apache-2.0 */
/* Who answers the HTTP requests of a collector that is run by hand: the network, which
 * may be recorded, or a recording. */
#ifndef COMMANDS_COLLECT_HTTP_H
#define COMMANDS_COLLECT_HTTP_H

#include "host/buckets.h"
#include "host/secret_files.h"
#include "net/http_network.h"
#include "net/http_player.h"
#include "net/http_recorder.h"

struct host_shared;

struct collect_http_options {
	const char *record, *replay; /* folders; NULL: neither */
	const char *state_dir;       /* of the agent */
};

struct collect_http {
	struct curl_loop *curl; /* owned */
	char *secret_folder;    /* owned */
	struct http_network network;
	struct http_recorder recorder;
	struct http_player player;
	struct buckets buckets;
	struct secret_files secrets;
};

/* Fills in what instances share of it; loop and timers are there. collect_http_finish in
 * any case. 0, or a negative errno with a reason appended to why. */
int collect_http_open(struct collect_http *http,
	const struct collect_http_options *options, struct host_shared *shared,
	struct buffer *why);

/* Nothing is asked any more; the loop turns once more. */
void collect_http_close(struct collect_http *http);

/* The loop is closed. The result of the first exchange that could not be written down. */
int collect_http_finish(struct collect_http *http);

#endif
