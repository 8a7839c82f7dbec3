/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch on its way to a file:
 *
 *	prepare   the path for the batch's time; the file before is closed where that
 *	          changed, is full, or was moved away; the new one is opened
 *	          (the delivery records path, inode and offset)
 *	send      header and bytes appended, fdatasync
 *	          (the delivery acknowledges)
 *
 * What was written behind the recorded offset and not acknowledged is cut off after
 * a crash, so the file never holds half a line, nor a line twice, for longer than
 * until the next start.
 */
#include "file.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/text.h"
#include "compressor.h"
#include "file_name.h"
#include "file_output.h"
#include "model/options.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- options ----------------------------------------------------------- */

enum compression { COMPRESS_NONE, COMPRESS_GZIP };

struct file_options {
	const char *path;
	struct rotate_options rotate;
	struct rk_choice compress; /* enum compression */
};

static const char *const compressions[] = { "none", "gzip", NULL };

/* clang-format off */
static const struct rk_option rotate_table[] = {
	{ .name = "size", RK_FIELD(struct rotate_options, size), .preset = "0",
		.help = "Closes a file that has grown to this size; 0: never." },
	{ .name = "every", RK_FIELD(struct rotate_options, every), .preset = "0",
		.help = "Closes a file at each multiple of this time in UTC; 0: never." },
};

static const struct rk_option file_table[] = {
	{ .name = "path", RK_FIELD(struct file_options, path),
		.flags = RK_REQUIRED | RK_PATH_WRITE,
		.help = "Where to write; strftime conversions such as %Y-%m-%d stand for the "
			"time in UTC at which the first sample of a batch was observed; "
			"- is standard output." },
	{ .name = "rotate", RK_GROUP(struct file_options, rotate),
		.columns = RK_COLUMNS(rotate_options, rotate_table),
		.help = "When a file is closed and renamed to PATH.N; the highest N is the "
			"newest." },
	{ .name = "compress", RK_FIELD(struct file_options, compress), .preset = "none",
		.choices = compressions,
		.help = "How closed files are compressed." },
};
/* clang-format on */

struct file_sink {
	struct sink sink;
	uv_loop_t *loop;
	struct arena arena; /* of the options */
	struct file_options options;
	struct encoder encoder; /* for the header alone */
	bool is_stdout;
	struct compressor compressor;
	struct output output; /* one job at a time touches it */
	/* The batch that is being sent. */
	uv_work_t work;
	const struct batch *batch;
	struct buffer header;
	int result;
};

static struct file_sink *file_sink_of(struct sink *sink)
{
	return container_of(sink, struct file_sink, sink);
}

/* ---- before sending ---------------------------------------------------- */

static void file_note(struct sink *sink, struct sink_note *note)
{
	output_note(&file_sink_of(sink)->output, note);
}

static int file_recover(struct sink *sink, const struct sink_note *note, bool has_batch)
{
	struct file_sink *file = file_sink_of(sink);
	CLEANUP_FREE char *path = NULL;
	int r;

	if (file->is_stdout)
		return 0;
	r = output_recover(&file->output, note, has_batch, &path);
	if (r == 0 && path)
		output_compress_left(&file->output, file->options.path, path);
	return r;
}

static int file_prepare(
	struct sink *sink, const struct batch *batch, struct sink_note *note)
{
	struct file_sink *file = file_sink_of(sink);
	CLEANUP_FREE char *path = NULL;
	int r;

	if (file->is_stdout)
		return 0;
	path = file_name_expand(file->options.path, batch->first_observed_ns);
	if (!path)
		return -ENAMETOOLONG;
	r = output_ready(&file->output, path, batch->first_observed_ns);
	if (r < 0)
		return r;
	buffer_clear(&file->header);
	if (file->output.offset == 0 && file->encoder.type->header)
		file->encoder.type->header(&file->encoder, &file->header);
	output_note(&file->output, note);
	/* Without a note a crash could double the batch. */
	if (note->size == 0)
		return -ENAMETOOLONG;
	return buffer_failed(&file->header) ? -ENOMEM : 0;
}

