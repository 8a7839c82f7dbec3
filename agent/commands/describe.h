/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin's description for people and programs. */
#ifndef COMMANDS_DESCRIBE_H
#define COMMANDS_DESCRIBE_H

#include "model/description.h"

struct buffer;

void describe_as_text(const struct description *description, struct buffer *to);
void describe_as_json(const struct description *description, struct buffer *to);
void describe_as_markdown(const struct description *description, struct buffer *to);

#endif
