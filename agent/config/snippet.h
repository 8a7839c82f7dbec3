/* SPDX-License-Identifier: Apache-2.0 */
/* The source line of a problem with a mark below what is meant. */
#ifndef CONFIG_SNIPPET_H
#define CONFIG_SNIPPET_H

#include <stdbool.h>

struct buffer;
struct document;
struct problem;

/* Appends nothing where the document has no such line. */
void snippet_append(const struct document *document, const struct problem *problem,
	bool colour, struct buffer *to);

#endif
