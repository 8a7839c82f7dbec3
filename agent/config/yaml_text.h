/* SPDX-License-Identifier: Apache-2.0 */
/* Texts as YAML that reads back as the same text, here and elsewhere. */
#ifndef CONFIG_YAML_TEXT_H
#define CONFIG_YAML_TEXT_H

#include "model/value.h"

struct buffer;

/* A scalar, in quotes where it needs them; ${ is written as $${. */
void yaml_append_text(struct buffer *to, const char *text);

/* A key, in which ${ means nothing. */
void yaml_append_key(struct buffer *to, const char *text);

/* What follows '#': one line, whatever the text is. */
void yaml_append_comment(struct buffer *to, const char *text);

/* The value of an option that is one text in a file; a secret is masked. */
void yaml_append_value(
	struct buffer *to, const struct option *option, const struct value *value);

#endif
