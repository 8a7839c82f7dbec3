/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A hostile receiver on a real socket. A round appends, delivers and restarts the
 * delivery and the journal while the receiver commits and drops the connection,
 * rejects, answers late or tears the message; at the end each value is there once
 * after it dropped the ids that it had, and no id ever had two contents.
 *
 *	hostile --seed S --rounds N
 */
#include "base/cleanup.h"
#include "campaign.h"
#include "receiver.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

static struct campaign campaign = { .name = "hostile", .n_rounds = 40 };

static struct {
	uint64_t cancelled, messages, repeated, rejected, dropped, late, torn;
} sums;

static void open_all(struct world *world)
{
	must(world_open_journal(world) == 0 && world_open_delivery(world) == 0,
		"cannot be opened");
}

static void close_all(struct world *world)
{
	world_close_delivery(world);
	world_close_journal(world);
	campaign.restarts++;
}

/* Appends and closes while a send is under way: nothing waits for its answer. */
static void close_while_sending(struct world *world)
{
	world_append(world, 1, 12);
	world_begin_sending(world);
	sums.cancelled += world->sending;
	close_all(world);
	open_all(world);
}

static void work(struct world *world)
{
	uint64_t steps = 10 + random_below(&world->random, 30);

	open_all(world);
	while (steps-- > 0) {
		switch (random_below(&world->random, 6)) {
		case 0:
			close_while_sending(world);
			break;
		case 1:
		case 2:
			world_deliver(world);
			break;
		default:
			world_append(world, 1, WORLD_SERIES);
			break;
		}
	}
	world_flush(world);
	close_all(world);
}

/* What the receiver has, looked at as the ledger does. */
static void check(struct receiver *receiver, struct ledger *ledger)
{
	for (size_t i = 0; i < receiver->n; i++) {
		struct batch batch = {
			.begin = receiver->ids[i].begin,
			.n_records = receiver->ids[i].n_records,
			.bytes = receiver->contents[i],
		};

		ledger_receive(ledger, &batch);
	}
	for (size_t i = 0; i < ledger->n_parts; i++)
		must_else(FAULT_LOST, ledger_has_all(ledger, &ledger->parts[i]),
			"value %lld is not delivered",
			(long long)ledger->parts[i].first_value);
}

static void count(const struct receiver *receiver, const struct ledger *ledger)
{
	campaign.samples += (uint64_t)ledger->next_value;
	sums.messages += receiver->n_messages;
	sums.repeated += receiver->n_repeated;
	sums.rejected += receiver->n_rejected;
	sums.dropped += receiver->n_dropped;
	sums.late += receiver->n_late;
	sums.torn += receiver->n_torn;
}

static void play(uint64_t seed)
{
	CLEANUP_FREE char *root = campaign_folder(&campaign, "state");
	struct ledger ledger = { 0 };
	struct receiver receiver;
	struct world world;

	receiver_start(&receiver, (enum receiver_mode)(seed % RECEIVER_MODES), seed);
	world_init(&world, root, JOURNAL_SYNC_COMMIT, seed, &ledger);
	world.transport = receiver_transport(&world, receiver.port);
	work(&world);
	receiver_stop(&receiver);
	check(&receiver, &ledger);
	count(&receiver, &ledger);
	world_finish(&world);
	receiver_finish(&receiver);
	ledger_finish(&ledger);
}

int main(int argc, char **argv)
{
	campaign_begin(&campaign, argc, argv);
	while (campaign_next(&campaign))
		play(campaign.seed);
	campaign_end(&campaign,
		"%llu restarts while sending, %llu messages: %llu came again, %llu "
		"rejected, %llu dropped, %llu late, %llu torn",
		(unsigned long long)sums.cancelled, (unsigned long long)sums.messages,
		(unsigned long long)sums.repeated, (unsigned long long)sums.rejected,
		(unsigned long long)sums.dropped, (unsigned long long)sums.late,
		(unsigned long long)sums.torn);
	return 0;
}
