/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal against a list. A round is a random sequence of appends, deliveries,
 * rotations (segments are small), trimming (the receiver acknowledges), restarts,
 * kills and damage; the model is the list of parts in the order in which they were
 * told committed. After each step the journal must hold the end of that list, from
 * some part on that everything before was delivered, in order, but for what was damaged;
 * and the states must be what the list adds up to.
 *
 *	model --seed S --rounds N
 */
#include "base/cleanup.h"
#include "campaign.h"
#include "disk.h"
#include "journal/internal.h"
#include "power.h"

#include <stdio.h>
#include <stdlib.h>

static struct campaign campaign = { .name = "model", .n_rounds = 120 };

static struct {
	uint64_t steps, parts, restarts, kills, damages;
} sums;

/* ---- the model --------------------------------------------------------- */

/* The parts that were told stand in the list in the order of their numbers: those that
 * the journal has must follow each other, and those that it lacks come before. */
static void compare(struct world *world)
{
	const struct ledger *ledger = world->ledger;
	uint64_t last = 0;
	bool begun = false;

	power_check_journal(world);
	power_check_states(world);
	for (size_t i = 0; i < ledger->n_parts; i++) {
		const struct ledger_part *part = &ledger->parts[i];

		if (!part->told || part->damaged)
			continue;
		must(part->found || !begun, "value %lld is missing within the journal",
			(long long)part->first_value);
		begun |= part->found;
		if (!part->found)
			continue;
		must(part->position.sequence > last, "value %lld is out of order",
			(long long)part->first_value);
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
	sums.kills += disk_is_dead();
	sums.restarts++;
	disk_revive();
	if (random_below(&world->random, 4) == 0) {
		power_damage(world);
		sums.damages++;
	}
	open_all(world);
}

static void step(struct world *world)
{
	switch (random_below(&world->random, 10)) {
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

static void play(uint64_t seed)
{
	CLEANUP_FREE char *root = campaign_folder(&campaign, "state");
	struct ledger ledger = { .is_recorded = true };
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
	world_flush(&world);
	power_check_receiver(&world);
	close_all(&world);
	sums.parts += ledger.n_parts;
	world_finish(&world);
	ledger_finish(&ledger);
}

int main(int argc, char **argv)
{
	campaign_begin(&campaign, argc, argv);
	while (campaign_next(&campaign))
		play(campaign.seed);
	disk_unwatch();
	printf("model    %llu rounds, %llu comparisons, %llu parts, %llu restarts, %llu "
	       "kills, "
	       "%llu damaged; lost 0, invented 0, doubled 0",
		(unsigned long long)campaign_rounds(&campaign),
		(unsigned long long)sums.steps, (unsigned long long)sums.parts,
		(unsigned long long)sums.restarts, (unsigned long long)sums.kills,
		(unsigned long long)sums.damages);
	campaign_end(&campaign);
	return 0;
}
