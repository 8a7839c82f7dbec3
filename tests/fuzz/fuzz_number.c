/* SPDX-License-Identifier: Apache-2.0 */
/* Texts to numbers, times and units: what is read is written and read again equal. */
#include "base/number.h"
#include "base/timestamp.h"
#include "base/units.h"

#include <assert.h>
#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_decimal(const char *text, size_t n)
{
	struct decimal value, again;
	char out[NUMBER_TEXT_SIZE];
	size_t written;

	if (decimal_from_text(text, n, &value) < 0)
		return;
	written = (size_t)(decimal_to_text(out, value.digits, value.scale) - out);
	assert(written <= sizeof(out));
	assert(decimal_from_text(out, written, &again) == 0);
	assert(again.digits == value.digits && again.scale == value.scale);
}

static void check_real(const char *text, size_t n)
{
	char out[NUMBER_TEXT_SIZE];
	double value, again;

	if (n == sizeof(value)) {
		memcpy(&value, text, sizeof(value));
		if (!isfinite(value))
			return;
	} else if (real_from_text(text, n, &value) < 0) {
		return;
	}
	n = (size_t)(real_to_text(out, value) - out);
	assert(n <= sizeof(out) && real_from_text(out, n, &again) == 0);
	assert(memcmp(&again, &value, sizeof(value)) == 0);
}

static void check_time(const char *text, size_t n)
{
	struct timestamp_cache cache = { 0 };
	char out[TIMESTAMP_TEXT_SIZE];
	int64_t ns, again;

	if (timestamp_from_text(text, n, &ns) < 0)
		return;
	n = (size_t)(timestamp_to_text(&cache, out, ns) - out);
	assert(n <= sizeof(out) && timestamp_from_text(out, n, &again) == 0 &&
		again == ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	char unit[UNIT_TEXT_SIZE];
	uint64_t bytes, bytes_again;
	int64_t ns, ns_again;

	check_decimal(text, size);
	check_real(text, size);
	check_time(text, size);
	if (duration_from_text(text, size, &ns) == 0) {
		duration_to_text(unit, ns);
		assert(duration_from_text(unit, strlen(unit), &ns_again) == 0 &&
			ns == ns_again);
	}
	if (size_from_text(text, size, &bytes) == 0) {
		size_to_text(unit, bytes);
		assert(size_from_text(unit, strlen(unit), &bytes_again) == 0 &&
			bytes == bytes_again);
	}
	return 0;
}
