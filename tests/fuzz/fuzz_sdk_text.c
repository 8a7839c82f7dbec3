/* SPDX-License-Identifier: Apache-2.0 */
/* Dates, decimals, durations, units and globs for plugins: what is read is written and
 * read again equal. The first two bytes are the forms that are asked for. */
#include <rookery/date.h>
#include <rookery/glob.h>
#include <rookery/number.h>
#include <rookery/unit.h>

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_time(const char *text, size_t n, uint32_t forms)
{
	static const uint32_t whole[] = { RK_TIME_RFC3339, RK_TIME_PLAIN, RK_TIME_UNIX_S,
		RK_TIME_UNIX_MS, RK_TIME_UNIX_US, RK_TIME_UNIX_NS };
	char out[RK_TIME_TEXT_SIZE];
	struct rk_error error;
	int64_t ns, again;

	if (rk_time_from_text(text, n, forms, NULL, &ns, &error) < 0) {
		assert(error.text[0] != '\0');
		return;
	}
	for (size_t i = 0; i < RK_LEN(whole); i++) {
		rk_time_to_text(out, ns, whole[i], NULL);
		assert(rk_time_from_text(
			       out, strlen(out), whole[i], NULL, &again, NULL) == 0);
		assert(again == ns);
	}
	rk_time_to_text(out, ns, RK_TIME_MAIL, NULL);
	assert(rk_time_from_text(out, strlen(out), RK_TIME_MAIL, NULL, &again, NULL) <
			0 ||
		(ns - again >= 0 && ns - again < RK_SECOND));
}

static void check_number(const char *text, size_t n)
{
	char out[RK_NUMBER_TEXT_SIZE];
	struct rk_number number, again, sum;
	int order;

	if (rk_number_from_text(text, n, &number) < 0)
		return;
	rk_number_to_text(out, number);
	assert(rk_number_from_text(out, strlen(out), &again) == 0);
	assert(number.digits == again.digits && number.scale == again.scale);
	if (rk_number_add(number, rk_decimal(1, 18), &sum) == 0) {
		assert(rk_number_subtract(sum, rk_decimal(1, 18), &again) == 0);
		assert(rk_number_compare(number, again, &order) == 0 && order == 0);
	}
	if (rk_unit_convert(number, "KiBy", "bit", &again, NULL) == 0) {
		assert(rk_unit_convert(again, "bit", "KiBy", &again, NULL) == 0);
		assert(rk_number_compare(number, again, &order) == 0 && order == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 2;
	struct rk_number number;
	const char *unit;
	char glob[64];
	uint64_t bytes;
	int64_t ns;
	size_t n;

	if (size < 2)
		return 0;
	n = size - 2;
	check_time(text, n, (uint32_t)(data[0] | data[1] << 8));
	check_number(text, n);
	rk_duration_from_text(text, n, &ns);
	rk_size_from_text(text, n, &bytes);
	if (n < sizeof(glob)) {
		memcpy(glob, text, n);
		glob[n] = '\0';
		rk_glob_fault(glob);
		rk_glob_fits(glob, text, n);
		rk_unit_normalize(rk_decimal(5, 1), glob, &number, &unit, NULL);
	}
	return 0;
}
