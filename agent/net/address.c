/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"

#include "base/macros.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

/* Bits that an address begins with. */
struct prefix {
	uint8_t bytes[4];
	unsigned int n_bits;
};

/* https://www.iana.org/assignments/iana-ipv4-special-registry */
static const struct prefix special4[] = {
	{ { 0 }, 8 },             /* "this network" */
	{ { 10 }, 8 },            /* private */
	{ { 100, 64 }, 10 },      /* shared, of carriers */
	{ { 127 }, 8 },           /* loopback */
	{ { 169, 254 }, 16 },     /* link-local, also clouds' metadata */
	{ { 172, 16 }, 12 },      /* private */
	{ { 192, 0, 0 }, 24 },    /* protocol assignments */
	{ { 192, 0, 2 }, 24 },    /* documentation */
	{ { 192, 88, 99 }, 24 },  /* 6to4 relays, given up */
	{ { 192, 168 }, 16 },     /* private */
	{ { 198, 18 }, 15 },      /* benchmarks */
	{ { 198, 51, 100 }, 24 }, /* documentation */
	{ { 203, 0, 113 }, 24 },  /* documentation */
	{ { 224 }, 4 },           /* multicast */
	{ { 240 }, 4 },           /* reserved, broadcast */
};

/* Of what is given out for unicast, 2000::/3:
 * https://www.iana.org/assignments/iana-ipv6-special-registry */
static const struct prefix special6[] = {
	{ { 0x20, 0x01, 0x00 }, 23 },       /* protocol assignments, Teredo, ORCHID */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x3f, 0xff, 0x00 }, 20 },       /* documentation */
};

static bool begins_with(const uint8_t *address, const struct prefix *prefix)
{
	unsigned int n_bytes = prefix->n_bits / 8, rest = prefix->n_bits % 8;
	uint8_t mask = (uint8_t)(0xff00u >> rest);

	if (memcmp(address, prefix->bytes, n_bytes) != 0)
		return false;
	return rest == 0 || ((address[n_bytes] ^ prefix->bytes[n_bytes]) & mask) == 0;
}

static bool is_special4(const uint8_t address[4])
{
	for (size_t i = 0; i < LENGTH(special4); i++) {
		if (begins_with(address, &special4[i]))
			return true;
	}
	return false;
}

static bool is_special6(const uint8_t address[16])
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

	if (memcmp(address, mapped, sizeof(mapped)) == 0 ||
		memcmp(address, nat64, sizeof(nat64)) == 0)
		return is_special4(address + 12);
	if (address[0] == 0x20 && address[1] == 0x02) /* 6to4 (RFC 3056) */
		return is_special4(address + 2);
	if ((address[0] & 0xe0) != 0x20)
		return true;
	for (size_t i = 0; i < LENGTH(special6); i++) {
		if (begins_with(address, &special6[i]))
			return true;
	}
	return false;
}

bool address_is_special(const struct sockaddr *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&in, address, sizeof(in));
		return is_special4((const uint8_t *)&in.sin_addr);
	case AF_INET6:
		memcpy(&in6, address, sizeof(in6));
		return is_special6(in6.sin6_addr.s6_addr);
	default:
		return true;
	}
}

bool address_text_is_special(const char *text)
{
	char plain[INET6_ADDRSTRLEN];
	uint8_t bytes[16];
	size_t n = strcspn(text, "%");

	if (n >= sizeof(plain))
		return true;
	memcpy(plain, text, n);
	plain[n] = '\0';
	if (inet_pton(AF_INET, plain, bytes) == 1)
		return is_special4(bytes);
	return inet_pton(AF_INET6, plain, bytes) != 1 || is_special6(bytes);
}
