/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into the agent (LD_PRELOAD), it lets the n-th hit of a named point
 * (points.h) end the process or fail. The environment says what:
 *
 *	ROOKERY_FAULT_FOLDER  only calls on files below this folder are points
 *	ROOKERY_FAULTS        POINT:ACTION:N[:TIMES],... at the hits N to N + TIMES - 1
 *	ROOKERY_FAULT_COUNTS  a file that is filled with struct count of each point; it is
 *	                      mapped, so it is right also after the process was killed
 *
 * Actions: `before`, `half` and `after` kill the process before the call, with half of
 * the bytes written, or behind it. `short` lets a write take half of its bytes. `full`
 * does that at hit N and answers ENOSPC to those behind it, as a disk does that fills
 * up. ENOSPC, EIO, EINTR, EMFILE and ENOMEM are answered without doing anything.
 *
 * The calls go to the kernel by syscall(2) and memory comes from glibc's own names, so
 * nothing here allocates, locks or looks up symbols, whatever thread it is called on.
 */
#include "points.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum { MOST_FAULTS = 8, NAME_SIZE = 32, EXIT_GIVEN_UP = 98 };

enum action { GO_ON, DIE_BEFORE, DIE_HALF, DIE_AFTER, GO_SHORT, FILL_UP, FAIL };

static const struct {
	const char *name;
	enum action action;
	int error;
} actions[] = {
	{ "before", DIE_BEFORE, 0 },
	{ "half", DIE_HALF, 0 },
	{ "after", DIE_AFTER, 0 },
	{ "short", GO_SHORT, 0 },
	{ "full", FILL_UP, ENOSPC },
	{ "ENOSPC", FAIL, ENOSPC },
	{ "EIO", FAIL, EIO },
	{ "EINTR", FAIL, EINTR },
	{ "EMFILE", FAIL, EMFILE },
	{ "ENOMEM", FAIL, ENOMEM },
};

/* What crash.py reads: "=32sQQQ". */
struct count {
	char name[NAME_SIZE];
	uint64_t takes_bytes; /* `half` and `short` make sense */
	_Atomic uint64_t hits, fired;
};

struct fault {
	int point;
	enum action action;
	int error;
	uint64_t first, times;
};

static struct count private_counts[N_POINTS];
static struct count *counts = private_counts;
static struct fault faults[MOST_FAULTS];
static int n_faults;
static char folder[PATH_MAX];
static size_t folder_size;

/* ---- what the environment says ------------------------------------------ */

static void refuse(const char *what)
{
	fprintf(stderr, "faults: cannot understand '%s'\n", what);
	_exit(99);
}

static int find_point(const char *name)
{
	for (int i = 0; i < (int)N_POINTS; i++) {
		if (strcmp(points[i].name, name) == 0)
			return i;
	}
	return -1;
}

static void read_fault(const char *text)
{
	char point[NAME_SIZE], action[NAME_SIZE];
	unsigned long first = 0, times = 1;
	struct fault *fault = &faults[n_faults];

	if (n_faults == MOST_FAULTS || sscanf(text, "%31[^:]:%31[^:]:%lu:%lu", point,
					       action, &first, &times) < 3)
		refuse(text);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(actions[i].name, action) != 0)
			continue;
		*fault = (struct fault){ find_point(point), actions[i].action,
			actions[i].error, first, times };
		n_faults++;
	}
	if (fault->action == GO_ON || fault->point < 0)
		refuse(text);
}

static void read_faults(const char *text)
{
	char copy[512], *rest = copy, *one;

	if (strlen(text) >= sizeof(copy))
		refuse(text);
	memcpy(copy, text, strlen(text) + 1);
	while ((one = strsep(&rest, ",")))
		read_fault(one);
}

