/* SPDX-License-Identifier: Apache-2.0 */
/* A refused batch is halved until the poison is found. */
#include "base/macros.h"
#include "cases.h"
#include "deliver/split.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 5000 };

/* A receiver that refuses batches with a record that is poison. */
struct receiver {
	bool poison[MOST], taken[MOST], buried[MOST];
	uint32_t n_requests;
};

static bool is_refused(const struct receiver *receiver, uint32_t begin, uint32_t n)
{
	for (uint32_t i = begin; i < begin + n; i++) {
		if (receiver->poison[i])
			return true;
	}
	return false;
}

/* Delivers one batch of n records, as a delivery does. */
static void deliver(struct receiver *receiver, uint32_t n)
{
	struct split split = { 0 };
	uint32_t at = 0;

	while (at < n) {
		uint32_t size = split.left > 0 ? split.next : n - at;

		assert_true(size > 0 && at + size <= n);
		receiver->n_requests++;
		if (!is_refused(receiver, at, size)) {
			memset(receiver->taken + at, true, size);
			split_taken(&split, size);
			at += size;
			continue;
		}
		split_refused(&split, size);
		if (split.buries == 0)
			continue;
		size = split.buries;
		memset(receiver->buried + at, true, size);
		split_buried(&split);
		at += size;
	}
	assert_int_equal(split.left, 0);
}

static void check_each_went_one_way(const struct receiver *receiver, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(receiver->taken[i] + receiver->buried[i], 1);
}

static void one_poison_record_is_buried_alone(void **state)
{
	static const uint32_t sizes[] = { 1, 2, 3, 7, 8, 100, 1000, 4999, 5000 };

	(void)state;
	for (size_t s = 0; s < LENGTH(sizes); s++) {
		uint32_t n = sizes[s];

		for (uint32_t at = 0; at < n; at += 1 + n / 97) {
			struct receiver receiver = { 0 };

			receiver.poison[at] = true;
			deliver(&receiver, n);
			check_each_went_one_way(&receiver, n);
			for (uint32_t i = 0; i < n; i++)
				assert_int_equal(receiver.buried[i], i == at);
			assert_true(receiver.n_requests <= 30);
		}
	}
}

static void some_poison_records_are_buried_alone(void **state)
{
	(void)state;
	srand(1);
	for (int round = 0; round < 300; round++) {
		struct receiver receiver = { 0 };
		uint32_t n = 1 + (uint32_t)rand() % 1000;

		for (int i = 0; i < 3; i++)
			receiver.poison[(uint32_t)rand() % n] = true;
		deliver(&receiver, n);
		check_each_went_one_way(&receiver, n);
		assert_memory_equal(receiver.buried, receiver.poison, n);
	}
}

static void after_64_requests_the_rest_is_buried(void **state)
{
	struct receiver receiver;

	(void)state;
	memset(&receiver, 0, sizeof(receiver));
	memset(receiver.poison, true, sizeof(receiver.poison));
	deliver(&receiver, MOST);
	check_each_went_one_way(&receiver, MOST);
	assert_true(receiver.buried[MOST - 1]);
	assert_true(receiver.n_requests <= SPLIT_MAX_REQUESTS + 1);
}

static void what_is_not_split_is_left_alone(void **state)
{
	struct split split = { 0 };

	(void)state;
	split_taken(&split, 100);
	assert_int_equal(split.left, 0);
	assert_int_equal(split.n_sent, 0);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(one_poison_record_is_buried_alone),
	cmocka_unit_test(some_poison_records_are_buried_alone),
	cmocka_unit_test(after_64_requests_the_rest_is_buried),
	cmocka_unit_test(what_is_not_split_is_left_alone),
};

CASES_MAIN(cases)
