/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Locals that clean up after themselves when their scope ends:
 *
 *	CLEANUP_FREE char *path = NULL;
 *	CLEANUP_CLOSE int fd = -1;
 *	CLEANUP(buffer_finish) struct buffer out = { 0 };
 *
 * take_pointer and take_fd hand the value on and leave nothing to clean.
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function)))
#define CLEANUP_FREE      CLEANUP(cleanup_free)
#define CLEANUP_CLOSE     CLEANUP(cleanup_close)
#define CLEANUP_FCLOSE    CLEANUP(cleanup_fclose)
#define CLEANUP_CLOSEDIR  CLEANUP(cleanup_closedir)

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline void cleanup_closedir(DIR **directory)
{
	if (*directory)
		closedir(*directory);
}

#define take_pointer(variable)                                                           \
	__extension__({                                                                  \
		__typeof__(variable) taken_ = (variable);                                \
		(variable) = NULL;                                                       \
		taken_;                                                                  \
	})

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#endif
