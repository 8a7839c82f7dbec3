/* SPDX-License-Identifier: Apache-2.0 */
#include "secret_files.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "net/wipe.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#define LARGEST (64u << 10)

struct secret_job {
	uv_work_t work;
	char *folder, *path; /* owned */
	char *text;          /* owned; NULL: load */
	struct secret_result result;
	void (*on_done)(void *context, struct secret_result *result); /* NULL: left */
	void *context;
};

/* ---- on a thread of the pool ------------------------------------------------- */

static int write_new(const char *path, const char *text)
{
	CLEANUP_CLOSE int fd = open(path,
		O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	int r;

	if (fd < 0)
		return -errno;
	/* One that a crash left may have another mode. */
	if (fchmod(fd, S_IRUSR | S_IWUSR) < 0)
		return -errno;
	r = file_write(fd, text, strlen(text));
	if (r < 0)
		return r;
	return fsync(fd) < 0 ? -errno : 0;
}

static int save(const struct secret_job *job)
{
	CLEANUP(buffer_finish) struct buffer fresh = { 0 };
	int r = folder_create(job->folder, S_IRWXU);

	buffer_append_format(&fresh, "%s.new", job->path);
	if (!buffer_text(&fresh))
		return -ENOMEM;
	if (r == 0)
		r = write_new(buffer_text(&fresh), job->text);
	if (r == 0 && rename(buffer_text(&fresh), job->path) < 0)
		r = -errno;
	return r < 0 ? r : folder_sync(job->folder);
}

static void on_work(uv_work_t *work)
{
	struct secret_job *job = container_of(work, struct secret_job, work);

	if (job->text)
		job->result.result = save(job);
	else
		job->result.result = file_read(job->path, LARGEST, &job->result.text);
}

/* ---- on the loop --------------------------------------------------------------- */

static void job_free(struct secret_job *job)
{
	wipe_buffer(&job->result.text);
	wipe_text(job->text);
	free(job->folder);
	free(job->path);
	free(job);
}

static void on_worked(uv_work_t *work, int status)
{
	struct secret_job *job = container_of(work, struct secret_job, work);

	if (status < 0)
		job->result.result = status;
	if (job->on_done)
		job->on_done(job->context, &job->result);
	job_free(job);
}

static int files_start(struct secret_store *store, const char *name, const char *text,
	void (*on_done)(void *context, struct secret_result *result), void *context,
	struct secret_job **ret_job)
{
	struct secret_files *files = container_of(store, struct secret_files, store);
	struct secret_job *job = calloc(1, sizeof(*job));
	int r = -ENOMEM;

	if (!job)
		return r;
	job->folder = strdup(files->folder);
	job->path = path_join(files->folder, name);
	job->text = text ? strdup(text) : NULL;
	job->on_done = on_done;
	job->context = context;
	if (job->folder && job->path && (job->text || !text))
		r = uv_queue_work(files->loop, &job->work, on_work, on_worked);
	if (r < 0) {
		job_free(job);
		return r;
	}
	*ret_job = job;
	return 0;
}

static void files_leave(struct secret_job *job)
{
	job->on_done = NULL;
}

static const struct secret_store_ops files_ops = {
	.start = files_start,
	.leave = files_leave,
};

void secret_files_init(struct secret_files *files, uv_loop_t *loop, const char *folder)
{
	*files = (struct secret_files){ { &files_ops }, loop, folder };
}
