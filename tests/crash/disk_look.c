/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls that look at files, in place of libc's. Files that the log knows have inode
 * numbers of their own, which are the same whenever the workload is, and which they
 * keep when the power comes back; all others have the file system's.
 */
#include "disk.h"

#include "disk_real.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Above what a file system in memory counts to. */
#define FIRST_INODE (UINT64_C(1) << 40)

enum { MAX_KNOWN = 4096 };

static struct {
	pthread_mutex_t lock;
	struct {
		ino_t inode; /* the file system's */
		uint32_t file;
	} items[MAX_KNOWN];
	size_t n;
} known = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* ---- what is known ----------------------------------------------------- */

static void forget_inode(ino_t inode)
{
	for (size_t i = 0; i < known.n; i++) {
		if (known.items[i].inode == inode)
			known.items[i--] = known.items[--known.n];
	}
}

static int real_fstat(int fd, struct stat *ret_status)
{
	REAL(fstat);
	return real(fd, ret_status);
}

static int real_stat(const char *path, struct stat *ret_status)
{
	REAL(stat);
	return real(path, ret_status);
}

void disk_know(int fd, uint32_t file)
{
	struct stat status;

	if (real_fstat(fd, &status) < 0)
		abort();
	pthread_mutex_lock(&known.lock);
	forget_inode(status.st_ino);
	if (known.n == MAX_KNOWN)
		abort();
	known.items[known.n].inode = status.st_ino;
	known.items[known.n++].file = file;
	pthread_mutex_unlock(&known.lock);
}

void disk_forget(const char *path)
{
	struct stat status;

	if (real_stat(path, &status) < 0)
		return;
	pthread_mutex_lock(&known.lock);
	forget_inode(status.st_ino);
	pthread_mutex_unlock(&known.lock);
}

void disk_forget_all(void)
{
	pthread_mutex_lock(&known.lock);
	known.n = 0;
	pthread_mutex_unlock(&known.lock);
}

/* The number that is shown for one of the file system's. */
static ino_t shown(ino_t inode)
{
	pthread_mutex_lock(&known.lock);
	for (size_t i = 0; i < known.n; i++) {
		if (known.items[i].inode == inode) {
			inode = FIRST_INODE + known.items[i].file;
			break;
		}
	}
	pthread_mutex_unlock(&known.lock);
	return inode;
}

static int show(int r, struct stat *status)
{
	if (r == 0 && S_ISREG(status->st_mode))
		status->st_ino = shown(status->st_ino);
	return r;
}

/* ---- the calls --------------------------------------------------------- */

int stat(const char *path, struct stat *ret_status)
{
	return show(real_stat(path, ret_status), ret_status);
}

int lstat(const char *path, struct stat *ret_status)
{
	REAL(lstat);
	return show(real(path, ret_status), ret_status);
}

int fstat(int fd, struct stat *ret_status)
{
	return show(real_fstat(fd, ret_status), ret_status);
}

struct dirent *readdir(DIR *folder)
{
	REAL(readdir);
	struct dirent *entry = real(folder);

	if (entry)
		entry->d_ino = shown(entry->d_ino);
	return entry;
}
