/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ${env:V}, ${env:V:-default}, ${file:PATH} and ${credential:NAME} in a scalar; $${
 * is a literal ${. This happens after parsing: whatever stands in a variable or a
 * file, it never becomes structure. Files and credentials are read for secrets
 * alone, so that no other option can print them.
 */
#ifndef CONFIG_SUBSTITUTE_H
#define CONFIG_SUBSTITUTE_H

#include "model/value.h"

struct binder;
struct node;

/* What a secret or a text may be at most, all parts together. */
#define SUBSTITUTE_MAX_SIZE ((size_t)65536)

struct substituted {
	const char *text; /* the node's own, or in the binder's arena */
	size_t size;
	enum origin origin;
	bool has_literal; /* some of it stands in the file, so that its line tells it */
	bool is_clear;    /* all of it does */
};

/* 0, -ENOMEM, or -EINVAL where it is wrong, as the report tells; has_literal is
 * written then too, since a line is told with the problem. */
int substitute(const struct binder *binder, const struct node *node, bool is_secret,
	struct substituted *ret_text);

#endif
