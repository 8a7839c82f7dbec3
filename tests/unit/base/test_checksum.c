/* SPDX-License-Identifier: Apache-2.0 */
#include "base/checksum.h"
#include "base/macros.h"

#include "cases.h"

#include <string.h>

/* RFC 3720, appendix B.4. */
static void crc32c_has_the_values_of_rfc_3720(void **state)
{
	uint8_t bytes[32];

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(crc32c(0, bytes, 32), 0x8a9136aau);
	memset(bytes, 0xff, sizeof(bytes));
	assert_int_equal(crc32c(0, bytes, 32), 0x62a8ab43u);
	for (int i = 0; i < 32; i++)
		bytes[i] = (uint8_t)i;
	assert_int_equal(crc32c(0, bytes, 32), 0x46dd794eu);
	for (int i = 0; i < 32; i++)
		bytes[i] = (uint8_t)(31 - i);
	assert_int_equal(crc32c(0, bytes, 32), 0x113fdb5cu);
}

static void crc32c_is_the_same_by_table_and_by_instruction(void **state)
{
	uint8_t bytes[300];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 37 + 11);
	for (size_t n = 0; n < sizeof(bytes); n++)
		assert_int_equal(crc32c(7, bytes, n), crc32c_portable(7, bytes, n));
}

static void crc32c_goes_on_from_what_came_before(void **state)
{
	(void)state;
	assert_int_equal(crc32c(crc32c(0, "1234", 4), "56789", 5), 0xe3069283u);
	assert_int_equal(crc32c(0, "123456789", 9), 0xe3069283u);
}

static struct hash_key reference_key(void)
{
	return (struct hash_key){ { UINT64_C(0x0706050403020100),
		UINT64_C(0x0f0e0d0c0b0a0908) } };
}

/* "SipHash: a fast short-input PRF", appendix A. */
static void siphash64_has_the_value_of_its_paper(void **state)
{
	struct hash_key key = reference_key();
	uint8_t message[15];

	(void)state;
	for (int i = 0; i < 15; i++)
		message[i] = (uint8_t)i;
	assert_true(siphash64(&key, message, 15) == UINT64_C(0xa129ca6149be45e5));
}

/* vectors.h of the authors' reference implementation, 128-bit output, the first
 * two and the sixteenth message; words in little-endian order. */
static void siphash128_has_the_values_of_its_reference(void **state)
{
	struct hash_key key = reference_key();
	uint8_t message[16];
	struct hash128 hash;

	(void)state;
	for (int i = 0; i < 16; i++)
		message[i] = (uint8_t)i;
	hash = siphash128(&key, message, 0);
	assert_true(hash.words[0] == UINT64_C(0xe6a825ba047f81a3));
	assert_true(hash.words[1] == UINT64_C(0x930255c71472f66d));
	hash = siphash128(&key, message, 1);
	assert_true(hash.words[0] == UINT64_C(0x44af996bd8c187da));
	assert_true(hash.words[1] == UINT64_C(0x45fc229b11597634));
}

static void siphash128_of_a_pair_is_that_of_its_sixteen_bytes(void **state)
{
	struct hash_key key = reference_key();
	uint8_t message[16];
	struct hash128 pair, bytes;

	(void)state;
	for (int i = 0; i < 16; i++)
		message[i] = (uint8_t)i;
	pair = siphash128_pair(
		&key, UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908));
	bytes = siphash128(&key, message, 16);
	assert_memory_equal(&pair, &bytes, sizeof(pair));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(crc32c_has_the_values_of_rfc_3720),
	cmocka_unit_test(crc32c_is_the_same_by_table_and_by_instruction),
	cmocka_unit_test(crc32c_goes_on_from_what_came_before),
	cmocka_unit_test(siphash64_has_the_value_of_its_paper),
	cmocka_unit_test(siphash128_has_the_values_of_its_reference),
	cmocka_unit_test(siphash128_of_a_pair_is_that_of_its_sixteen_bytes),
};

CASES_MAIN(cases)