static void map_counts(const char *path)
{
	int fd = (int)syscall(
		SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *at;

	if (fd < 0 || syscall(SYS_ftruncate, fd, (off_t)sizeof(private_counts)) < 0)
		refuse(path);
	at = mmap(
		NULL, sizeof(private_counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		refuse(path);
	counts = at;
	close(fd);
}

static bool takes_bytes(enum operation operation)
{
	return operation == OPERATION_HEAD || operation == OPERATION_WRITE;
}

__attribute__((constructor)) static void faults_begin(void)
{
	const char *below = getenv("ROOKERY_FAULT_FOLDER");
	const char *text = getenv("ROOKERY_FAULTS");
	const char *path = getenv("ROOKERY_FAULT_COUNTS");

	if (!below || strlen(below) >= sizeof(folder))
		refuse("ROOKERY_FAULT_FOLDER");
	if (path)
		map_counts(path);
	for (int i = 0; i < (int)N_POINTS; i++) {
		strncpy(counts[i].name, points[i].name, NAME_SIZE - 1);
		counts[i].takes_bytes = takes_bytes(points[i].operation);
		/* What was taken before main is not the agent's. */
		atomic_store(&counts[i].hits, 0);
	}
	if (text && *text)
		read_faults(text);
	folder_size = strlen(below);
	memcpy(folder, below, folder_size + 1);
}

/* ---- which point a call is ---------------------------------------------- */

static bool ends_with(const char *text, size_t n, const char *ending)
{
	size_t size = strlen(ending);

	return n >= size && memcmp(text + n - size, ending, size) == 0;
}

static enum kind kind_of_path(const char *path)
{
	size_t n = strlen(path);

	if (folder_size == 0 || n <= folder_size ||
		memcmp(path, folder, folder_size) != 0 || path[folder_size] != '/')
		return KIND_NONE;
	for (size_t i = 0; i < sizeof(kind_rules) / sizeof(kind_rules[0]); i++) {
		if (strstr(path + folder_size, kind_rules[i].inside) &&
			ends_with(path, n, kind_rules[i].ending))
			return kind_rules[i].kind;
	}
	return KIND_OTHER;
}

/* By the name that the file has now. */
static enum kind kind_of_descriptor(int fd)
{
	static const char gone[] = " (deleted)";
	char link[32], path[PATH_MAX];
	int error = errno;
	long n;

	if (folder_size == 0)
		return KIND_NONE;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof(path) - 1);
	errno = error;
	if (n < 0)
		return KIND_NONE;
	path[n] = '\0';
	if (ends_with(path, (size_t)n, gone))
		path[(size_t)n - strlen(gone)] = '\0';
	return kind_of_path(path);
}

/* ---- what becomes of a call --------------------------------------------- */

/* One call: what to do with it, and with how many of its bytes. */
struct call {
	enum action action;
	int error;
};

static void die(void)
{
	syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
	for (;;)
		pause();
}

static struct call judge(int point, uint64_t hit)
{
	for (int i = 0; i < n_faults; i++) {
		const struct fault *fault = &faults[i];

		if (fault->point != point || hit < fault->first ||
			hit - fault->first >= fault->times)
			continue;
		atomic_fetch_add(&counts[point].fired, 1);
		if (fault->action == FILL_UP)
			return (struct call){ hit == fault->first ? GO_SHORT : FAIL,
				fault->error };
		return (struct call){ fault->action, fault->error };
	}
	return (struct call){ GO_ON, 0 };
}

/* Comes first in every call. Where its action is FAIL, errno is set. */
static struct call call_begin(enum operation operation, enum kind kind)
{
	struct call call = { GO_ON, 0 };

	if (kind == KIND_NONE)
		return call;
	for (int i = 0; i < (int)N_POINTS; i++) {
		if (points[i].operation != operation || points[i].kind != kind)
			continue;
		call = judge(i, atomic_fetch_add(&counts[i].hits, 1) + 1);
		break;
	}
	if (call.action == DIE_BEFORE)
		die();
	if (call.action == FAIL)
		errno = call.error;
	return call;
}

/* One byte less than half, since half of two frames would be a whole one. */
static size_t call_share(const struct call *call, size_t n)
{
	if (call->action == DIE_HALF)
		return n > 1 ? n / 2 - 1 : 0;
	return call->action == GO_SHORT && n > 1 ? n / 2 : n;
}

static void call_end(const struct call *call)
{
	if (call->action == DIE_HALF || call->action == DIE_AFTER)
		die();
}

/* A call of the kernel that takes no bytes. */
#define CALL(operation, kind, ...)                                                       \
	do {                                                                             \
		struct call call = call_begin(operation, kind);                          \
		int call_result;                                                         \
                                                                                         \
		if (call.action == FAIL)                                                 \
			return -1;                                                       \
		call_result = (int)syscall(__VA_ARGS__);                                 \
		call_end(&call);                                                         \
		return call_result;                                                      \
	} while (0)

/* ---- files --------------------------------------------------------------- */

EXPORT int openat(int at, const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list arguments;

	va_start(arguments, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(arguments, mode_t);
	va_end(arguments);
	CALL(flags & O_CREAT ? OPERATION_CREATE : OPERATION_OPEN, kind_of_path(path),
		SYS_openat, at, path, flags, mode);
}

EXPORT int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list arguments;

	va_start(arguments, flags);
	if (flags & (O_CREAT | O_TMPFILE))
		mode = va_arg(arguments, mode_t);
	va_end(arguments);
	return openat(AT_FDCWD, path, flags, mode);
}

EXPORT DIR *opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? NULL : fdopendir(fd);
}

EXPORT ssize_t write(int fd, const void *bytes, size_t n)
{
	struct call call = call_begin(OPERATION_WRITE, kind_of_descriptor(fd));
	ssize_t done;

	if (call.action == FAIL)
		return -1;
	done = syscall(SYS_write, fd, bytes, call_share(&call, n));
	call_end(&call);
	return done;
}

EXPORT ssize_t pwrite(int fd, const void *bytes, size_t n, off_t offset)
{
	struct call call = call_begin(
		offset == 0 ? OPERATION_HEAD : OPERATION_WRITE, kind_of_descriptor(fd));
	ssize_t done;

	if (call.action == FAIL)
		return -1;
	done = syscall(SYS_pwrite64, fd, bytes, call_share(&call, n), offset);
	call_end(&call);
	return done;
}

/* Half of several pieces is the first half of the pieces. */
EXPORT ssize_t writev(int fd, const struct iovec *pieces, int n)
{
	struct call call = call_begin(OPERATION_WRITE, kind_of_descriptor(fd));
	ssize_t done;

	if (call.action == FAIL)
		return -1;
	done = syscall(SYS_writev, fd, pieces, call_share(&call, (size_t)n));
	call_end(&call);
	return done;
}

EXPORT ssize_t pwritev(int fd, const struct iovec *pieces, int n, off_t offset)
{
	struct call call = call_begin(
		offset == 0 ? OPERATION_HEAD : OPERATION_WRITE, kind_of_descriptor(fd));
	ssize_t done;

	if (call.action == FAIL)
		return -1;
	done = syscall(SYS_pwritev, fd, pieces, call_share(&call, (size_t)n),
		(unsigned long)offset, 0ul);
	call_end(&call);
	return done;
}

EXPORT ssize_t read(int fd, void *to, size_t n)
{
	struct call call = call_begin(OPERATION_READ, kind_of_descriptor(fd));
	ssize_t done;

	if (call.action == FAIL)
		return -1;
	done = syscall(SYS_read, fd, to, call_share(&call, n));
	call_end(&call);
	return done;
}

EXPORT ssize_t pread(int fd, void *to, size_t n, off_t offset)
{
	struct call call = call_begin(OPERATION_READ, kind_of_descriptor(fd));
	ssize_t done;

	if (call.action == FAIL)
		return -1;
	done = syscall(SYS_pread64, fd, to, call_share(&call, n), offset);
	call_end(&call);
	return done;
}

/* ---- connections --------------------------------------------------------- */

/* libuv and libcurl wake themselves by sockets, too; those are of another family. */
static enum kind kind_of_socket(int fd)
{
	int family = AF_UNSPEC, error = errno;
	socklen_t n = sizeof(family);

	syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_DOMAIN, &family, &n);
	errno = error;
	return family == AF_INET ? KIND_PEER : KIND_NONE;
}

