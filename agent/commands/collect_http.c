/* SPDX-License-Identifier: Apache-2.0 */
#include "collect_http.h"

#include "base/clock.h"
#include "base/file.h"
#include "host/shared.h"
#include "net/curl_loop.h"

#include <errno.h>
#include <stdlib.h>

/* Rotating tokens are the agent's: what it has must stay of use to it. */
static int open_network(struct collect_http *http,
	const struct collect_http_options *options, struct host_shared *shared)
{
	http->curl = curl_loop_create(shared->loop);
	http->secret_folder = path_join(options->state_dir, "secrets");
	if (!http->curl || !http->secret_folder)
		return -ENOMEM;
	http_network_init(&http->network, http->curl);
	buckets_init(&http->buckets, shared->timers);
	secret_files_init(&http->secrets, shared->loop, http->secret_folder);
	shared->carrier = &http->network.carrier;
	shared->leases = &http->buckets.leases;
	shared->secrets = &http->secrets.store;
	return 0;
}

int collect_http_open(struct collect_http *http,
	const struct collect_http_options *options, struct host_shared *shared,
	struct buffer *why)
{
	int r;

	if (options->replay) {
		r = http_player_init(&http->player, options->replay, shared->timers, why);
		shared->carrier = &http->player.carrier;
		shared->clock = &http->player.clock;
		return r;
	}
	r = open_network(http, options, shared);
	if (r < 0 || !options->record)
		return r;
	r = http_recorder_init(
		&http->recorder, options->record, shared->carrier, &clock_system);
	if (r < 0)
		buffer_append_format(
			why, "cannot make '%s': %s", options->record, strerror(-r));
	shared->carrier = &http->recorder.carrier;
	return r;
}

void collect_http_close(struct collect_http *http)
{
	buckets_finish(&http->buckets);
	curl_loop_destroy(http->curl);
	http->curl = NULL;
}

int collect_http_finish(struct collect_http *http)
{
	int r = http->recorder.state ? http->recorder.state->result : 0;

	http_recorder_finish(&http->recorder);
	http_player_finish(&http->player);
	free(http->secret_folder);
	http->secret_folder = NULL;
	return r;
}
