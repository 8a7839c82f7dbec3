/* SPDX-License-Identifier: Apache-2.0 */
#include "lock.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/number.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

static int read_holder(int fd)
{
	char text[16];
	ssize_t n = file_read_at(fd, text, sizeof(text), 0);
	int64_t pid;

	if (n < 1 || integer_from_text(text, (size_t)n - 1, &pid) < 0)
		return 0;
	return (int)pid;
}

static int write_holder(int fd)
{
	char text[NUMBER_TEXT_SIZE], *end = integer_to_text(text, getpid());

	*end++ = '\n';
	if (ftruncate(fd, 0) < 0)
		return -errno;
	return file_write_at(fd, text, (size_t)(end - text), 0);
}

int lock_take(const char *state_dir, int *ret_holder)
{
	CLEANUP_FREE char *path = path_join(state_dir, "lock");
	CLEANUP_CLOSE int fd = -1;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int r = -errno;

		if (r == -EWOULDBLOCK)
			*ret_holder = read_holder(fd);
		return r;
	}
	/* The pid is for people; a full disk must not keep the agent from starting. */
	(void)write_holder(fd);
	return take_fd(&fd);
}

void lock_release(int fd)
{
	if (fd >= 0)
		close(fd);
}

int lock_probe(const char *state_dir, int *ret_holder)
{
	CLEANUP_FREE char *path = path_join(state_dir, "lock");
	CLEANUP_CLOSE int fd = -1;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (flock(fd, LOCK_SH | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return -errno;
	*ret_holder = read_holder(fd);
	return 1;
}
