/* SPDX-License-Identifier: Apache-2.0 */
/* Names of metrics, labels and types of events (rookery/plugin.h). */
#ifndef EXEC_NAME_H
#define EXEC_NAME_H

#include <stdbool.h>
#include <string.h>

#define NAME_MAX_SIZE 64
#define NAME_RULE     "is no name: [a-z][a-z0-9_.]*, up to 64 bytes"

static inline bool name_is_proper(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= NAME_MAX_SIZE && *name >= 'a' && *name <= 'z' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.") == n;
}

#endif
