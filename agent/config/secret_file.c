/* SPDX-License-Identifier: Apache-2.0 */
#include "secret_file.h"

#include "substitute.h"
#include "wipe.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* Who may do these things with a secret's file knows or sets the secret. */
#define MODE_TOO_OPEN (S_IRWXO | S_IWGRP)

static int refuse(const char *path, struct buffer *why, const char *reason)
{
	buffer_append_format(why, "the secret file '%s' %s", path, reason);
	return -EINVAL;
}

/* Asked of the open file, so that nobody can put another in its place. */
static int check_status(int fd, const char *path, struct buffer *why)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return refuse(path, why, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return refuse(path, why, "is no plain file");
	if (status.st_mode & MODE_TOO_OPEN) {
		buffer_append_format(why,
			"the secret file '%s' is open to others (mode %04o): run chmod "
			"g-w,o= %s",
			path, (unsigned int)status.st_mode & 07777, path);
		return -EINVAL;
	}
	return 0;
}

static size_t without_newline(const char *text, size_t size)
{
	if (size == 0 || text[size - 1] != '\n')
		return size;
	return size > 1 && text[size - 2] == '\r' ? size - 2 : size - 1;
}

static int take_content(const struct buffer *content, const char *path, struct buffer *to,
	struct buffer *why)
{
	const char *text = (const char *)content->data;
	size_t size = without_newline(text, content->size);

	if (content->size > SUBSTITUTE_MAX_SIZE)
		return refuse(path, why, "is larger than 64 KiB");
	if (size == 0)
		return refuse(path, why, "is empty");
	if (memchr(text, '\0', size) || utf8_valid_prefix(text, size) != size)
		return refuse(path, why, "is not UTF-8 text");
	buffer_append(to, text, size);
	return 0;
}

int secret_file_read(const char *path, struct buffer *to, struct buffer *why)
{
	CLEANUP(buffer_wipe) struct buffer content = { 0 };
	/* Opening a FIFO without a writer must not wait for one. */
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n;
	int r;

	if (fd < 0) {
		buffer_append_format(why, "the secret file '%s' cannot be read: %s", path,
			strerror(errno));
		return -EINVAL;
	}
	r = check_status(fd, path, why);
	if (r < 0)
		return r;
	if (!buffer_reserve(&content, SUBSTITUTE_MAX_SIZE + 1))
		return -ENOMEM;
	n = file_read_at(fd, content.data, SUBSTITUTE_MAX_SIZE + 1, 0);
	if (n < 0)
		return refuse(path, why, strerror((int)-n));
	buffer_advance(&content, (size_t)n);
	return take_content(&content, path, to, why);
}
