/* SPDX-License-Identifier: Apache-2.0 */
/* A configuration in a folder of its own, which is the current one meanwhile, so that
 * reports name its files in short. */
#ifndef CONFIG_SCENE_H
#define CONFIG_SCENE_H

#include "config/config.h"
#include "config/report.h"

#include "base/buffer.h"

#include <sys/types.h>

struct scene {
	char path[64];
	struct report report;
	struct config *config; /* what scene_load loaded last */
	struct buffer printed;
};

void scene_open(struct scene *scene);
void scene_close(struct scene *scene);

/* Writes a file, and folders above it. */
void scene_write(
	const struct scene *scene, const char *name, const char *text, mode_t mode);

/* Loads a path with the fake catalogue; returns what the report prints. */
const char *scene_load(struct scene *scene, const char *path);

/* The same with one text as rookery.yaml. */
const char *scene_load_text(struct scene *scene, const char *text);

/* A text, and what the report about it prints. */
struct scene_row {
	const char *text, *printed;
};

/* Loads each text behind another in a scene of its own. */
void scene_check(const char *before, const struct scene_row *rows, size_t n);

#endif
