/* SPDX-License-Identifier: Apache-2.0 */
/* The few macros that every room uses. */
#ifndef BASE_MACROS_H
#define BASE_MACROS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/param.h> /* MIN and MAX */

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The struct that embeds the member that pointer points to. */
#define container_of(pointer, type, member)                                              \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))
#define container_of_const(pointer, type, member)                                        \
	((const type *)(const void *)((const char *)(pointer)-offsetof(type, member)))

__extension__ typedef unsigned __int128 uint128;

/* For functions of libraries that do not write and do not say so. */
static inline void *without_const(const void *pointer)
{
	const union {
		const void *from;
		void *to;
	} both = { pointer };

	return both.to;
}

#define NS_PER_SECOND INT64_C(1000000000)
#define NS_PER_MS     INT64_C(1000000)

#endif
