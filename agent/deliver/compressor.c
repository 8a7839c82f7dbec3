/* SPDX-License-Identifier: Apache-2.0 */
#include "compressor.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define SLICE_SIZE (256u << 10)

/* One file on its way. */
struct compression {
	struct compressor *compressor;
	int from, to;
	z_stream stream;
	unsigned char in[SLICE_SIZE], out[SLICE_SIZE];
};

static bool is_stopping(struct compressor *compressor)
{
	bool stopping;

	pthread_mutex_lock(&compressor->lock);
	stopping = compressor->stopping;
	pthread_mutex_unlock(&compressor->lock);
	return stopping;
}

/* Writes what deflate makes of the input that is there. */
static int deflate_slice(struct compression *work, int flush)
{
	do {
		int r;

		work->stream.next_out = work->out;
		work->stream.avail_out = sizeof(work->out);
		if (deflate(&work->stream, flush) == Z_STREAM_ERROR)
			return -EIO;
		r = file_write(
			work->to, work->out, sizeof(work->out) - work->stream.avail_out);
		if (r < 0)
			return r;
	} while (work->stream.avail_out == 0);
	return 0;
}

static int deflate_all(struct compression *work)
{
	off_t offset = 0;

	for (;;) {
		ssize_t n = file_read_at(work->from, work->in, sizeof(work->in), offset);
		int r;

		if (n < 0)
			return (int)n;
		if (is_stopping(work->compressor))
			return -ECANCELED;
		work->stream.next_in = work->in;
		work->stream.avail_in = (unsigned int)n;
		r = deflate_slice(
			work, n < (ssize_t)sizeof(work->in) ? Z_FINISH : Z_NO_FLUSH);
		if (r < 0 || n < (ssize_t)sizeof(work->in))
			return r;
		offset += n;
	}
}

static int compress_stream(struct compression *work)
{
	/* 15 bits of window, and 16 for a gzip header (zlib.h, deflateInit2). */
	int r = deflateInit2(&work->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
		Z_DEFAULT_STRATEGY);

	if (r != Z_OK)
		return -ENOMEM;
	r = deflate_all(work);
	deflateEnd(&work->stream);
	return r;
}

/* Gives the compressed file the original's time, and makes it durable. */
static int keep_time(int to, const struct stat *original)
{
	struct timespec times[2] = { original->st_atim, original->st_mtim };

	return futimens(to, times) < 0 || fsync(to) < 0 ? -errno : 0;
}

static int compress_to(
	struct compressor *compressor, const char *path, const char *part_path)
{
	CLEANUP_CLOSE int from = open(path, O_RDONLY | O_CLOEXEC);
	CLEANUP_CLOSE int to = -1;
	struct compression *work;
	struct stat status;
	int r;

	/* fdatasync need not keep the time of the original, by which its copy is known:
	 * with another time after power loss it would be compressed once more. */
	if (from < 0 || fsync(from) < 0 || fstat(from, &status) < 0)
		return -errno;
	to = open(part_path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC,
		status.st_mode & 0777);
	if (to < 0)
		return -errno;
	work = calloc(1, sizeof(*work));
	if (!work)
		return -ENOMEM;
	work->compressor = compressor;
	work->from = from;
	work->to = to;
	r = compress_stream(work);
	free(work);
	if (r == 0)
		r = keep_time(to, &status);
	return r;
}

/* The compressed file has the time of its original, as gzip(1) does it. That also
 * tells after a crash that the copy was complete and the original is left over. */
static bool is_copy_of(const char *target, const char *path)
{
	struct stat copy, original;

	return stat(target, &copy) == 0 && stat(path, &original) == 0 &&
	       copy.st_mtim.tv_sec == original.st_mtim.tv_sec &&
	       copy.st_mtim.tv_nsec == original.st_mtim.tv_nsec;
}

/* The first of PATH.gz, PATH.1.gz, ... that is free, or that is this file's copy.
 * Owned by the caller; NULL where memory ran out. */
static char *target_of(const char *path, bool *ret_is_copy)
{
	char *target = NULL;

	for (unsigned int i = 0; i < 100000; i++) {
		int n = i == 0 ? asprintf(&target, "%s.gz", path)
			       : asprintf(&target, "%s.%u.gz", path, i);

		if (n < 0)
			return NULL;
		*ret_is_copy = is_copy_of(target, path);
		if (*ret_is_copy || access(target, F_OK) < 0)
			return target;
		free(target);
	}
	return NULL;
}

