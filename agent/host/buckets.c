/* SPDX-License-Identifier: Apache-2.0 */
#include "buckets.h"

#include "base/clock.h"
#include "base/macros.h"
#include "base/text.h"
#include "base/timers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define LONGEST_PENALTY_NS (86400 * NS_PER_SECOND)

struct bucket {
	struct list link;
	struct buckets *buckets;
	char account[LEASE_ACCOUNT_SIZE];
	double per_second, burst, tokens;
	int64_t filled_ns; /* monotonic: when tokens was right */
	int64_t held_until_ns;
	struct list waiting; /* of struct lease */
	struct timer timer;
};

static int64_t now_ns(const struct bucket *bucket)
{
	return clock_monotonic_ns(bucket->buckets->timers->clock);
}

static void fill(struct bucket *bucket)
{
	int64_t now = now_ns(bucket);
	double seconds = (double)(now - bucket->filled_ns) / (double)NS_PER_SECOND;

	bucket->tokens =
		MIN(bucket->burst, bucket->tokens + seconds * bucket->per_second);
	bucket->filled_ns = now;
}

/* When the next one may go. */
static int64_t next_ns(const struct bucket *bucket)
{
	double seconds = (1 - bucket->tokens) / bucket->per_second;
	int64_t due = bucket->filled_ns;

	/* A nanosecond more, or rounding would find almost a token again and again. */
	if (seconds > 0)
		due += (int64_t)(MIN(seconds, 1e9) * (double)NS_PER_SECOND) + 1;
	return MAX(due, bucket->held_until_ns);
}

static void wait_for_next(struct bucket *bucket)
{
	struct timers *timers = bucket->buckets->timers;

	fill(bucket);
	if (list_is_empty(&bucket->waiting))
		timers_unset(timers, &bucket->timer);
	else
		timers_set(timers, &bucket->timer, next_ns(bucket));
}

static void on_due(struct timer *timer)
{
	struct bucket *bucket = container_of(timer, struct bucket, timer);

	fill(bucket);
	while (!list_is_empty(&bucket->waiting) && next_ns(bucket) <= now_ns(bucket)) {
		struct lease *lease =
			container_of(bucket->waiting.next, struct lease, link);

		list_remove(&lease->link);
		lease->lessor = NULL;
		bucket->tokens -= 1;
		lease->on_granted(lease);
	}
	wait_for_next(bucket);
}

/* ---- accounts --------------------------------------------------------------- */

static void bucket_free(struct bucket *bucket)
{
	struct buckets *buckets = bucket->buckets;

	timers_unset(buckets->timers, &bucket->timer);
	timers_release(buckets->timers, 1);
	list_remove(&bucket->link);
	buckets->n--;
	free(bucket);
}

/* One that has nobody's wait and nothing to remember. */
static void free_one_that_rests(struct buckets *buckets)
{
	list_each(link, &buckets->list)
	{
		struct bucket *bucket = container_of(link, struct bucket, link);

		fill(bucket);
		if (list_is_empty(&bucket->waiting) &&
			bucket->held_until_ns <= bucket->filled_ns &&
			bucket->tokens >= bucket->burst) {
			bucket_free(bucket);
			return;
		}
	}
}

static struct bucket *bucket_create(struct buckets *buckets, const char *account)
{
	struct bucket *bucket = calloc(1, sizeof(*bucket));

	if (!bucket || timers_reserve(buckets->timers, 1) < 0) {
		free(bucket);
		return NULL;
	}
	bucket->buckets = buckets;
	snprintf(bucket->account, sizeof(bucket->account), "%s", account);
	bucket->per_second = bucket->burst = bucket->tokens = 1;
	bucket->filled_ns = now_ns(bucket);
	bucket->timer.on_due = on_due;
	list_init(&bucket->waiting);
	list_append(&buckets->list, &bucket->link);
	buckets->n++;
	return bucket;
}

static int find(struct buckets *buckets, const char *account, struct bucket **ret_bucket)
{
	list_each(link, &buckets->list)
	{
		*ret_bucket = container_of(link, struct bucket, link);
		if (text_equal((*ret_bucket)->account, account))
			return 0;
	}
	if (buckets->n >= BUCKETS_MOST)
		free_one_that_rests(buckets);
	if (buckets->n >= BUCKETS_MOST)
		return -EAGAIN;
	*ret_bucket = bucket_create(buckets, account);
	if (!*ret_bucket)
		return -ENOMEM;
	return 1;
}

/* ---- leases ------------------------------------------------------------------ */

static int buckets_ask(struct leases *leases, struct lease *lease)
{
	struct buckets *buckets = container_of(leases, struct buckets, leases);
	struct bucket *bucket;
	int r = find(buckets, lease->account, &bucket);

	if (r < 0)
		return r;
	fill(bucket);
	bucket->per_second = MAX(lease->per_second, 1e-6);
	bucket->burst = MAX(lease->burst, 1);
	if (r > 0)
		bucket->tokens = bucket->burst;
	list_append(&bucket->waiting, &lease->link);
	lease->lessor = bucket;
	wait_for_next(bucket);
	return 0;
}

static void buckets_cancel(struct leases *leases, struct lease *lease)
{
	struct bucket *bucket = lease->lessor;

	(void)leases;
	list_remove(&lease->link);
	lease->lessor = NULL;
	wait_for_next(bucket);
}

static void buckets_penalize(struct leases *leases, const char *account, int64_t span_ns)
{
	struct buckets *buckets = container_of(leases, struct buckets, leases);
	struct bucket *bucket;

	if (find(buckets, account, &bucket) < 0)
		return;
	bucket->held_until_ns = MAX(bucket->held_until_ns,
		now_ns(bucket) + MIN(MAX(span_ns, 0), LONGEST_PENALTY_NS));
	wait_for_next(bucket);
}

static const struct lease_ops bucket_ops = {
	.ask = buckets_ask,
	.cancel = buckets_cancel,
	.penalize = buckets_penalize,
};

void buckets_init(struct buckets *buckets, struct timers *timers)
{
	*buckets = (struct buckets){ { &bucket_ops }, timers, { 0 }, 0 };
	list_init(&buckets->list);
}

void buckets_finish(struct buckets *buckets)
{
	if (!buckets->timers)
		return;
	list_each(link, &buckets->list)
		bucket_free(container_of(link, struct bucket, link));
}
