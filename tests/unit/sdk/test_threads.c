/* SPDX-License-Identifier: Apache-2.0 */
/* The library has no state of its own: many threads use it at once, and read one
 * document and one zone. The sanitizer of threads sees whether they may. */
#include <rookery/csv.h>
#include <rookery/json.h>
#include <rookery/number.h>
#include <rookery/zone.h>

#include "cases.h"

#include <pthread.h>
#include <string.h>

#define N_THREADS 4
#define N_ROUNDS  200

static const char text[] = "{\"days\":[{\"day\":\"2026-11-21\",\"cost\":12.340,"
			   "\"rate\":0.1234567890123456789}]}";

struct shared {
	const struct rk_json *document;
	const struct rk_zone *zone;
};

/* What goes wrong is counted: cmocka's checks belong to the main thread. */
static uintptr_t check_shared(const struct shared *shared)
{
	struct rk_json_each each = { 0 };
	struct rk_number cost = { .form = RK_REAL };
	struct rk_span day;
	double rate = 0;
	int64_t ns = 0;
	uintptr_t wrong = 0;

	while (rk_json_next(rk_json_at(shared->document, "/days"), &each)) {
		wrong += rk_json_number(each.value, "/cost", &cost, NULL) != 0;
		wrong += rk_json_real(each.value, "/rate", &rate, NULL) != 0;
		wrong += rk_json_time(each.value, "/day", RK_TIME_DAY, shared->zone, &ns,
				 NULL) != 0;
	}
	wrong += cost.digits != 12340 || cost.scale != 3 || rate < 0.12;
	wrong += rk_zone_day(shared->zone, ns, &day) != 0 || day.start_ns != ns;
	return wrong;
}

static uintptr_t check_own(void)
{
	struct rk_json *document = NULL;
	struct rk_csv *csv = NULL;
	struct rk_error error;
	uintptr_t wrong = 0;

	wrong += rk_json_parse(text, strlen(text), &document, &error) != 0;
	wrong += rk_json_parse(text, 10, &document, &error) == 0;
	wrong += rk_csv_open("a,b\n1,2\n", 8, NULL, &csv, &error) != 0;
	wrong += rk_csv_next(csv, &error) != 1;
	rk_csv_close(csv);
	rk_json_destroy(document);
	return wrong;
}

static void *work(void *argument)
{
	uintptr_t wrong = 0;

	for (int i = 0; i < N_ROUNDS; i++)
		wrong += check_shared(argument) + check_own();
	return (void *)wrong;
}

static void many_threads_use_it_at_once(void **state)
{
	struct rk_json *document;
	struct rk_zone *zone;
	struct shared shared;
	pthread_t threads[N_THREADS];

	(void)state;
	assert_int_equal(rk_json_parse(text, strlen(text), &document, NULL), 0);
	assert_int_equal(rk_zone_open("America/New_York", NULL, &zone, NULL), 0);
	shared = (struct shared){ document, zone };
	for (int i = 0; i < N_THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, work, &shared), 0);
	for (int i = 0; i < N_THREADS; i++) {
		void *wrong;

		pthread_join(threads[i], &wrong);
		assert_null(wrong);
	}
	rk_zone_destroy(zone);
	rk_json_destroy(document);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(many_threads_use_it_at_once),
};

CASES_MAIN(cases)
