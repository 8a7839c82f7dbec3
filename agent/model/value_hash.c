/* SPDX-License-Identifier: Apache-2.0 */
/* What is configured as one number that may be kept: no secret has a part in it. */
#include "value.h"

#include "base/checksum.h"

#include <string.h>

/* What came before stands in the key, and so does what the bytes are for. */
static uint64_t add(uint64_t hash, uint64_t use, const void *bytes, size_t n)
{
	const struct hash_key key = { { hash, use } };

	return siphash64(&key, bytes, n);
}

static uint64_t add_text(uint64_t hash, uint64_t use, const char *text)
{
	return text ? add(hash, use, text, strlen(text)) : hash;
}

static uint64_t add_value(uint64_t hash, uint32_t type, const struct value *value)
{
	switch (type) {
	case RK_TYPE_SECRET:
		return hash;
	case RK_TYPE_STRING:
		return add_text(hash, type, value->text);
	case RK_TYPE_BOOL:
		return add(hash, type, &value->boolean, sizeof(value->boolean));
	case RK_TYPE_CHOICE:
		return add(hash, type, &value->choice, sizeof(value->choice));
	case RK_TYPE_DECIMAL:
		hash = add(hash, value->decimal.scale, &value->decimal.digits,
			sizeof(value->decimal.digits));
		return hash;
	case RK_TYPE_LIST:
		for (size_t i = 0; i < value->list.n; i++)
			hash = add_text(hash, type, value->list.items[i]);
		return hash;
	case RK_TYPE_MAP:
		for (size_t i = 0; i < value->map.n; i++) {
			hash = add_text(hash, type, value->map.items[i].name);
			hash = add_text(hash, type, value->map.items[i].value);
		}
		return hash;
	case RK_TYPE_TABLE:
		for (size_t i = 0; i < value->table.n; i++)
			hash = add(hash, values_hash(&value->table.rows[i]), "", 0);
		return hash;
	case RK_TYPE_GROUP:
		return value->group ? add(hash, values_hash(value->group), "", 0) : hash;
	default: /* of 64 bits: numbers, spans, times, sizes */
		return add(hash, type, &value->integer, sizeof(value->integer));
	}
}

uint64_t values_hash(const struct values *values)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < values->set->n; i++) {
		const struct option *option = &values->set->items[i];
		const struct value *value = &values->items[i];

		if (value->origin <= ORIGIN_PRESET || option->type == RK_TYPE_SECRET)
			continue;
		hash = add_text(hash, option->type, option->name);
		hash = add_value(hash, option->type, value);
	}
	return hash;
}
