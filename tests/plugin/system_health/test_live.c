/* SPDX-License-Identifier: Apache-2.0 */
/* The machine that runs the test, as it is, and the object as it is loaded. */
#include "cases.h"
#include "fake_host.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The real clock: the kernel's boot time must lie before it. */
static int64_t wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static const struct rk_plugin *load(void **ret_object)
{
	*ret_object =
		dlopen(BUILD_DIR "/plugins/system_health.so", RTLD_NOW | RTLD_LOCAL);
	if (!*ret_object)
		fail_msg("%s", dlerror());
	return dlsym(*ret_object, "rk_plugin_entry");
}

static void the_object_gives_a_hundred_samples_of_this_machine(void **state)
{
	void *object;
	const struct rk_plugin *plugin = load(&object);
	struct fake_host *fake = fake_host_create(plugin, NULL);
	int r;

	(void)state;
	assert_int_equal(fake_host_start(fake), 0);
	for (int i = 0; i < 3; i++) {
		fake->plan.now_ns = wall_ns();
		r = fake_host_collect(fake);
		assert_true(r == 0 || r == RK_PARTIAL);
		assert_true(fake->n_samples >= 100);
	}
	assert_non_null(fake_host_find(fake, "system.uptime"));
	/* Two readings within one tick have no utilization; three hardly do. */
	assert_non_null(fake_host_find(fake, "system.cpu.time{cpu.mode=idle}"));
	fake_host_destroy(fake);
}

static void this_machine_is_not_told_anything_twice(void **state)
{
	struct fake_host *fake = fake_host_create(&rk_plugin_entry, NULL);
	char *log;

	(void)state;
	assert_int_equal(fake_host_start(fake), 0);
	fake->plan.now_ns = wall_ns();
	fake_host_collect(fake);
	log = strdup(fake->log);
	fake->plan.now_ns = wall_ns();
	fake_host_collect(fake);
	assert_string_equal(fake->log, log);
	free(log);
	fake_host_destroy(fake);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_object_gives_a_hundred_samples_of_this_machine),
	cmocka_unit_test(this_machine_is_not_told_anything_twice),
};

CASES_MAIN(cases)
