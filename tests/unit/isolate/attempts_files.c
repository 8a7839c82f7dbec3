/* SPDX-License-Identifier: Apache-2.0 */
#include "attempts.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct surroundings surroundings;

static int try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : close(fd);
}

int read_outside(void)
{
	return try_open(surroundings.outside, O_RDONLY);
}

int read_shadow(void)
{
	return try_open("/etc/shadow", O_RDONLY);
}

int read_configured(void)
{
	return try_open(surroundings.configured, O_RDONLY);
}

/* Somebody outside replaces the file when asked, and says so. */
int read_replaced(void)
{
	char byte = 0;

	if (write(surroundings.ask, &byte, 1) != 1 ||
		read(surroundings.answer, &byte, 1) != 1)
		return -errno;
	return try_open(surroundings.replaced, O_RDONLY);
}

/* The kernel refuses these to who may not look into the process, in a sandbox or not. */
int read_of_others(void)
{
	char name[64];
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd;

	snprintf(name, sizeof(name), "%d/environ", (int)getppid());
	fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : close(fd);
}

int read_hidden(void)
{
	return try_open(surroundings.hidden, O_RDONLY);
}

int read_proc(void)
{
	static const char *const paths[] = { "/proc/stat", "/proc/self/status",
		"/proc/1/stat", "/proc/net/dev", "/sys/devices/system/cpu/online" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		FILE *file = fopen(paths[i], "re");
		int c = file ? fgetc(file) : EOF;

		if (!file)
			return -errno;
		fclose(file);
		if (c == EOF)
			return -ENODATA;
	}
	return 0;
}

int read_null_and_random(void)
{
	char bytes[16];
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0 || null < 0 || read(fd, bytes, sizeof(bytes)) != sizeof(bytes) ||
		write(null, bytes, sizeof(bytes)) != sizeof(bytes))
		return -errno;
	close(fd);
	return close(null);
}

int read_with_signals_blocked(void)
{
	sigset_t all;

	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, NULL) < 0)
		return -errno;
	return read_proc();
}

int write_outside(void)
{
	return try_open(surroundings.outside, O_WRONLY);
}

int write_configured(void)
{
	return try_open(surroundings.writable, O_WRONLY | O_TRUNC);
}

int write_what_is_read(void)
{
	return try_open(surroundings.configured, O_RDWR);
}

int write_state(void)
{
	char path[160];
	int r;

	snprintf(path, sizeof(path), "%s/new", surroundings.state);
	r = try_open(path, O_RDWR | O_CREAT);
	return r < 0 || unlink(path) == 0 ? r : -errno;
}

int make_folder_outside(void)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/made", surroundings.folder);
	if (mkdir(path, 0700) < 0)
		return -errno;
	return rmdir(path);
}

int make_folder_in_state(void)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/made", surroundings.state);
	if (mkdir(path, 0700) < 0)
		return -errno;
	return rmdir(path);
}

int remove_outside(void)
{
	char path[160];

	/* Made here where that works, so that it can be tried again. */
	snprintf(path, sizeof(path), "%s/removed", surroundings.folder);
	return unlink(path) < 0 ? -errno : mknod(path, S_IFREG | 0666, 0);
}

int rename_out_of_state(void)
{
	char from[160], to[160];
	int fd;

	snprintf(from, sizeof(from), "%s/moved", surroundings.state);
	snprintf(to, sizeof(to), "%s/moved", surroundings.folder);
	fd = open(from, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	close(fd);
	if (rename(from, to) < 0)
		return -errno;
	return unlink(to);
}

int change_mode(void)
{
	char path[160];
	int r;

	snprintf(path, sizeof(path), "%s/own", surroundings.state);
	r = try_open(path, O_WRONLY | O_CREAT);
	if (r < 0)
		return r;
	r = chmod(path, 0666) < 0 ? -errno : 0;
	return unlink(path) < 0 ? -errno : r;
}

int open_library(void)
{
	char path[64];
	void *library;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", surroundings.plugin);
	library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	return library && dlsym(library, "rk_plugin_entry") ? 0 : -EACCES;
}
