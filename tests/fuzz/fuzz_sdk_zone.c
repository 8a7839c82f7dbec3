/* SPDX-License-Identifier: Apache-2.0 */
/* TZif files for plugins: what a zone shows leads back to the time, and every time is in
 * its day and its month. The last eight bytes are a time. */
#include <rookery/zone.h>

#include <assert.h>
#include <errno.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct rk_zone *zone, int64_t ns)
{
	struct rk_civil civil = rk_zone_civil(zone, ns);
	struct rk_span span;
	int64_t back;
	int r = rk_zone_time(zone, &civil, &back);

	assert(rk_civil_is_valid(&civil));
	assert(r == -ERANGE || (r == 0 && back == ns) ||
		(r == RK_ZONE_TWICE && back <= ns));
	if (rk_zone_day(zone, ns, &span) == 0)
		assert(span.start_ns <= ns && ns < span.end_ns);
	if (rk_zone_month(zone, ns, 31, &span) == 0)
		assert(span.start_ns <= ns && ns < span.end_ns);
	civil.hour = (civil.hour + 1) % 24;
	assert(rk_zone_time(zone, &civil, &back) != -EINVAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_error error;
	struct rk_zone *zone;
	int64_t ns;

	if (size < sizeof(ns))
		return 0;
	memcpy(&ns, data + size - sizeof(ns), sizeof(ns));
	if (rk_zone_read(data, size - sizeof(ns), &zone, &error) < 0) {
		assert(error.text[0] != '\0');
		return 0;
	}
	check(zone, ns);
	check(zone, ns % (RK_SECOND * 86400 * 365 * 100));
	check(zone, INT64_MAX);
	check(zone, INT64_MIN);
	rk_zone_destroy(zone);
	return 0;
}
