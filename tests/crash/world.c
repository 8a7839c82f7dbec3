/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "base/file.h"
#include "base/macros.h"
#include "base/units.h"
#include "campaign.h"
#include "disk.h"
#include "journal/internal.h"
#include "loop.h"
#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* So far ahead that a thread which waits for a time of this clock waits until it is
 * woken, however long the machine is up. */
#define WORLD_BEGIN_NS INT64_C(1000000000000000000)

static struct random epochs;

/* Epochs are the seed's as well. Only the loop's thread asks. */
ssize_t getrandom(void *to, size_t n, unsigned int flags)
{
	uint8_t *at = to;

	(void)flags;
	for (size_t i = 0; i < n; i++)
		at[i] = (uint8_t)random_next(&epochs);
	return (ssize_t)n;
}

bool world_coin(void)
{
	return random_below(&epochs, 2) == 0;
}

static int64_t world_time_ns(const struct clock *clock)
{
	return container_of_const(clock, struct world, clock)->now_ns;
}

/* ---- beginning and end ------------------------------------------------- */

static uint64_t between(struct world *world, uint64_t least, uint64_t most)
{
	return least + random_below(&world->random, most - least + 1);
}

void world_init(struct world *world, const char *root, enum journal_sync sync,
	uint64_t seed, struct ledger *ledger)
{
	*world = (struct world){
		.clock = { world_time_ns, world_time_ns },
		.now_ns = WORLD_BEGIN_NS,
		.ledger = ledger,
		.hostility = 30,
	};
	random_seed(&world->random, seed);
	random_seed(&world->jitter, seed + 1);
	random_seed(&epochs, seed + 2);
	timers_init(&world->timers, &world->clock);
	world->journal_settings = (struct journal_settings){
		.max_size.bytes = 1u << 30,
		.segment_size.bytes = between(world, 1, 8) << 10,
		.max_age.ns = 1000 * 3600 * NS_PER_SECOND,
		.sync = sync,
		.sync_interval.ns = NS_PER_SECOND,
	};
	world->sink_settings = (struct sink_settings){
		.id = "world",
		.type = "world",
		.format = "ndjson",
		.enabled = true,
		.from.index = SINK_FROM_OLDEST,
		.batch = { { 64u << 10 }, (int64_t)between(world, 3, 60),
			{ 60 * NS_PER_SECOND } },
		.retry = { { NS_PER_SECOND }, { 8 * NS_PER_SECOND } },
	};
	must(asprintf(&world->state_folder, "%s/state", root) > 0, "memory");
	must(asprintf(&world->journal_folder, "%s/state/journal", root) > 0, "memory");
	must(asprintf(&world->cursor_folder, "%s/state/cursors", root) > 0, "memory");
}

void world_finish(struct world *world)
{
	timers_finish(&world->timers);
	free(world->state_folder);
	free(world->journal_folder);
	free(world->cursor_folder);
	free(world->output_folder);
}

char *world_cursor_path(const struct world *world)
{
	char *path = NULL;

	must(asprintf(&path, "%s/world.cursor", world->cursor_folder) > 0, "memory");
	return path;
}

/* ---- opening ----------------------------------------------------------- */

static void on_news(struct journal_consumer *consumer)
{
	struct world *world = container_of(consumer, struct world, watcher);

	world->n_news++;
	/* Holds no segment longer than the delivery does. */
	list_each(link, &world->journal->consumers)
	{
		if (link != &consumer->link)
			consumer->position =
				container_of(link, struct journal_consumer, link)
					->position;
	}
}

int world_open_journal(struct world *world)
{
	struct journal_options options = {
		.folder = world->journal_folder,
		.settings = &world->journal_settings,
		.clock = &world->clock,
	};
	struct source_view source = parts_source();
	struct buffer why = { 0 };
	int r = folder_create(world->state_folder, 0750);

	must(uv_loop_init(&world->loop) == 0, "cannot make a loop");
	if (r == 0)
		r = folder_create(world->cursor_folder, 0750);
	if (r == 0)
		r = journal_open(&world->loop, &options, &world->journal, &why);
	buffer_finish(&why);
	if (r < 0) {
		uv_run(&world->loop, UV_RUN_DEFAULT);
		uv_loop_close(&world->loop);
		return r;
	}
	world->source = journal_source_create(world->journal, &source);
	must(world->source, "out of memory");
	memset(world->series_defined, 0, sizeof(world->series_defined));
	world->watcher = (struct journal_consumer){
		.position = journal_oldest(world->journal),
		.on_readable = on_news,
	};
	journal_add_consumer(world->journal, &world->watcher);
	/* A snapshot of the states may be on its way. */
	world_wait_for_writer(world);
	return 0;
}

int world_open_delivery(struct world *world)
{
	struct delivery_options options = {
		.loop = &world->loop,
		.timers = &world->timers,
		.random = &world->jitter,
		.journal = world->journal,
		.journal_folder = world->journal_folder,
		.cursor_folder = world->cursor_folder,
		.sync = world->journal_settings.sync != JOURNAL_SYNC_NEVER,
		.settings = &world->sink_settings,
		.transport = world_transport(world),
	};
	struct buffer why = { 0 };
	int r = delivery_open(&options, &world->delivery, &why);

	buffer_finish(&why);
	if (r == 0)
		world_settle(world);
	return r;
}

static void on_closed(void *context)
{
	((struct world *)context)->is_over = true;
}

static void on_delivery_closed(void *context, struct delivery *delivery)
{
	(void)delivery;
	on_closed(context);
}

