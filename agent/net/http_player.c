/* SPDX-License-Identifier: Apache-2.0 */
#include "http_player.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/text.h"
#include "base/timers.h"

#include <errno.h>
#include <stdlib.h>

#define MOST_RECORDED 10000

struct playback {
	struct timer timer;
	const struct http_player *player;
	struct http_exchange *exchange;
	const struct http_recorded *recorded; /* NULL: it is not in the recording */
};

/* ---- time -------------------------------------------------------------------- */

static int64_t wall_ns(const struct clock *clock)
{
	return container_of_const(clock, struct http_player, clock)->playing->now_ns;
}

static int64_t monotonic_ns(const struct clock *clock)
{
	(void)clock;
	return clock_monotonic_ns(&clock_system);
}

/* ---- answers ----------------------------------------------------------------- */

static bool is_for(const struct http_recorded *recorded, struct http_call *call)
{
	const char *shown = buffer_text(&call->shown);

	if (recorded->is_used || !shown || !text_equal(recorded->method, call->method) ||
		!text_equal(recorded->url, shown))
		return false;
	if (call->is_grant)
		return true;
	return recorded->body.size == call->body_size &&
	       (call->body_size == 0 ||
		       memcmp(recorded->body.data, call->body, call->body_size) == 0);
}

static const struct http_recorded *find(
	const struct http_player *player, struct http_call *call)
{
	struct http_playing *playing = player->playing;

	for (size_t i = 0; i < playing->n; i++) {
		if (!is_for(&playing->items[i], call))
			continue;
		playing->items[i].is_used = true;
		return &playing->items[i];
	}
	return NULL;
}

static void copy_reply(const struct http_reply *from, struct http_reply *to)
{
	*to = *from;
	to->fields.bytes = to->body = (struct buffer){ 0 };
	buffer_append(
		&to->fields.bytes, from->fields.bytes.data, from->fields.bytes.size);
	buffer_append(&to->body, from->body.data, from->body.size);
	if (buffer_failed(&to->fields.bytes) || buffer_failed(&to->body))
		http_reply_fail(to, -ENOMEM, "out of memory");
}

static void playback_free(struct playback *playback)
{
	struct timers *timers = playback->player->timers;

	playback->exchange->flight = NULL;
	timers_unset(timers, &playback->timer);
	timers_release(timers, 1);
	free(playback);
}

static void on_due(struct timer *timer)
{
	struct playback *playback = container_of(timer, struct playback, timer);
	struct http_exchange *exchange = playback->exchange;
	const struct http_recorded *recorded = playback->recorded;
	const struct http_player *player = playback->player;
	uint64_t most = exchange->call.max_body;

	playback_free(playback);
	if (recorded) {
		player->playing->now_ns =
			MAX(player->playing->now_ns, recorded->answered_ns);
		copy_reply(&recorded->reply, &exchange->reply);
		if (exchange->reply.body.size > most)
			http_reply_fail(&exchange->reply, -EFBIG,
				"the body is larger than %llu bytes",
				(unsigned long long)most);
	} else {
		http_reply_fail(&exchange->reply, -ENOENT,
			"'%s' has no answer to this %s, or not so many", player->folder,
			exchange->call.method);
	}
	exchange->on_done(exchange);
}

static int player_start(
	const struct http_carrier *carrier, struct http_exchange *exchange)
{
	const struct http_player *player =
		container_of_const(carrier, struct http_player, carrier);
	struct playback *playback = calloc(1, sizeof(*playback));

	if (!playback || timers_reserve(player->timers, 1) < 0) {
		free(playback);
		return -ENOMEM;
	}
	playback->timer.on_due = on_due;
	playback->player = player;
	playback->exchange = exchange;
	playback->recorded = find(player, &exchange->call);
	exchange->flight = playback;
	timers_set_after(player->timers, &playback->timer, 0);
	return 0;
}

static void player_cancel(
	const struct http_carrier *carrier, struct http_exchange *exchange)
{
	(void)carrier;
	playback_free(exchange->flight);
}

static const struct http_carrier_ops player_ops = {
	.start = player_start,
	.cancel = player_cancel,
};

/* ---- the folder ---------------------------------------------------------------- */

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_recorded(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 5 && text_equal(entry->d_name + n - 5, ".json");
}

static int read_one(struct http_player *player, const char *name, struct buffer *why)
{
	struct http_playing *playing = player->playing;
	struct http_recorded *recorded = &playing->items[playing->n];
	CLEANUP_FREE char *path = path_join(player->folder, name);
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	CLEANUP(buffer_finish) struct buffer wrong = { 0 };
	int r = path ? file_read(path, HTTP_RECORDING_FILE_MOST, &text) : -ENOMEM;

	if (r == 0)
		r = http_recording_read(player->folder, (const char *)text.data,
			text.size, recorded, &wrong);
	if (r < 0) {
		buffer_append_format(why, "'%s/%s': %s", player->folder, name,
			wrong.size > 0 ? buffer_text(&wrong) : strerror(-r));
		return r;
	}
	if (playing->now_ns == 0)
		playing->now_ns = recorded->asked_ns;
	playing->n++;
	return 0;
}

static int read_all(struct http_player *player, struct buffer *why)
{
	struct dirent **entries = NULL;
	int n = scandir(player->folder, &entries, is_recorded, by_name), r = 0;

	if (n < 0 || n > MOST_RECORDED) {
		r = n < 0 ? -errno : -E2BIG;
		buffer_append_format(why, "'%s': %s", player->folder, strerror(-r));
	} else {
		player->playing->items =
			calloc((size_t)n + 1, sizeof(*player->playing->items));
		if (!player->playing->items)
			r = -ENOMEM;
	}
	for (int i = 0; i < n; i++) {
		if (r == 0)
			r = read_one(player, entries[i]->d_name, why);
		free(entries[i]);
	}
	free(entries);
	return r;
}

int http_player_init(struct http_player *player, const char *folder,
	struct timers *timers, struct buffer *why)
{
	*player = (struct http_player){
		.carrier = { &player_ops, true },
		.clock = { monotonic_ns, wall_ns },
		.timers = timers,
		.folder = folder,
		.playing = calloc(1, sizeof(*player->playing)),
	};
	return player->playing ? read_all(player, why) : -ENOMEM;
}

void http_player_finish(struct http_player *player)
{
	struct http_playing *playing = player->playing;

	for (size_t i = 0; playing && i < playing->n; i++)
		http_recorded_finish(&playing->items[i]);
	if (playing)
		free(playing->items);
	free(playing);
	player->playing = NULL;
}