static int compress_into(
	struct compressor *compressor, const char *path, const char *target)
{
	CLEANUP_FREE char *part_path = NULL;
	int r;

	if (asprintf(&part_path, "%s.gz.part", path) < 0)
		return -ENOMEM;
	r = compress_to(compressor, path, part_path);
	if (r == 0 && rename(part_path, target) < 0)
		r = -errno;
	if (r < 0)
		unlink(part_path);
	return r;
}

static int sync_folder_of(const char *path)
{
	CLEANUP_FREE char *folder = strdup(path);

	return folder ? folder_sync(dirname(folder)) : -ENOMEM;
}

static int compress_file(struct compressor *compressor, const char *path)
{
	bool is_copy;
	CLEANUP_FREE char *target = target_of(path, &is_copy);
	int r = target ? 0 : -ENOMEM;

	if (r == 0 && !is_copy)
		r = compress_into(compressor, path, target);
	/* Also of a copy that was found: who made it may have been killed before its name
	 * was durable. */
	if (r == 0)
		r = sync_folder_of(path);
	if (r == 0 && unlink(path) < 0)
		r = -errno;
	return r;
}

void compressor_compress(struct compressor *compressor, const char *path)
{
	int r = compress_file(compressor, path);

	if (r < 0 && r != -ECANCELED && r != -ENOENT)
		log_error(compressor->id,
			"cannot compress '%s', which stays as it is: %s", path,
			strerror(-r));
}

/* The next path that waits; NULL: stopping. */
static char *next_path(struct compressor *compressor)
{
	char *path = NULL;

	pthread_mutex_lock(&compressor->lock);
	while (compressor->n == 0 && !compressor->stopping)
		pthread_cond_wait(&compressor->wake, &compressor->lock);
	if (!compressor->stopping) {
		path = compressor->paths[0];
		memmove(compressor->paths, compressor->paths + 1,
			--compressor->n * sizeof(*compressor->paths));
	}
	pthread_mutex_unlock(&compressor->lock);
	return path;
}

static void *compressor_run(void *argument)
{
	struct compressor *compressor = argument;
	char *path;

	while ((path = next_path(compressor))) {
		compressor_compress(compressor, path);
		free(path);
	}
	return NULL;
}

static int compressor_start(struct compressor *compressor)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = -pthread_create(&compressor->thread, NULL, compressor_run, compressor);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r == 0) {
		compressor->running = true;
		pthread_setname_np(compressor->thread, "compress");
	}
	return r;
}

static bool waits_already(const struct compressor *compressor, const char *path)
{
	for (size_t i = 0; i < compressor->n; i++) {
		if (text_equal(compressor->paths[i], path))
			return true;
	}
	return false;
}

static int add_path(struct compressor *compressor, const char *path)
{
	char **paths;

	if (waits_already(compressor, path))
		return 0;
	paths = realloc(compressor->paths, (compressor->n + 1) * sizeof(*paths));
	if (!paths)
		return -ENOMEM;
	compressor->paths = paths;
	paths[compressor->n] = strdup(path);
	if (!paths[compressor->n])
		return -ENOMEM;
	compressor->n++;
	return compressor->running ? 0 : compressor_start(compressor);
}

void compressor_add(struct compressor *compressor, const char *path)
{
	int r;

	pthread_mutex_lock(&compressor->lock);
	r = add_path(compressor, path);
	pthread_cond_signal(&compressor->wake);
	pthread_mutex_unlock(&compressor->lock);
	if (r < 0)
		log_error(compressor->id,
			"cannot compress '%s', which stays as it is: %s", path,
			strerror(-r));
}

void compressor_init(struct compressor *compressor, const char *id)
{
	*compressor = (struct compressor){ .id = id };
	pthread_mutex_init(&compressor->lock, NULL);
	pthread_cond_init(&compressor->wake, NULL);
}

void compressor_finish(struct compressor *compressor)
{
	pthread_mutex_lock(&compressor->lock);
	compressor->stopping = true;
	pthread_cond_signal(&compressor->wake);
	pthread_mutex_unlock(&compressor->lock);
	if (compressor->running)
		pthread_join(compressor->thread, NULL);
	for (size_t i = 0; i < compressor->n; i++)
		free(compressor->paths[i]);
	free(compressor->paths);
	pthread_cond_destroy(&compressor->wake);
	pthread_mutex_destroy(&compressor->lock);
}