void world_close_delivery(struct world *world)
{
	if (!world->delivery)
		return;
	world->is_over = false;
	delivery_close(world->delivery, on_delivery_closed, world);
	while (!world->is_over) {
		/* A job that failed rests for no time. */
		timers_run(&world->timers);
		if (world->sink && world->sink->answers)
			world_sink_answer(world->sink);
		else if (!world_do_job(world))
			uv_run(&world->loop, UV_RUN_ONCE);
	}
	world->delivery = NULL;
}

void world_close_journal(struct world *world)
{
	journal_source_destroy(world->journal, world->source);
	journal_remove_consumer(world->journal, &world->watcher);
	world->is_over = false;
	journal_close(world->journal, on_closed, world);
	while (!world->is_over)
		uv_run(&world->loop, UV_RUN_ONCE);
	loop_finish(&world->loop);
}

/* ---- steps ------------------------------------------------------------- */

struct appending {
	struct world *world;
	size_t part;
};

static void on_done(void *context, int result, const struct part *part,
	const struct position *position)
{
	struct appending *appending = context;
	struct world *world = appending->world;
	struct ledger_part *own = &world->ledger->parts[appending->part];

	(void)part;
	world->n_unsettled--;
	if (result == 0) {
		own->told = ledger_mark(world->ledger, MARK_TOLD, appending->part);
		if (own->told)
			ledger_place_part(world->ledger, own, position);
	}
	free(appending);
}

/* Whether a series among these was not defined since the journal was opened; now
 * they are. */
static bool define(struct world *world, uint32_t first, uint32_t n)
{
	bool all = true;

	for (uint32_t i = first; i < first + n; i++) {
		all &= world->series_defined[i];
		world->series_defined[i] = true;
	}
	return !all;
}

/* A part remembers its first value, under a key that other parts have, too. */
static void change_state(struct part *part, size_t which, int64_t value)
{
	char key = (char)('a' + which % WORLD_KEYS);

	state_pack_set(&part->state, (struct slice){ &key, 1 },
		(struct slice){ (const char *)&value, sizeof(value) });
}

/* The samples of a part are of series one after the other. */
static void append_one(struct world *world, uint32_t most)
{
	uint32_t n = (uint32_t)between(world, 1, most);
	uint32_t first = (uint32_t)between(world, 0, WORLD_SERIES - n);
	size_t which = ledger_add_part(world->ledger, first, n);
	int64_t value = world->ledger->parts[which].first_value;
	struct appending *appending = malloc(sizeof(*appending));
	struct part *part;

	must(appending, "out of memory");
	*appending = (struct appending){ world, which };
	part = parts_make(first, n, value, define(world, first, n));
	if (!world->ledger->is_stateless)
		change_state(part, which, value);
	world->ledger->parts[which].appended =
		ledger_mark(world->ledger, MARK_APPENDED, which);
	must(journal_append(world->journal, world->source, part, on_done, appending) == 0,
		"cannot append");
	world->n_unsettled++;
}

static void wait_for_parts(struct world *world)
{
	while (world->n_unsettled > 0)
		world_turn(world);
	world_settle(world);
}

/* The writer is held at the first part, while the others come. */
static void append_held(struct world *world, size_t n, uint32_t most)
{
	disk_close_gate(DISK_GATE_CHANGES);
	append_one(world, most);
	disk_wait_at_gate();
	for (size_t i = 1; i < n; i++)
		append_one(world, most);
	disk_begin_turns();
	disk_open_gate();
}

/* The writer is held at the sync: whoever is told before it is told too early. */
static void append_unsynced(struct world *world, uint32_t most)
{
	disk_close_gate(DISK_GATE_SYNCS);
	append_one(world, most);
	disk_wait_at_gate();
	for (int i = 0; i < 3; i++)
		uv_run(&world->loop, UV_RUN_NOWAIT);
	disk_open_gate();
}

void world_append(struct world *world, size_t n, uint32_t most)
{
	bool holds = world->ledger->is_recorded && !disk_is_dead();
	bool syncs = world->journal_settings.sync == JOURNAL_SYNC_COMMIT;

	if (n > 1 && holds)
		append_held(world, n, most);
	else if (holds && syncs && random_below(&world->random, 4) == 0)
		append_unsynced(world, most);
	else
		append_one(world, most);
	wait_for_parts(world);
}

void world_pass_interval(struct world *world)
{
	world->now_ns += world->journal_settings.sync_interval.ns;
	world_settle(world);
}

void world_deliver(struct world *world)
{
	world->now_ns += world->sink_settings.batch.max_age.ns;
	timers_run(&world->timers);
	world_settle(world);
}

void world_begin_sending(struct world *world)
{
	world->now_ns += world->sink_settings.batch.max_age.ns;
	timers_run(&world->timers);
	while (world_do_job(world))
		;
}

void world_begin_jobs(struct world *world, uint64_t n)
{
	world->now_ns += world->sink_settings.batch.max_age.ns;
	timers_run(&world->timers);
	while (n-- > 0 && world_do_job(world))
		;
}

/* Whatever the receiver refuses, it takes some day. */
void world_flush(struct world *world)
{
	world->hostility = 0;
	if (world->sink && world->sink->answers)
		world_sink_answer(world->sink);
	delivery_flush(world->delivery);
	world_pass_interval(world);
	for (int i = 0; i < 10000 && !delivery_is_done(world->delivery); i++)
		world_deliver(world);
	must(delivery_is_done(world->delivery), "the delivery does not come to its end");
}
