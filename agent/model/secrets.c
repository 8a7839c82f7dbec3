/* SPDX-License-Identifier: Apache-2.0 */
#include "secrets.h"

#include "base/macros.h"

#include <string.h>

/* So little of a secret at the end of a text gives nothing away. */
#define CUT_MIN_SIZE 4

/* Of a plugin or a sink; the others are not looked for. */
#define HIDDEN_MAX_COUNT 64

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

static void hide_cut(const char *secret, size_t size, char *text)
{
	size_t n = strlen(text);

	for (size_t cut = MIN(n, size); cut >= CUT_MIN_SIZE; cut--) {
		if (memcmp(text + n - cut, secret, cut) == 0) {
			memset(text + n - cut, '*', cut);
			return;
		}
	}
}

void secret_hide(const char *secret, char *text)
{
	size_t n = strlen(secret);
	char *at = text;

	if (n == 0)
		return;
	while ((at = strstr(at, secret))) {
		memset(at, '*', n);
		at += n;
	}
	hide_cut(secret, n, text);
}

void values_hide_secrets(const struct values *values, char *text)
{
	const char *secrets[HIDDEN_MAX_COUNT];
	size_t n = values ? values_secrets(values, secrets, HIDDEN_MAX_COUNT) : 0;

	for (size_t i = 0; i < MIN(n, HIDDEN_MAX_COUNT); i++)
		secret_hide(secrets[i], text);
}
