/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses are of the public internet, so that what somebody else wrote (a feed's
 * URL, a redirect, a name's record) does not reach into the house. */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Whether it is one of the special-purpose addresses of RFC 6890 and IANA's registries
 * behind it (private, loopback, link-local, shared, documentation, ...), multicast or
 * reserved; also where it stands in an IPv6 address (mapped, NAT64, 6to4). Of what is
 * neither IPv4 nor IPv6, true. */
bool address_is_special(const struct sockaddr *address);

/* The same of "192.0.2.1" or "2001:db8::1", also with a zone; of any other text, true. */
bool address_text_is_special(const char *text);

#endif
