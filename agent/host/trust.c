/* SPDX-License-Identifier: Apache-2.0 */
#include "trust.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "elf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whoever can write a plugin runs code as the agent. */
static int check_writers(const char *path, struct buffer *why)
{
	struct stat status;

	if (stat(path, &status) < 0) {
		int r = -errno;

		buffer_append_format(why, "cannot look at '%s': %s", path, strerror(-r));
		return r;
	}
	if (status.st_uid != 0 && status.st_uid != geteuid())
		buffer_append_format(why,
			"'%s' belongs to user %u: make it root's or the agent's own",
			path, (unsigned int)status.st_uid);
	else if (status.st_mode & (S_IWGRP | S_IWOTH))
		buffer_append_format(
			why, "others than its owner can write '%s': chmod go-w it", path);
	else
		return 0;
	return -EACCES;
}

int trust_check(const char *path, struct buffer *why)
{
	CLEANUP_FREE char *folder = strdup(path);
	int r;

	if (!folder)
		return -ENOMEM;
	*strrchr(folder, '/') = '\0';
	r = check_writers(path, why);
	if (r == 0)
		r = check_writers(*folder ? folder : "/", why);
	return r < 0 ? r : elf_check(path, why);
}
