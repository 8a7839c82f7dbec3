/* SPDX-License-Identifier: Apache-2.0 */
#include "checksum.h"

#include "bytes.h"
#include "random.h"

#include <pthread.h>
#include <stdbool.h>

#define CRC32C_POLYNOMIAL 0x82f63b78u /* bits reversed */

static uint32_t crc32c_table[8][256];
static struct hash_key process_key;
static bool has_instruction;
static pthread_once_t prepared = PTHREAD_ONCE_INIT;

static void checksum_prepare(void)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t crc = i;

		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? (crc >> 1) ^ CRC32C_POLYNOMIAL : crc >> 1;
		crc32c_table[0][i] = crc;
	}
	for (uint32_t i = 0; i < 256; i++) {
		for (int row = 1; row < 8; row++) {
			uint32_t above = crc32c_table[row - 1][i];

			crc32c_table[row][i] =
				(above >> 8) ^ crc32c_table[0][above & 0xff];
		}
	}
#if defined(__x86_64__)
	has_instruction = __builtin_cpu_supports("sse4.2");
#endif
	random_bytes(&process_key, sizeof(process_key));
}

static uint32_t crc32c_by_table(uint32_t crc, const uint8_t *from, size_t n)
{
	while (n >= 8) {
		uint64_t word = get_u64(from) ^ crc;

		crc = 0;
		for (int row = 0; row < 8; row++)
			crc ^= crc32c_table[7 - row][word >> (8 * row) & 0xff];
		from += 8;
		n -= 8;
	}
	while (n-- > 0)
		crc = (crc >> 8) ^ crc32c_table[0][(crc ^ *from++) & 0xff];
	return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc32c_by_instruction(
	uint32_t crc, const uint8_t *from, size_t n)
{
	uint64_t wide = crc;

	while (n >= 8) {
		wide = __builtin_ia32_crc32di(wide, get_u64(from));
		from += 8;
		n -= 8;
	}
	crc = (uint32_t)wide;
	while (n-- > 0)
		crc = __builtin_ia32_crc32qi(crc, *from++);
	return crc;
}
#else
static uint32_t crc32c_by_instruction(uint32_t crc, const uint8_t *from, size_t n)
{
	return crc32c_by_table(crc, from, n);
}
#endif

uint32_t crc32c(uint32_t crc, const void *bytes, size_t n)
{
	pthread_once(&prepared, checksum_prepare);
	if (has_instruction)
		return ~crc32c_by_instruction(~crc, bytes, n);
	return ~crc32c_by_table(~crc, bytes, n);
}

uint32_t crc32c_portable(uint32_t crc, const void *bytes, size_t n)
{
	pthread_once(&prepared, checksum_prepare);
	return ~crc32c_by_table(~crc, bytes, n);
}

struct sip {
	uint64_t a, b, c, d;
};

static inline uint64_t rotate(uint64_t value, unsigned int bits)
{
	return value << bits | value >> (64 - bits);
}

static inline void sip_round(struct sip *sip)
{
	sip->a += sip->b;
	sip->c += sip->d;
	sip->b = rotate(sip->b, 13) ^ sip->a;
	sip->d = rotate(sip->d, 16) ^ sip->c;
	sip->a = rotate(sip->a, 32);
	sip->c += sip->b;
	sip->a += sip->d;
	sip->b = rotate(sip->b, 17) ^ sip->c;
	sip->d = rotate(sip->d, 21) ^ sip->a;
	sip->c = rotate(sip->c, 32);
}

static inline void sip_start(struct sip *sip, const struct hash_key *key)
{
	sip->a = key->words[0] ^ UINT64_C(0x736f6d6570736575);
	sip->b = key->words[1] ^ UINT64_C(0x646f72616e646f6d);
	sip->c = key->words[0] ^ UINT64_C(0x6c7967656e657261);
	sip->d = key->words[1] ^ UINT64_C(0x7465646279746573);
}

static inline void sip_absorb(struct sip *sip, uint64_t word)
{
	sip->d ^= word;
	sip_round(sip);
	sip_round(sip);
	sip->a ^= word;
}

static inline uint64_t sip_squeeze(struct sip *sip)
{
	for (int i = 0; i < 4; i++)
		sip_round(sip);
	return sip->a ^ sip->b ^ sip->c ^ sip->d;
}

static inline struct hash128 sip_end(struct sip *sip)
{
	struct hash128 hash;

	sip->c ^= 0xee;
	hash.words[0] = sip_squeeze(sip);
	sip->b ^= 0xdd;
	hash.words[1] = sip_squeeze(sip);
	return hash;
}

static void sip_absorb_bytes(struct sip *sip, const uint8_t *from, size_t n)
{
	uint64_t last = (uint64_t)n << 56;

	for (; n >= 8; from += 8, n -= 8)
		sip_absorb(sip, get_u64(from));
	for (size_t i = 0; i < n; i++)
		last |= (uint64_t)from[i] << (8 * i);
	sip_absorb(sip, last);
}

uint64_t siphash64(const struct hash_key *key, const void *bytes, size_t n)
{
	struct sip sip;

	sip_start(&sip, key);
	sip_absorb_bytes(&sip, bytes, n);
	sip.c ^= 0xff;
	return sip_squeeze(&sip);
}

struct hash128 siphash128(const struct hash_key *key, const void *bytes, size_t n)
{
	struct sip sip;

	sip_start(&sip, key);
	sip.b ^= 0xee;
	sip_absorb_bytes(&sip, bytes, n);
	return sip_end(&sip);
}

struct hash128 siphash128_pair(
	const struct hash_key *key, uint64_t first, uint64_t second)
{
	struct sip sip;

	sip_start(&sip, key);
	sip.b ^= 0xee;
	sip_absorb(&sip, first);
	sip_absorb(&sip, second);
	sip_absorb(&sip, UINT64_C(16) << 56);
	return sip_end(&sip);
}

uint64_t hash_bytes(const void *bytes, size_t n)
{
	pthread_once(&prepared, checksum_prepare);
	return siphash64(&process_key, bytes, n);
}
