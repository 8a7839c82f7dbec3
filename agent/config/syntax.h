/* SPDX-License-Identifier: Apache-2.0 */
/* What libyaml says about a file that is no YAML, in words for people. */
#ifndef CONFIG_SYNTAX_H
#define CONFIG_SYNTAX_H

#include <yaml.h>

struct document;
struct report;

void syntax_report(const yaml_parser_t *parser, const struct document *document,
	struct report *report);

#endif