EXPORT ssize_t send(int fd, const void *bytes, size_t n, int flags)
{
	struct call call = call_begin(OPERATION_WRITE, kind_of_socket(fd));
	ssize_t done;

	if (call.action == FAIL)
		return -1;
	done = syscall(SYS_sendto, fd, bytes, call_share(&call, n), flags, NULL, 0);
	call_end(&call);
	return done;
}

EXPORT ssize_t recv(int fd, void *to, size_t n, int flags)
{
	struct call call = call_begin(OPERATION_READ, kind_of_socket(fd));
	ssize_t done;

	if (call.action == FAIL)
		return -1;
	done = syscall(SYS_recvfrom, fd, to, n, flags, NULL, NULL);
	call_end(&call);
	return done;
}

/* ---- files, once more ----------------------------------------------------- */

/* agent/journal/format.h */
enum { SEGMENT_HEADER_SIZE = 48 };

static enum operation sync_of(int fd)
{
	enum kind kind = kind_of_descriptor(fd);
	struct stat status;

	if ((kind == KIND_SEGMENT || kind == KIND_SERIES) && fstat(fd, &status) == 0 &&
		status.st_size <= SEGMENT_HEADER_SIZE)
		return OPERATION_SYNC_HEAD;
	return OPERATION_SYNC;
}

