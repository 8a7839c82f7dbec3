/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to a system call that the filter does not let through: the kernel raises
 * SIGSYS in the thread that made it, and what the handler leaves in the saved registers
 * is what the call returns.
 *
 *	what no table names           -ENOSYS
 *	what is refused               -EPERM, and the instance is told why
 *	opening a file                is done here, with the cookie that the filter
 *	                              lets through; landlock decides, and where it was
 *	                              landlock that refused, the instance is told why
 *	what could block SIGSYS       is done here, without blocking SIGSYS: a thread that
 *	                              blocks it would be killed by the next trap
 *
 * All here is safe in a handler of signals: system calls, atomics and a fixed number of
 * texts.
 */
#include "sandbox_internal.h"

#include "base/macros.h"
#include "host/call.h"
#include "sandbox_text.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/magic.h>
#include <seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* asm-generic/siginfo.h */
#endif

/* The handler runs inside of what sanitizers do themselves. */
#define NO_SANITIZER __attribute__((no_sanitize("thread", "address", "undefined")))

enum { MAX_REFUSALS = 160, MAX_PATHS = 64 };

/* A sanitizer's sigaction puts a handler of its own in between, which is entered with all
 * signals blocked; the C library's is beneath it. */
#if SANDBOX_SANITIZED
int __sigaction(int, const struct sigaction *, struct sigaction *); /* NOLINT */
#define sigaction_beneath __sigaction
#else
#define sigaction_beneath sigaction
#endif

static struct {
	uint64_t cookie;
	uint32_t needs;
	int numbers[MAX_REFUSALS]; /* of sandbox_refusals, negative: none here */
	/* Configured, as they are written: owned, for good. */
	char *paths[MAX_PATHS];
	size_t n_paths;
	uintptr_t libc_begin, libc_end; /* its code */
} watch;

static _Atomic(const char *) refused_elsewhere;

