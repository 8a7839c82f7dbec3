/* SPDX-License-Identifier: Apache-2.0 */
#include "reserve.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int reserve_init(struct reserve *reserve, const char *folder, uint64_t size)
{
	*reserve = (struct reserve){
		.path = path_join(folder, "reserve"),
		.size = size,
	};
	return reserve->path ? 0 : -ENOMEM;
}

void reserve_finish(struct reserve *reserve)
{
	free(reserve->path);
	reserve->path = NULL;
}

static int preallocate(const struct reserve *reserve, uint64_t size)
{
	CLEANUP_CLOSE int fd =
		open(reserve->path, O_CREAT | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0640);
	int r;

	if (fd < 0)
		return -errno;
	do {
		r = posix_fallocate(fd, 0, (off_t)size);
	} while (r == EINTR);
	/* Also where it is of a life in which it was configured larger. */
	if (r == 0 && ftruncate(fd, (off_t)reserve->size) < 0)
		return -errno;
	return -r;
}

int reserve_fill(struct reserve *reserve, bool headroom)
{
	uint64_t size = headroom ? 2 * reserve->size : reserve->size;
	int r;

	if (reserve->is_whole)
		return 0;
	r = reserve->size > 0 ? preallocate(reserve, size) : 0;
	if (r < 0 || reserve->size == 0)
		reserve_release(reserve);
	reserve->is_whole = r == 0;
	return r;
}

void reserve_release(struct reserve *reserve)
{
	unlink(reserve->path);
	reserve->is_whole = false;
}
