/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal against a list. A round is a random sequence of appends, deliveries,
 * rotations (segments are small), trimming (the receiver acknowledges), reloads (other
 * bounds, a new delivery with another shape of batches), restarts, kills and damage; the
 * model is the list of parts in the order in which they were told committed. After each
 * step the journal must hold the end of that list, from some part on that everything
 * before was delivered, in order, but for what was damaged or is beyond the bounds; and
 * the states must be what the list adds up to.
 *
 *	model --seed S --rounds N
 */
#include "base/cleanup.h"
#include "campaign.h"
#include "disk.h"
#include "journal/cursor.h"
#include "journal/internal.h"
#include "power.h"

#include <stdio.h>
#include <stdlib.h>

static struct campaign campaign = { .name = "model", .n_rounds = 120 };

/* Bounds of the journal, as bytes. */
enum { ROOM_LITTLE = 5u << 10, ROOM_ENOUGH = 1u << 30 };

static struct {
	uint64_t steps, parts, damages, reloads, overtaken;
} sums;

/* ---- the model --------------------------------------------------------- */

/* What is gone while the journal has little room, the receiver may lack. */
static void note_overtaken(struct world *world)
{
	struct position oldest = journal_oldest(world->journal);

	if (world->journal_settings.max_size.bytes == ROOM_ENOUGH)
		return;
	for (size_t i = 0; i < world->ledger->n_parts; i++) {
		struct ledger_part *part = &world->ledger->parts[i];

		if (part->overtaken || part->position.epoch == 0 ||
			part->position.sequence >= oldest.sequence ||
			ledger_has_all(world->ledger, part))
			continue;
		part->overtaken = true;
		sums.overtaken++;
	}
}

/* The parts that were told stand in the list in the order of their numbers: those that
 * the journal has must follow each other, and those that it lacks come before. */
static void compare(struct world *world)
{
	const struct ledger *ledger = world->ledger;
	uint64_t last = 0;
	bool begun = false;

	note_overtaken(world);
	power_check_journal(world);
	power_check_states(world);
	for (size_t i = 0; i < ledger->n_parts; i++) {
		const struct ledger_part *part = &ledger->parts[i];

		if (!part->told || part->damaged)
			continue;
		must_else(FAULT_LOST, part->found || !begun,
			"value %lld is missing within the journal",
			(long long)part->first_value);
		begun |= part->found;
		if (!part->found)
			continue;
		must_else(FAULT_INVENTED, part->position.sequence > last,
			"value %lld is out of order", (long long)part->first_value);
		last = part->position.sequence;
	}
	sums.steps++;
}

/* ---- steps ------------------------------------------------------------- */

static void open_all(struct world *world)
{
	must(world_open_journal(world) == 0, "the journal does not open");
	compare(world);
	power_check_cursor(world);
	must(world_open_delivery(world) == 0, "the delivery does not open");
}

static void close_all(struct world *world)
{
	world_close_delivery(world);
	world_close_journal(world);
}

static void restart(struct world *world)
{
	close_all(world);
	campaign.crashes += disk_is_dead();
	campaign.restarts++;
	disk_revive();
	if (random_below(&world->random, 4) == 0) {
		power_damage(world);
		sums.damages++;
	}
	open_all(world);
}

/* The journal has other bounds at once; a changed sink comes to rest, and its successor
 * reads on with the same cursor. */
static void reload(struct world *world)
{
	bool little = random_below(&world->random, 2) == 0;

	world->journal_settings.max_size.bytes = little ? ROOM_LITTLE : ROOM_ENOUGH;
	journal_set_bounds(world->journal, &world->journal_settings);
	world_close_delivery(world);
	world->sink_settings.batch.max_count =
		3 + (int64_t)random_below(&world->random, 50);
	must(world_open_delivery(world) == 0, "the delivery does not open");
	sums.reloads++;
}

static void step(struct world *world)
{
	switch (random_below(&world->random, 11)) {
	case 10:
		reload(world);
		break;
	case 0:
		restart(world);
		break;
	case 1:
		disk_kill_at(disk_size() + random_below(&world->random, 30));
		world_append(world, 1 + random_below(&world->random, 3), 12);
		world_deliver(world);
		restart(world);
		break;
	case 2:
	case 3:
		world_deliver(world);
		break;
	case 4:
		world_append(world, 2 + random_below(&world->random, 6), 8);
		break;
	default:
		world_append(world, 1, WORLD_SERIES);
		break;
	}
}

/* What the receiver lacks because of the bounds is counted in the cursor. */
static void check_losses(const struct world *world)
{
	CLEANUP_FREE char *path = world_cursor_path(world);
	const struct ledger *ledger = world->ledger;
	struct cursor_record record = { 0 };
	struct cursor cursor;
	uint64_t missing = 0;

	for (size_t i = 0; i < ledger->n_parts; i++)
		missing += ledger->parts[i].overtaken && !ledger->parts[i].damaged &&
			   !ledger_has_all(ledger, &ledger->parts[i]);
	must(cursor_open(&cursor, path, &record) == 0, "the cursor cannot be read");
	cursor_close(&cursor);
	must(record.lost_frames >= missing,
		"%llu parts are beyond the bounds, and %llu are counted",
		(unsigned long long)missing, (unsigned long long)record.lost_frames);
}

static void play(uint64_t seed)
{
	CLEANUP_FREE char *root = campaign_folder(&campaign, "state");
	struct ledger ledger = { .is_recorded = true, .is_stateless = seed % 3 == 0 };
	uint64_t steps = 10;
	struct world world;

	disk_watch(root);
	world_init(&world, root, JOURNAL_SYNC_COMMIT, seed, &ledger);
	steps += random_below(&world.random, 60);
	open_all(&world);
	while (steps-- > 0) {
		step(&world);
		compare(&world);
	}
	/* A loss is noticed by the next frame that is there. */
	world_append(&world, 1, 1);
	compare(&world);
	world_flush(&world);
	power_check_receiver(&world);
	close_all(&world);
	check_losses(&world);
	sums.parts += ledger.n_parts;
	campaign.samples += (uint64_t)ledger.next_value;
	world_finish(&world);
	ledger_finish(&ledger);
}

int main(int argc, char **argv)
{
	campaign_begin(&campaign, argc, argv);
	while (campaign_next(&campaign))
		play(campaign.seed);
	disk_unwatch();
	campaign_end(&campaign,
		"%llu comparisons, %llu parts, %llu times damaged, %llu reloads, %llu "
		"parts beyond the bounds",
		(unsigned long long)sums.steps, (unsigned long long)sums.parts,
		(unsigned long long)sums.damages, (unsigned long long)sums.reloads,
		(unsigned long long)sums.overtaken);
	return 0;
}