/* What struct sigaction is for the kernel (asm/signal.h). */
struct kernel_action {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

#define MASK_OF_SIGSYS (UINT64_C(1) << (SIGSYS - 1))

/* ---- what the handler sees of a call ------------------------------------- */

struct call_made {
	int number;
	uint64_t arguments[6];
	uintptr_t caller; /* where the function that made it returns to */
	uint64_t *mask;   /* that the thread has once the handler returns */
};

#if defined(__x86_64__)
NO_SANITIZER static void read_call(ucontext_t *context, struct call_made *ret_call)
{
	static const int registers[] = { REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8,
		REG_R9 };

	for (size_t i = 0; i < LENGTH(registers); i++)
		ret_call->arguments[i] =
			(uint64_t)context->uc_mcontext.gregs[registers[i]];
	/* The C library's functions that are a call and nothing else have no frame. */
	ret_call->caller = *(uintptr_t *)context->uc_mcontext.gregs[REG_RSP];
}

NO_SANITIZER static void set_result(ucontext_t *context, long result)
{
	context->uc_mcontext.gregs[REG_RAX] = result;
}
#elif defined(__aarch64__)
NO_SANITIZER static void read_call(ucontext_t *context, struct call_made *ret_call)
{
	for (size_t i = 0; i < LENGTH(ret_call->arguments); i++)
		ret_call->arguments[i] = context->uc_mcontext.regs[i];
	ret_call->caller = context->uc_mcontext.regs[30];
}

NO_SANITIZER static void set_result(ucontext_t *context, long result)
{
	context->uc_mcontext.regs[0] = (unsigned long)result;
}
#elif !defined(__CPPCHECK__)
#error "the sandbox knows the registers of x86_64 and aarch64"
#endif

/* The call again, as one that the filter lets through. */
NO_SANITIZER static long repeat(const struct call_made *call)
{
	const uint64_t *a = call->arguments;
	long result = syscall(call->number, a[0], a[1], a[2], a[3], a[4], watch.cookie);

	return result < 0 ? -errno : result;
}

NO_SANITIZER static void tell(const char *reason)
{
	if (reason && !call_refused(reason))
		atomic_store(&refused_elsewhere, reason);
}

const char *sandbox_refused(void)
{
	return atomic_exchange(&refused_elsewhere, NULL);
}

/* ---- opening files ------------------------------------------------------- */

struct opening {
	int folder;
	const char *path;
	uint64_t flags;
};

/* False: it is none. */
NO_SANITIZER static bool read_opening(
	const struct call_made *call, struct opening *ret_opening)
{
	const uint64_t *a = call->arguments;

	switch (call->number) {
#ifdef SYS_open
	case SYS_open:
		*ret_opening =
			(struct opening){ AT_FDCWD, (const char *)a[0], (uint32_t)a[1] };
		return true;
	case SYS_creat:
		*ret_opening = (struct opening){ AT_FDCWD, (const char *)a[0],
			O_WRONLY | O_CREAT | O_TRUNC };
		return true;
#endif
	case SYS_openat:
		*ret_opening =
			(struct opening){ (int)a[0], (const char *)a[1], (uint32_t)a[2] };
		return true;
	case SYS_openat2:
		/* The first member of struct open_how is its flags. Looked at once the
		 * kernel has read it. */
		*ret_opening = (struct opening){ (int)a[0], (const char *)a[1], 0 };
		return true;
	default:
		return false;
	}
}

/* A file or folder that is configured was opened, and something else stands there now. */
NO_SANITIZER static bool is_configured(const char *path)
{
	for (size_t i = 0; i < watch.n_paths; i++) {
		const char *known = watch.paths[i], *p = path;

		while (*known && *p == *known) {
			p++;
			known++;
		}
		if (!*known && (!*p || *p == '/'))
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
		O_PATH | O_CLOEXEC, 0, 0, watch.cookie);
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

NO_SANITIZER static long open_again(const struct call_made *call, struct opening *opening)
{
	long result = repeat(call);
	bool writes;

	if (result != -EACCES)
		return result;
	if (call->number == SYS_openat2)
		opening->flags = *(const uint64_t *)call->arguments[2];
	writes = (opening->flags & O_ACCMODE) != O_RDONLY ||
		 (opening->flags & (O_CREAT | O_TRUNC)) != 0;
	if (!was_landlock(opening, writes))
		return result;
	if (is_configured(opening->path))
		tell(sandbox_text("opens", opening->path,
			"which is not what it was when its process started: configure "
			"its folder"));
	else if (!writes)
		tell(sandbox_text("opens", opening->path,
			(watch.needs & RK_NEED_FILES)
				? "which is hidden from plugins"
				: "but its 'needs' lack RK_NEED_FILES"));
	else
		tell(sandbox_text("writes to", opening->path,
			(watch.needs & RK_NEED_WRITE)
				? "which is outside its state folder"
				: "but its 'needs' lack RK_NEED_WRITE"));
	return result;
}

/* ---- what could block SIGSYS --------------------------------------------- */

NO_SANITIZER static long change_mask(const struct call_made *call)
{
	const uint64_t *set = (const uint64_t *)call->arguments[1];
	uint64_t *before = (uint64_t *)call->arguments[2];
	uint64_t old = *call->mask, wanted = *set;

	if (call->arguments[3] != sizeof(wanted))
		return -EINVAL;
	switch ((int)call->arguments[0]) {
	case SIG_BLOCK:
		wanted |= old;
		break;
	case SIG_SETMASK:
		break;
	default:
		return -EINVAL;
	}
	/* The kernel leaves out SIGKILL and SIGSTOP itself when the handler returns. */
	*call->mask = wanted & ~MASK_OF_SIGSYS;
	if (before)
		*before = old;
	return 0;
}

NO_SANITIZER static long change_action(const struct call_made *call)
{
	struct kernel_action action = *(const struct kernel_action *)call->arguments[1];
	struct call_made without = *call;

	/* As with SIGKILL. */
	if ((int)call->arguments[0] == SIGSYS)
		return -EINVAL;
	action.mask &= ~MASK_OF_SIGSYS;
	without.arguments[1] = (uint64_t)(uintptr_t)&action;
	return repeat(&without);
}

/* ---- what is refused ----------------------------------------------------- */

/* The C library asks nscd of its own accord, and takes a no for an answer. */
NO_SANITIZER static bool libc_asks_itself(const struct call_made *call)
{
	return call->caller >= watch.libc_begin && call->caller < watch.libc_end;
}

NO_SANITIZER static const char *socket_reason(const struct call_made *call)
{
	uint32_t domain = (uint32_t)call->arguments[0];
	uint32_t protocol = (uint32_t)call->arguments[2];

	if (libc_asks_itself(call))
		return NULL;
	switch (domain) {
	case AF_UNIX:
		return "opens a socket of the local system, but its 'needs' lack "
		       "RK_NEED_UNIX";
	case AF_NETLINK:
		if (protocol == 0)
			return "opens a route socket, but its 'needs' lack RK_NEED_NET";
		break;
	case AF_INET:
	case AF_INET6:
		if (((uint32_t)call->arguments[1] & 0xf) == SOCK_RAW || protocol == 1 ||
			protocol == 58)
			return (watch.needs & RK_NEED_RAW)
				       ? "opens a raw socket for another protocol than "
					 "ICMP, "
					 "which no isolated plugin may"
				       : "opens a socket for ICMP, but its 'needs' lack "
					 "RK_NEED_RAW";
		if (!(watch.needs & RK_NEED_NET))
			return "opens an internet socket, but its 'needs' lack "
			       "RK_NEED_NET";
		break;
	default:
		break;
	}
	return "opens a socket of a kind that no isolated plugin may";
}

NO_SANITIZER static long refuse(const struct call_made *call)
{
	if (call->number == SYS_socket) {
		tell(socket_reason(call));
		return -EPERM;
	}
	for (size_t i = 0; i < sandbox_n_refusals; i++) {
		if (watch.numbers[i] == call->number) {
			tell(sandbox_refusals[i].reason);
			return -EPERM;
		}
	}
	return -ENOSYS;
}

NO_SANITIZER static void on_trap(int signal, siginfo_t *info, void *argument)
{
	ucontext_t *context = argument;
	struct call_made call = { .number = info->si_syscall,
		.mask = (uint64_t *)(void *)&context->uc_sigmask };
	struct opening opening;
	int kept = errno;
	long result;

	(void)signal;
	if (info->si_code != SYS_SECCOMP)
		return;
	read_call(context, &call);
	if (read_opening(&call, &opening))
		result = open_again(&call, &opening);
	else if (call.number == SYS_rt_sigprocmask)
		result = change_mask(&call);
	else if (call.number == SYS_rt_sigaction)
		result = change_action(&call);
	else
		result = refuse(&call);
	set_result(context, result);
	errno = kept;
}

/* ---- before -------------------------------------------------------------- */

static int find_libc(struct dl_phdr_info *library, size_t size, void *context)
{
	(void)size;
	(void)context;
	if (!library->dlpi_name || !strstr(library->dlpi_name, "/libc.so."))
		return 0;
	for (size_t i = 0; i < library->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &library->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X)) {
			watch.libc_begin = library->dlpi_addr + segment->p_vaddr;
			watch.libc_end = watch.libc_begin + segment->p_memsz;
		}
	}
	return 1;
}

