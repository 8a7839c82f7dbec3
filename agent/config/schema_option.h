/* SPDX-License-Identifier: Apache-2.0 */
/* One option, or a set of them, as a JSON Schema. */
#ifndef CONFIG_SCHEMA_OPTION_H
#define CONFIG_SCHEMA_OPTION_H

#include "json.h"

#include "model/description.h"

/* The schemas that all others refer to, as `$defs`. */
json_t *schema_definitions(struct json *json);

/* {"$ref": "#/$defs/NAME"} */
json_t *schema_reference(const char *name);

/* What an option may be, given its alternatives, an array that is taken over: also
 * ${...}, and nothing where it is not required. */
json_t *schema_option(
	struct json *json, const struct option *option, json_t *alternatives);

/* A mapping of options, and nothing else. */
json_t *schema_set(struct json *json, const struct option_set *set);

/* The same, or nothing. */
json_t *schema_nullable(json_t *schema);

#endif
