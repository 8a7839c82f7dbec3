/* SPDX-License-Identifier: Apache-2.0 */
#include "secrets.h"

struct collection {
	const char **secrets;
	size_t n, room;
};

static void collect(const struct values *values, struct collection *found);

static void collect_from(
	const struct option *option, const struct value *value, struct collection *found)
{
	switch (option->type) {
	case RK_TYPE_SECRET:
		if (!value->text || !*value->text)
			break;
		if (found->n < found->room)
			found->secrets[found->n] = value->text;
		found->n++;
		break;
	case RK_TYPE_GROUP:
		if (value->group)
			collect(value->group, found);
		break;
	case RK_TYPE_TABLE:
		for (size_t i = 0; i < value->table.n; i++)
			collect(&value->table.rows[i], found);
		break;
	default:
		break;
	}
}

/* As deep as options nest: OPTION_MAX_DEPTH. */
static void collect(const struct values *values, struct collection *found)
{
	for (size_t i = 0; i < values->set->n; i++)
		collect_from(&values->set->items[i], &values->items[i], found);
}

size_t values_secrets(const struct values *values, const char **secrets, size_t n)
{
	struct collection found = { .secrets = secrets, .room = n };

	collect(values, &found);
	return found.n;
}
