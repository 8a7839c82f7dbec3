/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the configured values are secrets. */
#ifndef MODEL_SECRETS_H
#define MODEL_SECRETS_H

#include "value.h"

/* Writes the secrets among the values, also those in groups and tables, to an array
 * of n places, and returns how many there are in all. Borrowed from the values. */
size_t values_secrets(const struct values *values, const char **secrets, size_t n);

#endif