EXPORT int fsync(int fd)
{
	CALL(OPERATION_SYNC, kind_of_descriptor(fd), SYS_fsync, fd);
}

EXPORT int fdatasync(int fd)
{
	CALL(sync_of(fd), kind_of_descriptor(fd), SYS_fdatasync, fd);
}

EXPORT int ftruncate(int fd, off_t size)
{
	CALL(OPERATION_CUT, kind_of_descriptor(fd), SYS_ftruncate, fd, size);
}

EXPORT int truncate(const char *path, off_t size)
{
	CALL(OPERATION_CUT, kind_of_path(path), SYS_truncate, path, size);
}

EXPORT int fallocate(int fd, int mode, off_t offset, off_t size)
{
	CALL(OPERATION_RESERVE, kind_of_descriptor(fd), SYS_fallocate, fd, mode, offset,
		size);
}

/* Answers the error itself. */
EXPORT int posix_fallocate(int fd, off_t offset, off_t size)
{
	return fallocate(fd, 0, offset, size) < 0 ? errno : 0;
}

EXPORT int futimens(int fd, const struct timespec times[2])
{
	CALL(OPERATION_STAMP, kind_of_descriptor(fd), SYS_utimensat, fd, NULL, times, 0);
}

/* ---- names --------------------------------------------------------------- */

EXPORT int renameat(int from_at, const char *from, int to_at, const char *to)
{
	CALL(OPERATION_RENAME, kind_of_path(from), SYS_renameat, from_at, from, to_at,
		to);
}

EXPORT int rename(const char *from, const char *to)
{
	return renameat(AT_FDCWD, from, AT_FDCWD, to);
}

EXPORT int unlinkat(int at, const char *path, int flags)
{
	CALL(OPERATION_REMOVE, kind_of_path(path), SYS_unlinkat, at, path, flags);
}

EXPORT int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

EXPORT int mkdir(const char *path, mode_t mode)
{
	enum kind kind = kind_of_path(path);

	CALL(OPERATION_MAKE_FOLDER, kind == KIND_NONE ? kind : KIND_OTHER, SYS_mkdir,
		path, mode);
}

/* ---- memory -------------------------------------------------------------- */

/* libuv has no other answer where its tables of descriptors or the threads of its pool
 * find no memory (src/unix/core.c, src/threadpool.c): told apart from the agent's own. */
EXPORT void abort(void)
{
	Dl_info caller;

	if (dladdr(__builtin_return_address(0), &caller) &&
		strstr(caller.dli_fname, "libuv"))
		_exit(EXIT_GIVEN_UP);
	raise(SIGABRT);
	_exit(EXIT_GIVEN_UP + 1);
}

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *at, size_t n);

static bool memory_is_out(void)
{
	struct call call = call_begin(OPERATION_ALLOCATE, KIND_MEMORY);

	return call.action == FAIL;
}

EXPORT void *malloc(size_t n)
{
	return memory_is_out() ? NULL : __libc_malloc(n);
}

EXPORT void *calloc(size_t n, size_t size)
{
	return memory_is_out() ? NULL : __libc_calloc(n, size);
}

EXPORT void *realloc(void *at, size_t n)
{
	return memory_is_out() ? NULL : __libc_realloc(at, n);
}

EXPORT void *reallocarray(void *at, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(at, bytes);
}
