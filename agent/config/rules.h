/* SPDX-License-Identifier: Apache-2.0 */
/* What names in a configuration may look like (rookery/plugin.h). */
#ifndef CONFIG_RULES_H
#define CONFIG_RULES_H

/* Each returns NULL where the text is fine, else why it is not, to follow it. */

/* Ids become names of files. */
const char *rule_id(const char *text);

/* As names of metrics: [a-z][a-z0-9_.]*, 64 bytes. */
const char *rule_label_name(const char *text);

/* 1 KiB without control characters; empty is no label. */
const char *rule_label_value(const char *text);

/* The same, not empty: hosts, tenants, identities. */
const char *rule_name(const char *text);

/* As names of metrics begin, 32 bytes. */
const char *rule_prefix(const char *text);

/* How many labels a series can have. */
#define RULE_MAX_LABELS 32

#endif
