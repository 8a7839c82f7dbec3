/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Power loss. A round is one point at which the power goes: one workload serves
 * many. A workload is a few lives of a journal with a delivery, each of which ends in
 * order or is killed, on a disk that keeps a log (disk.h). For each point the state
 * that may be left is made in a folder of its own; there the journal is opened again,
 * read, compared with all that was promised until then, written on and delivered.
 * With the modes file and gzip the sink is the agent's own, which writes files there.
 *
 *	power --seed S --points N --mode commit|interval|never|file|gzip
 */
#include "power.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "campaign.h"
#include "disk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As many points are taken from one workload. */
enum { POINTS_EACH = 40 };

static struct campaign campaign = { .name = "power", .n_rounds = 800 };

struct mode {
	const char *name;
	enum journal_sync sync;
	bool writes_files, compresses;
};

static struct {
	uint64_t workloads, entries, parts, batches, repeated, gone;
} sums;

/* An empty folder, by a path that is the same in each run: it stands in the cursor. */
static const char *fresh_root(void)
{
	static const char name[] = "alive";

	free(campaign_folder(&campaign, name));
	must(chdir(campaign.folder) == 0, "cannot enter '%s'", campaign.folder);
	return name;
}

static void begin(struct world *world, const struct mode *mode, const char *root,
	uint64_t seed, struct ledger *ledger)
{
	world_init(world, root, mode->sync, seed, ledger);
	if (mode->writes_files)
		world_use_files(world, root, mode->compresses);
}

/* ---- the workload ------------------------------------------------------ */

static void step(struct world *world)
{
	switch (random_below(&world->random, 8)) {
	case 0:
	case 1:
		world_deliver(world);
		break;
	case 2:
		world_pass_interval(world);
		break;
	case 3:
		world_append(world, 2 + random_below(&world->random, 5), 12);
		break;
	case 4:
		world_append(world, 1, WORLD_SERIES);
		break;
	default:
		world_append(world, 1, 6);
		break;
	}
}

/* Opens, works and ends; killed at any entry of the log, or in order. */
static void live(struct world *world)
{
	uint64_t steps = 2 + random_below(&world->random, 14);

	if (random_below(&world->random, 2) == 0)
		disk_kill_at(disk_size() + random_below(&world->random, 80));
	if (world_open_journal(world) == 0) {
		if (world_open_delivery(world) == 0) {
			while (steps-- > 0 && !disk_is_dead())
				step(world);
			/* Or it ends while a batch is under way. */
			if (random_below(&world->random, 4) == 0)
				world_begin_jobs(world, random_below(&world->random, 3));
		}
		world_close_delivery(world);
		world_close_journal(world);
	} else {
		must(disk_is_dead(), "the journal cannot be opened");
	}
	campaign.crashes += disk_is_dead();
	disk_revive();
}

static void work(struct ledger *ledger, const struct mode *mode, uint64_t seed)
{
	const char *root = fresh_root();
	uint64_t lives;
	struct world world;

	*ledger = (struct ledger){
		.is_recorded = true,
		.is_stateless = seed % 3 == 0,
		.may_double = mode->sync == JOURNAL_SYNC_NEVER,
		.may_differ = mode->sync == JOURNAL_SYNC_NEVER,
	};
	disk_watch(root);
	begin(&world, mode, root, seed, ledger);
	lives = 1 + random_below(&world.random, 4);
	while (lives-- > 0)
		live(&world);
	world_finish(&world);
	disk_seal();
	sums.workloads++;
	sums.entries += disk_size();
	sums.parts += ledger->n_parts;
	campaign.samples += (uint64_t)ledger->next_value;
	sums.batches += ledger->n_batches;
	sums.repeated += ledger->n_repeated;
}

/* ---- one point --------------------------------------------------------- */

static void reopen(struct world *world)
{
	must(world_open_journal(world) == 0, "the journal cannot be opened");
	campaign.restarts++;
	power_read_files(world, false);
	power_check_journal(world);
	power_check_states(world);
	power_check_cursor(world);
	must(world_open_delivery(world) == 0, "the delivery cannot be opened");
}

static void go_on(struct world *world)
{
	reopen(world);
	for (int i = 0; i < 3; i++)
		world_append(world, 1, 6);
	if (random_below(&world->random, 4) == 0) {
		world_close_delivery(world);
		world_close_journal(world);
		reopen(world);
	}
	world_flush(world);
	power_read_files(world, true);
	power_check_receiver(world);
	world_close_delivery(world);
	world_close_journal(world);
}

static void count_gone(const struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->n_parts; i++)
		sums.gone += ledger->parts[i].told && !ledger->parts[i].damaged &&
			     !ledger_has_all(ledger, &ledger->parts[i]);
}

/* In the folder of the workload, since the paths of files stand in the cursor. */
static void lose(const struct ledger *ledger, const struct mode *mode, uint64_t seed)
{
	const char *root = fresh_root();
	struct ledger then;
	struct world world;
	struct random random;
	size_t point;

	random_seed(&random, seed);
	point = (size_t)random_below(&random, disk_size() + 1);
	campaign.crashes++;
	campaign_place("   (the power went at entry %zu of %zu)", point, disk_size());
	disk_lose(random_next(&random), point, root);
	ledger_at(ledger, point, &then);
	begin(&world, mode, root, random_next(&random), &then);
	world.now_ns += INT64_C(1000000000000);
	if (random_below(&random, 4) == 0)
		power_damage(&world);
	go_on(&world);
	count_gone(&then);
	world_finish(&world);
	ledger_finish(&then);
}

static const struct mode *read_mode(void)
{
	static const struct mode modes[] = {
		{ "commit", JOURNAL_SYNC_COMMIT, false, false },
		{ "interval", JOURNAL_SYNC_INTERVAL, false, false },
		{ "never", JOURNAL_SYNC_NEVER, false, false },
		{ "file", JOURNAL_SYNC_COMMIT, true, false },
		{ "gzip", JOURNAL_SYNC_COMMIT, true, true },
	};

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (strcmp(campaign.mode, modes[i].name) == 0)
			return &modes[i];
	}
	fprintf(stderr, "power: --mode is commit, interval, never, file or gzip\n");
	exit(2);
}

int main(int argc, char **argv)
{
	struct ledger ledger = { 0 };
	uint64_t worked = UINT64_MAX;
	const struct mode *mode;

	campaign.mode = "commit";
	campaign_begin(&campaign, argc, argv);
	mode = read_mode();
	while (campaign_next(&campaign)) {
		if (campaign.seed / POINTS_EACH != worked) {
			worked = campaign.seed / POINTS_EACH;
			ledger_finish(&ledger);
			work(&ledger, mode, worked);
			if (campaign.verbose)
				disk_print();
		}
		lose(&ledger, mode, campaign.seed);
	}
	ledger_finish(&ledger);
	disk_unwatch();
	campaign_end(&campaign,
		"%s: %llu workloads, %llu entries, %llu parts, %llu batches, %llu came "
		"again, %llu parts gone as the mode allows",
		campaign.mode, (unsigned long long)sums.workloads,
		(unsigned long long)sums.entries, (unsigned long long)sums.parts,
		(unsigned long long)sums.batches, (unsigned long long)sums.repeated,
		(unsigned long long)sums.gone);
	return 0;
}
