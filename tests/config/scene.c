/* SPDX-License-Identifier: Apache-2.0 */
#include "scene.h"

#include "cases.h"
#include "fake_catalogue.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void must(int ok)
{
	if (!ok)
		abort();
}

void scene_open(struct scene *scene)
{
	static const char pattern[] = "/tmp/rookery-config-XXXXXX";

	memset(scene, 0, sizeof(*scene));
	memcpy(scene->path, pattern, sizeof(pattern));
	must(mkdtemp(scene->path) != NULL);
	must(chdir(scene->path) == 0);
}

static int remove_entry(
	const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static void scene_unload(struct scene *scene)
{
	config_unref(scene->config);
	scene->config = NULL;
	report_finish(&scene->report);
	buffer_clear(&scene->printed);
}

void scene_close(struct scene *scene)
{
	scene_unload(scene);
	buffer_finish(&scene->printed);
	must(chdir("/") == 0);
	nftw(scene->path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

void scene_write(
	const struct scene *scene, const char *name, const char *text, mode_t mode)
{
	CLEANUP_FREE char *path = path_join(scene->path, name);
	CLEANUP_FREE char *above = strdup(path);
	CLEANUP_CLOSE int fd = -1;

	*strrchr(above, '/') = '\0';
	must(folder_create(above, 0755) == 0);
	fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600);
	must(fd >= 0);
	must(file_write(fd, text, strlen(text)) == 0);
	must(fchmod(fd, mode) == 0);
}

const char *scene_load(struct scene *scene, const char *path)
{
	scene_unload(scene);
	scene->config = config_load(path, fake_catalogue(), &scene->report);
	must(scene->config != NULL);
	report_print(&scene->report, scene->config->documents, false, &scene->printed);
	return buffer_text(&scene->printed);
}

const char *scene_load_text(struct scene *scene, const char *text)
{
	scene_write(scene, "rookery.yaml", text, 0644);
	return scene_load(scene, "rookery.yaml");
}

void scene_check(const char *before, const struct scene_row *rows, size_t n)
{
	struct scene scene;

	scene_open(&scene);
	for (size_t i = 0; i < n; i++) {
		CLEANUP(buffer_finish) struct buffer text = { 0 };

		buffer_append_text(&text, before);
		buffer_append_text(&text, rows[i].text);
		assert_string_equal(
			scene_load_text(&scene, buffer_text(&text)), rows[i].printed);
	}
	scene_close(&scene);
}
