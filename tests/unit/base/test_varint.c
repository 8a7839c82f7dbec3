/* SPDX-License-Identifier: Apache-2.0 */
#include "base/macros.h"
#include "base/varint.h"

#include "cases.h"

static void values_come_back(void **state)
{
	static const uint64_t values[] = { 0, 1, 127, 128, 300, 16383, 16384, UINT32_MAX,
		INT64_MAX, UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < LENGTH(values); i++) {
		uint8_t bytes[VARINT_MAX_SIZE];
		const uint8_t *end = varint_put(bytes, values[i]), *from = bytes;
		uint64_t back = 0;

		assert_true(varint_get(&from, end, &back));
		assert_true(back == values[i] && from == end);
		assert_true(zigzag_encode(zigzag_decode(values[i])) == values[i]);
		from = bytes;
		assert_false(varint_get(&from, end - 1, &back));
	}
}

static void a_value_beyond_64_bits_is_refused(void **state)
{
	static const uint8_t eleven[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0x02 };
	static const uint8_t endless[] = { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
		0x80, 0x80, 0x80 };
	const uint8_t *from = eleven;
	uint64_t value;

	(void)state;
	assert_false(varint_get(&from, eleven + sizeof(eleven), &value));
	from = endless;
	assert_false(varint_get(&from, endless + sizeof(endless), &value));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(values_come_back),
	cmocka_unit_test(a_value_beyond_64_bits_is_refused),
};

CASES_MAIN(cases)
