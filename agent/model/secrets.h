/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the configured values are secrets. */
#ifndef MODEL_SECRETS_H
#define MODEL_SECRETS_H

#include "value.h"

/* Writes the secrets among the values, also those in groups and tables, to an array
 * of n places, and returns how many there are in all. Borrowed from the values. */
size_t values_secrets(const struct values *values, const char **secrets, size_t n);

/* Puts asterisks over a secret wherever it stands in a text, and over the text's end
 * where a secret begins there that was cut off. */
void secret_hide(const char *secret, char *text);

/* ... over all secrets among the values; NULL: there are none. */
void values_hide_secrets(const struct values *values, char *text);

#endif
