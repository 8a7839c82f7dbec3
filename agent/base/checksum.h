/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checksums and hashes.
 *
 * CRC32C (Castagnoli, RFC 3720 appendix B.4) finds damage in the journal.
 * SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF") makes
 * sample ids with a fixed key and hash tables with a random one.
 */
#ifndef BASE_CHECKSUM_H
#define BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The CRC32C of n bytes; crc is that of what came before them, 0 at first. */
uint32_t crc32c(uint32_t crc, const void *bytes, size_t n);

/* The same by table, where the processor has no instruction for it. */
uint32_t crc32c_portable(uint32_t crc, const void *bytes, size_t n);

struct hash_key {
	uint64_t words[2];
};

struct hash128 {
	uint64_t words[2];
};

uint64_t siphash64(const struct hash_key *key, const void *bytes, size_t n);
struct hash128 siphash128(const struct hash_key *key, const void *bytes, size_t n);

/* The same as siphash128 over the two words in little-endian order, faster. */
struct hash128 siphash128_pair(
	const struct hash_key *key, uint64_t first, uint64_t second);

/* A hash for tables in memory, with a key that differs in each process. */
uint64_t hash_bytes(const void *bytes, size_t n);

#endif
