/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A world whose sink writes files: the agent's own transport, as it is configured with
 * a small rotate.size. What its compressor would do on a thread of its own is held
 * until all threads are still, as the jobs are (world.c).
 */
#include "base/macros.h"
#include "base/text.h"
#include "campaign.h"
#include "deliver/compressor.h"
#include "deliver/file.h"
#include "model/value.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMPRESS_GZIP = 1 };

/* ---- the compressor ---------------------------------------------------- */

static struct {
	struct compressor *compressor;
	char **paths; /* owned */
	size_t n;
	struct random random;
} held;

void __wrap_compressor_add(struct compressor *compressor, const char *path);
void __wrap_compressor_finish(struct compressor *compressor);
void __real_compressor_finish(struct compressor *compressor);

static bool compress_one(struct world *world)
{
	char *path;

	(void)world;
	if (held.n == 0)
		return false;
	path = held.paths[0];
	memmove(held.paths, held.paths + 1, --held.n * sizeof(*held.paths));
	compressor_compress(held.compressor, path);
	free(path);
	return true;
}

/* Sometimes the thread is so fast that it has done all before the caller goes on. */
void __wrap_compressor_add(struct compressor *compressor, const char *path)
{
	for (size_t i = 0; i < held.n; i++) {
		if (text_equal(held.paths[i], path))
			return;
	}
	held.compressor = compressor;
	held.paths = realloc(held.paths, (held.n + 1) * sizeof(*held.paths));
	must(held.paths, "out of memory");
	held.paths[held.n++] = strdup(path);
	if (random_below(&held.random, 3) == 0) {
		while (compress_one(NULL))
			;
	}
}

/* What was not begun stays for the next life. */
void __wrap_compressor_finish(struct compressor *compressor)
{
	while (held.n > 0)
		free(held.paths[--held.n]);
	free(held.paths);
	held.paths = NULL;
	__real_compressor_finish(compressor);
}

/* ---- its configuration ------------------------------------------------- */

enum { OPTION_PATH, OPTION_ROTATE, OPTION_COMPRESS, N_OPTIONS };
enum { ROTATE_SIZE, ROTATE_EVERY, N_ROTATE };

/* In the order of the transport's table, as config/bind.c makes them. */
static struct {
	char path[512];
	struct option_set set, rotate_set;
	struct value items[N_OPTIONS], rotate_items[N_ROTATE];
	struct values options, rotate;
} file = {
	.set.n = N_OPTIONS,
	.rotate_set.n = N_ROTATE,
	.rotate = { .set = &file.rotate_set, .items = file.rotate_items },
	.options = { .set = &file.set, .items = file.items },
};

static const struct values *configure(struct world *world, bool compress)
{
	snprintf(file.path, sizeof(file.path), "%s/x.ndjson", world->output_folder);
	file.rotate_items[ROTATE_SIZE] = (struct value){
		.origin = ORIGIN_FILE,
		.bytes = 500 + random_below(&world->random, 6000),
	};
	file.items[OPTION_PATH] =
		(struct value){ .origin = ORIGIN_FILE, .text = file.path };
	file.items[OPTION_ROTATE].group = &file.rotate;
	file.items[OPTION_COMPRESS] = (struct value){
		.origin = ORIGIN_FILE,
		.choice = compress ? COMPRESS_GZIP : 0,
	};
	return &file.options;
}

void world_use_files(struct world *world, const char *root, bool compress)
{
	must(transport_file.n_options == N_OPTIONS &&
			text_equal(transport_file.options[OPTION_PATH].name, "path") &&
			text_equal(
				transport_file.options[OPTION_COMPRESS].name, "compress"),
		"the transport's options are others");
	must(asprintf(&world->output_folder, "%s/out", root) > 0, "out of memory");
	world->transport = &transport_file;
	world->sink_settings.options = configure(world, compress);
	world->background = compress_one;
	random_seed(&held.random, random_next(&world->random));
}
