/* SPDX-License-Identifier: Apache-2.0 */
/* A struct rk_json is jansson's json_t by another name; here they are turned into
 * each other. */
#ifndef SDK_JSON_TREE_H
#define SDK_JSON_TREE_H

#include <rookery/json.h>

#include <jansson.h>

static inline const json_t *rk_json_tree(const struct rk_json *value)
{
	return (const json_t *)(const void *)value;
}

static inline struct rk_json *rk_json_of(const json_t *tree)
{
	const union {
		const void *from;
		struct rk_json *to;
	} both = { tree };

	return both.to;
}

/* Whether that is a JSON Pointer, within its bound. */
bool rk_json_pointer_is_sound(const char *pointer);

#endif
