/* SPDX-License-Identifier: Apache-2.0 */
/* One ${...}: what it names, and what stands there. */
#ifndef CONFIG_REFERENCE_H
#define CONFIG_REFERENCE_H

#include "model/value.h"

struct buffer;

struct reference {
	const char *text; /* from "${" to "}", if there is one */
	size_t size;
	bool is_secret;   /* it stands in a secret */
	const char *file; /* the configuration file, which paths are relative to */

	/* Written by reference_resolve: */
	enum origin origin; /* ORIGIN_FILE: the default counts */
	bool has_default;
};

/* Appends what the reference stands for. 0, -ENOMEM, or -EINVAL and why. Where `to`
 * has no room, it fails and this does not. */
int reference_resolve(struct reference *reference, struct buffer *to, struct buffer *why);

#endif