static int keep_paths(const struct sandbox_options *options)
{
	for (size_t i = 0; i < options->n_paths && i < MAX_PATHS; i++) {
		watch.paths[i] = strdup(options->paths[i].path);
		if (!watch.paths[i])
			return -ENOMEM;
		watch.n_paths = i + 1;
	}
	return 0;
}

int sandbox_watch_refusals(const struct sandbox_options *options, uint64_t cookie)
{
	/* Another signal's handler may interrupt this one, and be refused something. */
	struct sigaction action = { .sa_sigaction = on_trap,
		.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK | SA_RESTART };
	sigset_t own;

	_Static_assert(MAX_REFUSALS >= 150, "one number for each refusal");
	watch.cookie = cookie;
	watch.needs = options->needs;
	for (size_t i = 0; i < sandbox_n_refusals && i < MAX_REFUSALS; i++)
		watch.numbers[i] = seccomp_syscall_resolve_name(sandbox_refusals[i].name);
	dl_iterate_phdr(find_libc, NULL);
	if (keep_paths(options) < 0)
		return -ENOMEM;
	sigemptyset(&action.sa_mask);
	sigemptyset(&own);
	sigaddset(&own, SIGSYS);
	if (sigaction_beneath(SIGSYS, &action, NULL) < 0 ||
		pthread_sigmask(SIG_UNBLOCK, &own, NULL) != 0)
		return -errno;
	return 0;
}
