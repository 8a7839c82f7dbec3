/* SPDX-License-Identifier: Apache-2.0 */
#include "value.h"

#include <string.h>

/* What a path leads to, as far as it leads. */
struct walk {
	const struct values *values; /* the mapping that is looked into; NULL: none */
	const struct value *value;   /* NULL: the path ended at a row, or nowhere */
	struct place place;          /* of the deepest part that is there */
	bool lost;                   /* the path names what is not there */
};

static const struct value *find_item(
	const struct values *values, const char *name, size_t size)
{
	for (size_t i = 0; values && i < values->set->n; i++) {
		const char *known = values->set->items[i].name;

		if (strncmp(known, name, size) == 0 && known[size] == '\0')
			return &values->items[i];
	}
	return NULL;
}

/* Reads "[2]" at path; returns what follows, NULL where it is none. */
static const char *take_index(const char *path, size_t *ret_index)
{
	size_t index = 0;
	const char *at = path + 1;

	if (*at < '0' || *at > '9')
		return NULL;
	for (; *at >= '0' && *at <= '9'; at++) {
		if (__builtin_mul_overflow(index, (size_t)10, &index) ||
			__builtin_add_overflow(index, (size_t)(*at - '0'), &index))
			return NULL;
	}
	*ret_index = index;
	return *at == ']' ? at + 1 : NULL;
}

/* The options below a value: those of a group, or of the row that follows in the
 * path. */
static const char *walk_into(
	struct walk *walk, const struct option *option, const char *path)
{
	const struct value *value = walk->value;
	size_t index;

	walk->values = option->type == RK_TYPE_GROUP ? value->group : NULL;
	if (*path != '[')
		return path;
	path = take_index(path, &index);
	walk->value = NULL;
	walk->lost = !path || option->type != RK_TYPE_TABLE ||
		     value->origin == ORIGIN_NONE || index >= value->table.n;
	if (walk->lost)
		return path;
	walk->values = &value->table.rows[index];
	walk->place = walk->values->place;
	return path;
}

static struct walk walk_path(const struct values *values, const char *path)
{
	struct walk walk = { .values = values, .place = values->place };

	do {
		size_t size = strcspn(path, ".[");
		const struct value *value = find_item(walk.values, path, size);

		walk.lost = !value;
		if (walk.lost)
			break;
		walk.value = value;
		/* A preset stands nowhere: the mapping that lacks it is the place. */
		if (value->place.file)
			walk.place = value->place;
		path = walk_into(&walk,
			&walk.values->set->items[value - walk.values->items],
			path + size);
		if (walk.lost || *path == '\0')
			break;
		walk.lost = *path != '.' || !walk.values;
		path++;
	} while (!walk.lost);
	return walk;
}

const struct value *values_find(const struct values *values, const char *path)
{
	struct walk walk = walk_path(values, path);

	return walk.lost ? NULL : walk.value;
}

struct place values_find_place(const struct values *values, const char *path)
{
	return walk_path(values, path).place;
}

static void wipe_text(const char *text)
{
	char *writable;

	if (!text)
		return;
	/* The texts were made by value_from_text, in memory that is ours. */
	memcpy(&writable, &text, sizeof(writable));
	explicit_bzero(writable, strlen(text));
}

void values_wipe_secrets(struct values *values)
{
	for (size_t i = 0; i < values->set->n; i++) {
		const struct value *value = &values->items[i];
		const struct values *below = NULL;
		size_t n = 0;

		switch (values->set->items[i].type) {
		case RK_TYPE_SECRET:
			wipe_text(value->text);
			break;
		case RK_TYPE_GROUP:
			below = value->group;
			n = below != NULL;
			break;
		case RK_TYPE_TABLE:
			below = value->table.rows;
			n = value->table.n;
			break;
		default:
			break;
		}
		for (size_t k = 0; k < n; k++) {
			struct values copy = below[k];

			values_wipe_secrets(&copy);
		}
	}
}
