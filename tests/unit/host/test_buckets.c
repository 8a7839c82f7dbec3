/* SPDX-License-Identifier: Apache-2.0 */
/* Budgets of accounts, under virtual time. */
#include "host/buckets.h"

#include "base/clock.h"
#include "base/macros.h"
#include "base/timers.h"
#include "cases.h"

#include <errno.h>
#include <stdio.h>

static int64_t now_ns;

static int64_t virtual_ns(const struct clock *clock)
{
	(void)clock;
	return now_ns;
}

static const struct clock virtual_clock = { virtual_ns, virtual_ns };

enum { MOST = 64 };

struct asker {
	struct lease lease;
	int64_t granted_ns; /* -1: not yet */
};

struct world {
	struct timers timers;
	struct buckets buckets;
	struct asker askers[MOST];
	size_t n;
};

static void on_granted(struct lease *lease)
{
	container_of(lease, struct asker, lease)->granted_ns = now_ns;
}

static void begin(struct world *world)
{
	*world = (struct world){ 0 };
	now_ns = 0;
	timers_init(&world->timers, &virtual_clock);
	buckets_init(&world->buckets, &world->timers);
}

static void finish(struct world *world)
{
	buckets_finish(&world->buckets);
	assert_int_equal(world->buckets.n, 0);
	timers_finish(&world->timers);
}

static struct asker *ask(
	struct world *world, const char *account, double per_second, uint32_t burst)
{
	struct asker *asker = &world->askers[world->n++];
	struct leases *leases = &world->buckets.leases;

	asker->granted_ns = -1;
	asker->lease = (struct lease){
		.per_second = per_second, .burst = burst, .on_granted = on_granted
	};
	snprintf(asker->lease.account, sizeof(asker->lease.account), "%s", account);
	assert_int_equal(leases->ops->ask(leases, &asker->lease), 0);
	assert_int_equal(asker->granted_ns, -1); /* not from inside the call */
	return asker;
}

static void run_until(struct world *world, int64_t end_ns)
{
	while (timers_next_ns(&world->timers) <= end_ns) {
		now_ns = MAX(now_ns, timers_next_ns(&world->timers));
		timers_run(&world->timers);
	}
	now_ns = end_ns;
}

static void a_burst_goes_at_once_and_the_rest_at_the_rate(void **state)
{
	struct world world;

	(void)state;
	begin(&world);
	for (int i = 0; i < 10; i++)
		ask(&world, "a", 2, 4);
	run_until(&world, 60 * NS_PER_SECOND);
	for (int i = 0; i < 10; i++) {
		int64_t ideal_ns = i < 4 ? 0 : (i - 3) * NS_PER_SECOND / 2;

		assert_in_range(world.askers[i].granted_ns, ideal_ns, ideal_ns + 100);
	}
	finish(&world);
}

static void accounts_do_not_wait_for_each_other(void **state)
{
	struct world world;
	struct asker *slow, *quick;

	(void)state;
	begin(&world);
	ask(&world, "a", 0.001, 1);
	slow = ask(&world, "a", 0.001, 1);
	quick = ask(&world, "b", 0.001, 1);
	run_until(&world, NS_PER_SECOND);
	assert_int_equal(quick->granted_ns, 0);
	assert_int_equal(slow->granted_ns, -1);
	run_until(&world, 1001 * NS_PER_SECOND);
	assert_true(slow->granted_ns >= 1000 * NS_PER_SECOND);
	finish(&world);
}

static void a_penalty_holds_all_and_has_a_bound(void **state)
{
	struct world world;
	struct leases *leases = &world.buckets.leases;
	struct asker *first, *last;

	(void)state;
	begin(&world);
	leases->ops->penalize(leases, "a", 5 * NS_PER_SECOND);
	leases->ops->penalize(leases, "a", NS_PER_SECOND); /* shortens nothing */
	first = ask(&world, "a", 100, 100);
	run_until(&world, 10 * NS_PER_SECOND);
	assert_int_equal(first->granted_ns, 5 * NS_PER_SECOND);
	leases->ops->penalize(leases, "a", INT64_MAX / 2);
	last = ask(&world, "a", 100, 100);
	run_until(&world, 2 * 86400 * NS_PER_SECOND);
	assert_int_equal(last->granted_ns, (86400 + 10) * NS_PER_SECOND);
	finish(&world);
}

static void who_leaves_costs_nothing(void **state)
{
	struct world world;
	struct leases *leases = &world.buckets.leases;
	struct asker *first, *second, *third;

	(void)state;
	begin(&world);
	first = ask(&world, "a", 1, 1);
	second = ask(&world, "a", 1, 1);
	third = ask(&world, "a", 1, 1);
	leases->ops->cancel(leases, &second->lease);
	run_until(&world, 10 * NS_PER_SECOND);
	assert_int_equal(first->granted_ns, 0);
	assert_int_equal(second->granted_ns, -1);
	assert_in_range(third->granted_ns, NS_PER_SECOND, NS_PER_SECOND + 100);
	finish(&world);
}

static void accounts_have_a_bound_and_those_that_rest_make_room(void **state)
{
	struct world world;
	struct leases *leases = &world.buckets.leases;
	struct lease more = {
		.account = "more", .per_second = 1, .burst = 1, .on_granted = on_granted
	};

	(void)state;
	begin(&world);
	for (int i = 0; i < BUCKETS_MOST; i++) {
		struct lease lease = {
			.per_second = 1, .burst = 1, .on_granted = on_granted
		};

		snprintf(lease.account, sizeof(lease.account), "account %d", i);
		assert_int_equal(leases->ops->ask(leases, &lease), 0);
		leases->ops->cancel(leases, &lease);
		leases->ops->penalize(leases, lease.account, 10 * NS_PER_SECOND);
	}
	assert_int_equal(leases->ops->ask(leases, &more), -EAGAIN);
	now_ns = 10 * NS_PER_SECOND;
	assert_int_equal(leases->ops->ask(leases, &more), 0);
	leases->ops->cancel(leases, &more);
	assert_int_equal(world.buckets.n, BUCKETS_MOST);
	finish(&world);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_burst_goes_at_once_and_the_rest_at_the_rate),
	cmocka_unit_test(accounts_do_not_wait_for_each_other),
	cmocka_unit_test(a_penalty_holds_all_and_has_a_bound),
	cmocka_unit_test(who_leaves_costs_nothing),
	cmocka_unit_test(accounts_have_a_bound_and_those_that_rest_make_room),
};

CASES_MAIN(cases)
