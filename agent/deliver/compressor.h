/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compresses closed files to FILE.gz, one after the other, on a thread of its own
 * that starts with the first file. The original goes only when the compressed one
 * is durable; after a crash in between, the next start compresses it again, or removes
 * it where its copy was complete.
 */
#ifndef DELIVER_COMPRESSOR_H
#define DELIVER_COMPRESSOR_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct compressor {
	const char *id; /* the sink's, for the log; borrowed */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	char **paths; /* owned: n that wait */
	size_t n;
	bool running, stopping;
};

void compressor_init(struct compressor *compressor, const char *id);

/* Stops within a slice of work and frees all. Blocks for that long. */
void compressor_finish(struct compressor *compressor);

/* Compresses a file at once, and logs where that fails. Blocks; any thread, but not two
 * for the same file. */
void compressor_compress(struct compressor *compressor, const char *path);

/* Adds a file, unless it waits already. Any thread. */
void compressor_add(struct compressor *compressor, const char *path);

#endif
