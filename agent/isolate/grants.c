/* SPDX-License-Identifier: Apache-2.0 */
#include "grants.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "model/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void grants_finish(struct grants *grants)
{
	for (size_t i = 0; i < grants->n; i++) {
		void *path;

		/* The sandbox only reads it; here it is owned. */
		memcpy(&path, &grants->paths[i].path, sizeof(path));
		free(path);
	}
	free(grants->paths);
	*grants = (struct grants){ 0 };
}

static struct sandbox_path *find(const struct grants *grants, const char *path)
{
	for (size_t i = 0; i < grants->n; i++) {
		if (text_equal(grants->paths[i].path, path))
			return &grants->paths[i];
	}
	return NULL;
}

/* As the agent itself would find it. */
static char *absolute(const char *path)
{
	CLEANUP_FREE char *folder = *path == '/' ? NULL : getcwd(NULL, 0);

	return folder ? path_join(folder, path) : strdup(path);
}

static int add_path(struct grants *grants, const char *path, bool write)
{
	char *copy = *path ? absolute(path) : NULL;
	struct sandbox_path *found = copy ? find(grants, copy) : NULL, *paths;

	if (!copy || found) {
		if (found)
			found->write |= write;
		free(copy);
		return *path && !found ? -ENOMEM : 0;
	}
	paths = realloc(grants->paths, (grants->n + 1) * sizeof(*paths));
	if (!paths) {
		free(copy);
		return -ENOMEM;
	}
	grants->paths = paths;
	paths[grants->n++] = (struct sandbox_path){ copy, write };
	return 0;
}

static int add_value(
	struct grants *grants, const struct option *option, const struct value *value)
{
	bool write = option->flags & RK_PATH_WRITE;
	int r = 0;

	if (option->type == RK_TYPE_GROUP)
		return value->group ? grants_add_values(grants, value->group) : 0;
	if (value->origin == ORIGIN_NONE)
		return 0;
	if (option->type == RK_TYPE_TABLE) {
		for (size_t i = 0; r == 0 && i < value->table.n; i++)
			r = grants_add_values(grants, &value->table.rows[i]);
		return r;
	}
	if (!(option->flags & (RK_PATH_READ | RK_PATH_WRITE)))
		return 0;
	if (option->type == RK_TYPE_STRING && value->text)
		return add_path(grants, value->text, write);
	if (option->type == RK_TYPE_LIST) {
		for (size_t i = 0; r == 0 && i < value->list.n; i++)
			r = add_path(grants, value->list.items[i], write);
	}
	return r;
}

int grants_add_values(struct grants *grants, const struct values *values)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < values->set->n; i++)
		r = add_value(grants, &values->set->items[i], &values->items[i]);
	return r;
}

int grants_add(struct grants *grants, const struct grants *more)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < more->n; i++)
		r = add_path(grants, more->paths[i].path, more->paths[i].write);
	return r;
}

bool grants_cover(const struct grants *grants, const struct grants *others)
{
	for (size_t i = 0; i < others->n; i++) {
		const struct sandbox_path *found = find(grants, others->paths[i].path);

		if (!found || (others->paths[i].write && !found->write))
			return false;
	}
	return true;
}