/* ---- sending ----------------------------------------------------------- */

static int write_to_file(struct file_sink *file)
{
	struct output *output = &file->output;
	const struct buffer *bytes = &file->batch->bytes;
	int r = output_repair(output);

	output_compress_closed(output);
	if (r == 0)
		r = file_write(output->fd, file->header.data, file->header.size);
	if (r == 0)
		r = file_write(output->fd, bytes->data, bytes->size);
	if (r == 0 && fdatasync(output->fd) < 0)
		r = -errno;
	if (r == 0)
		return output_advance(output, file->header.size + bytes->size);
	/* No reader should see half a line until the next try, which repairs it where
	 * this does not work. */
	output->is_torn = true;
	(void)output_repair(output);
	return r;
}

static int write_to_stdout(const struct batch *batch)
{
	return file_write(STDOUT_FILENO, batch->bytes.data, batch->bytes.size);
}

static void send_on_work(uv_work_t *work)
{
	struct file_sink *file = container_of(work, struct file_sink, work);

	file->result =
		file->is_stdout ? write_to_stdout(file->batch) : write_to_file(file);
}

static void send_on_done(uv_work_t *work, int status)
{
	struct file_sink *file = container_of(work, struct file_sink, work);

	sink_tell_sent(&file->sink, status < 0 ? status : file->result);
}

static void file_send(struct sink *sink, const struct batch *batch)
{
	struct file_sink *file = file_sink_of(sink);

	file->batch = batch;
	uv_queue_work(file->loop, &file->work, send_on_work, send_on_done);
}

static void file_cancel(struct sink *sink)
{
	/* Only a job that no thread has taken yet can be cancelled (uv_cancel); one that
	 * writes to a dead disk cannot, and the agent's stop does not wait for it. */
	uv_cancel((uv_req_t *)&file_sink_of(sink)->work);
}

/* ---- making and ending ------------------------------------------------- */

static void close_on_work(uv_work_t *work)
{
	compressor_finish(&container_of(work, struct file_sink, work)->compressor);
}

static void file_free(struct file_sink *file)
{
	output_close(&file->output);
	free(file->output.closed);
	buffer_finish(&file->header);
	arena_finish(&file->arena);
	free(file);
}

static void close_on_done(uv_work_t *work, int status)
{
	struct file_sink *file = container_of(work, struct file_sink, work);
	struct sink_listener *listener = file->sink.listener;

	(void)status;
	file_free(file);
	listener->on_closed(listener);
}

static void file_close(struct sink *sink)
{
	struct file_sink *file = file_sink_of(sink);

	uv_queue_work(file->loop, &file->work, close_on_work, close_on_done);
}

static const struct sink_ops file_ops = {
	.recover = file_recover,
	.prepare = file_prepare,
	.send = file_send,
	.note = file_note,
	.cancel = file_cancel,
	.close = file_close,
};

static int file_create(
	const struct sink_options *options, struct sink **ret_sink, struct buffer *why)
{
	const struct sink_settings *settings = options->settings;
	struct file_sink *file = calloc(1, sizeof(*file));
	int r;

	(void)why;
	if (!file)
		return -ENOMEM;
	file->sink = (struct sink){ &file_ops, options->listener };
	file->loop = options->loop;
	encoder_init(&file->encoder, options->format,
		(enum sink_decimals)settings->decimals.index);
	r = options_fill(&file->arena, settings->options, file_table,
		sizeof(file_table[0]), &file->options);
	file->output = (struct output){
		.id = settings->id,
		.rotate = file->options.rotate,
		.fd = -1,
	};
	if (r < 0) {
		file_free(file);
		return r;
	}
	file->is_stdout = text_equal(file->options.path, "-");
	compressor_init(&file->compressor, settings->id);
	if (file->options.compress.index == COMPRESS_GZIP)
		file->output.compressor = &file->compressor;
	*ret_sink = &file->sink;
	return 0;
}

const struct transport transport_file = {
	.name = "file",
	.summary = "Files on this machine, or standard output.",
	.options = file_table,
	.n_options = RK_LEN(file_table),
	.create = file_create,
};
