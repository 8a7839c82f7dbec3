/* SPDX-License-Identifier: Apache-2.0 */
/* Making JSON, with one check at the end: what fails is remembered. */
#ifndef CONFIG_JSON_H
#define CONFIG_JSON_H

#include <jansson.h>
#include <stdbool.h>

struct node;

struct json {
	bool failed; /* memory ran out */
};

/* Puts a value, which is taken over, into an object. */
void json_put(struct json *json, json_t *object, const char *key, json_t *value);

/* Puts a value, which is taken over, at the end of an array. */
void json_add(struct json *json, json_t *array, json_t *value);

/* A tree as JSON: scalars without quotes are what YAML's core schema says (YAML 1.2,
 * 10.3.2). NULL: memory ran out. */
json_t *json_from_node(const struct node *node);

/* A text, with U+FFFD for what is not UTF-8. */
json_t *json_from_text(const char *text, size_t size);

/* A number where it is one that JSON can say, else a text. */
json_t *json_from_number(const char *text, size_t size);

#endif
