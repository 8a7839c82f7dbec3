/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What of a source line is not shown, since it is a secret or may be one.
 *
 * Where a document was read, the binding knows its secrets and has masked them.
 * Where its YAML is broken, nobody knows, and the words in front are asked: what
 * stands after a key such as `api_key`, or below one, or below `options`, where
 * the secrets are, is hidden.
 */
#ifndef CONFIG_HIDDEN_H
#define CONFIG_HIDDEN_H

#include <stdbool.h>

struct document;

struct hidden {
	const struct document *document;
	unsigned int line;
	unsigned int from; /* the column from which all is hidden; 0: none */
};

void hidden_init(
	struct hidden *hidden, const struct document *document, unsigned int line);

bool hidden_at(const struct hidden *hidden, unsigned int column);

#endif
