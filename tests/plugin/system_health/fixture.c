/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "cases.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_OPTIONS = 32, STEP_S = 10 };

/* Whose mounts fixture_statfs answers for. */
static const struct fixture *current;

static char *format(const char *text, ...) __attribute__((format(printf, 1, 2)));

static char *format(const char *text, ...)
{
	char *made;
	va_list list;

	va_start(list, text);
	assert_true(vasprintf(&made, text, list) >= 0);
	va_end(list);
	return made;
}

static void run_command(char *command)
{
	assert_int_equal(system(command), 0);
	free(command);
}

char *folder_create_temporary(void)
{
	char *folder = strdup("/tmp/rookery-health-XXXXXX");

	assert_non_null(mkdtemp(folder));
	return folder;
}

static int remove_one(
	const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

void folder_remove(char *folder)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(folder);
}

char *fixture_path(const struct fixture *fixture, const char *name)
{
	return format("%s/%s", fixture->tree, name);
}

/* A whole small file, owned by the caller; NULL where there is none. */
static char *read_file(const struct fixture *fixture, const char *name)
{
	char *path = fixture_path(fixture, name);
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t capacity = 0;

	free(path);
	if (!file)
		return NULL;
	assert_true(getdelim(&text, &capacity, '\0', file) > 0);
	fclose(file);
	return text;
}

/* The path of a mount as the tree's file statfs has it, without the root that was
 * put in front. */
static const char *point_of(const char *path)
{
	const char *root = current->health->settings.root;

	return root ? path + strlen(root) : path;
}

static int answer(const char *line, struct statfs *ret_space)
{
	unsigned long long numbers[6];

	if (sscanf(line, "%llu %llu %llu %llu %llu %llu", &numbers[0], &numbers[1],
		    &numbers[2], &numbers[3], &numbers[4], &numbers[5]) != 6)
		return -1;
	*ret_space = (struct statfs){ 0 };
	ret_space->f_bsize = (__typeof__(ret_space->f_bsize))numbers[0];
	ret_space->f_blocks = numbers[1];
	ret_space->f_bfree = numbers[2];
	ret_space->f_bavail = numbers[3];
	ret_space->f_files = numbers[4];
	ret_space->f_ffree = numbers[5];
	return 0;
}

int fixture_statfs(const char *path, struct statfs *ret_space)
{
	const char *point = point_of(path);
	char *text = read_file(current, "statfs"), *line, *rest;
	int r = -1;

	errno = ENOENT;
	if (!text)
		return -1;
	for (line = strtok_r(text, "\n", &rest); line && r < 0;
		line = strtok_r(NULL, "\n", &rest)) {
		size_t n = strlen(point);

		if (strncmp(line, point, n) == 0 && line[n] == ' ')
			r = answer(line + n, ret_space);
	}
	free(text);
	errno = ENOENT;
	return r;
}

static struct fixture *open_tree(char *tree, char *copy, const char *const *options)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *all[MOST_OPTIONS] = { "parts.units=false", "mail.every=0s",
		"tcp.every=0s" };
	char *made[5];
	size_t n = 3;
	char *now, *root;

	assert_non_null(fixture);
	fixture->tree = tree;
	fixture->copy = copy;
	root = read_file(fixture, "options");
	made[0] = format("proc=%s/proc", tree);
	made[1] = format("sys=%s/sys", tree);
	made[2] = format("mail.postfix_queue=%s%s", root ? "" : tree, "/spool/postfix");
	made[3] = format("mail.exim_spool=%s%s", root ? "" : tree, "/spool/exim4");
	made[4] = root ? format("root=%s", tree) : NULL;
	for (size_t i = 0; i < 5 && made[i]; i++)
		all[n++] = made[i];
	for (size_t i = 0; options && options[i]; i++)
		all[n++] = options[i];
	fixture->fake = fake_host_create(&rk_plugin_entry, all);
	fixture->health = fixture->fake->state;
	fixture->health->filesystem.prober.ask = fixture_statfs;
	now = read_file(fixture, "now");
	fixture->fake->plan.now_ns = strtoll(now, NULL, 10) * 1000000000;
	for (size_t i = 0; i < 5; i++)
		free(made[i]);
	free(now);
	free(root);
	current = fixture;
	return fixture;
}

struct fixture *fixture_open(const char *tree, const char *const *options)
{
	return open_tree(format("%s/%s", TESTDATA, tree), NULL, options);
}

struct fixture *fixture_open_copy(const char *tree, const char *const *options)
{
	char *copy = folder_create_temporary();

	run_command(format("cp -r %s/%s/. %s", TESTDATA, tree, copy));
	return open_tree(strdup(copy), copy, options);
}

void fixture_close(struct fixture *fixture)
{
	struct fake_host *fake = fixture->fake;

	if (fixture->copy)
		folder_remove(fixture->copy);
	free(fixture->tree);
	free(fixture);
	fake_host_destroy(fake);
}

int fixture_run(struct fixture *fixture)
{
	if (!fixture->fake->started)
		assert_int_equal(fake_host_start(fixture->fake), 0);
	else
		fixture->fake->plan.now_ns += STEP_S * INT64_C(1000000000);
	return fake_host_collect(fixture->fake);
}

void fixture_next(struct fixture *fixture)
{
	run_command(format("cp -r %s/next/. %s", fixture->copy, fixture->copy));
}

void fixture_write(struct fixture *fixture, const char *name, const char *text)
{
	char *path = format("%s/%s", fixture->copy, name);
	FILE *file;

	if (!text) {
		assert_int_equal(unlink(path), 0);
	} else {
		file = fopen(path, "w");
		assert_non_null(file);
		fputs(text, file);
		fclose(file);
	}
	free(path);
}

bool fixture_reports(const struct fixture *fixture, const char *prefix)
{
	char *text = fake_host_text(fixture->fake);
	bool found = strncmp(text, prefix, strlen(prefix)) == 0;

	for (const char *line = strchr(text, '\n'); line && !found;
		line = strchr(line + 1, '\n'))
		found = strncmp(line + 1, prefix, strlen(prefix)) == 0;
	free(text);
	return found;
}
