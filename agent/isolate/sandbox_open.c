/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening files on behalf of a plugin that may not open all: the call is made again, and
 * landlock decides. Where it was landlock that refused, the instance is told with the
 * path and the need. In a handler of signals.
 */
#include "sandbox_internal.h"
#include "sandbox_text.h"
#include "sandbox_trap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

struct opening {
	int folder;
	const char *path;
	uint64_t flags;
};

/* False: it is none. */
NO_SANITIZER static bool read_opening(
	const struct sandbox_call *call, struct opening *ret_opening)
{
	const uint64_t *a = call->arguments;

	switch (call->number) {
#ifdef SYS_open
	case SYS_open:
		*ret_opening = (struct opening){ AT_FDCWD, sandbox_pointer(a[0]),
			(uint32_t)a[1] };
		return true;
	case SYS_creat:
		*ret_opening = (struct opening){ AT_FDCWD, sandbox_pointer(a[0]),
			O_WRONLY | O_CREAT | O_TRUNC };
		return true;
#endif
	case SYS_openat:
		*ret_opening = (struct opening){ (int)a[0], sandbox_pointer(a[1]),
			(uint32_t)a[2] };
		return true;
	case SYS_openat2:
		/* The first member of struct open_how is its flags. Looked at once the
		 * kernel has read it. */
		*ret_opening = (struct opening){ (int)a[0], sandbox_pointer(a[1]), 0 };
		return true;
	default:
		return false;
	}
}

/* Something else stands there now than when the process started, or something at all. */
NO_SANITIZER static bool is_configured(const char *path, bool writes)
{
	for (size_t i = 0; i < sandbox_watch.n_paths; i++) {
		const char *known = sandbox_watch.paths[i], *p = path;

		while (*known && *p == *known) {
			p++;
			known++;
		}
		if (!*known && (!*p || *p == '/') &&
			(sandbox_watch.writable[i] || !writes))
			return true;
	}
	return false;
}

/* These are granted, and have rules of their own: who may be looked into. */
NO_SANITIZER static bool is_of_the_kernel(int descriptor)
{
	struct statfs status;

	return syscall(SYS_fstatfs, descriptor, &status) == 0 &&
	       (status.f_type == PROC_SUPER_MAGIC || status.f_type == SYSFS_MAGIC);
}

/* Would it have been opened without a sandbox? The modes of files are asked, since a
 * plugin is not to be told that it lacks what would not help it; where the file is not
 * there, it would have been created. Landlock has no say in O_PATH. */
NO_SANITIZER static bool was_landlock(const struct opening *opening, bool writes)
{
	int mode = writes ? W_OK : R_OK;
	long there = syscall(SYS_openat, opening->folder, opening->path,
		O_PATH | O_CLOEXEC, 0, 0, sandbox_watch.cookie);
	bool of_the_kernel;

	if (there < 0)
		return writes && errno == ENOENT;
	of_the_kernel = is_of_the_kernel((int)there);
	syscall(SYS_close, there);
	if ((opening->flags & O_ACCMODE) == O_RDWR)
		mode = R_OK | W_OK;
	return !of_the_kernel &&
	       syscall(SYS_faccessat, opening->folder, opening->path, mode) == 0;
}

NO_SANITIZER static long open_again(
	const struct sandbox_call *call, struct opening *opening)
{
	long result = sandbox_repeat(call);
	bool writes;

	if (result != -EACCES)
		return result;
	if (call->number == SYS_openat2)
		opening->flags = *(const uint64_t *)sandbox_pointer(call->arguments[2]);
	writes = (opening->flags & O_ACCMODE) != O_RDONLY ||
		 (opening->flags & (O_CREAT | O_TRUNC)) != 0;
	if (!was_landlock(opening, writes))
		return result;
	if (is_configured(opening->path, writes))
		sandbox_tell(sandbox_text("opens", opening->path,
			"which is not what it was when its process started: configure "
			"its folder"));
	else if (!writes)
		sandbox_tell(sandbox_text("opens", opening->path,
			(sandbox_watch.needs & RK_NEED_FILES)
				? "which is hidden from plugins"
				: "but its 'needs' lack RK_NEED_FILES"));
	else
		sandbox_tell(sandbox_text("writes to", opening->path,
			(sandbox_watch.needs & RK_NEED_WRITE)
				? "which is outside its state folder"
				: "but its 'needs' lack RK_NEED_WRITE"));
	return result;
}

NO_SANITIZER bool sandbox_open(const struct sandbox_call *call, long *ret_result)
{
	struct opening opening;

	if (!read_opening(call, &opening))
		return false;
	*ret_result = open_again(call, &opening);
	return true;
}
