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
#include "sandbox_trap.h"

#include <errno.h>
#include <link.h>
#include <seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1 /* asm-generic/siginfo.h */
#endif

/* A sanitizer's sigaction puts a handler of its own in between, which is entered with all
 * signals blocked; the C library's is beneath it. */
#if SANDBOX_SANITIZED
int __sigaction(int, const struct sigaction *, struct sigaction *); /* NOLINT */
#define sigaction_beneath __sigaction
#else
#define sigaction_beneath sigaction
#endif

struct sandbox_watch sandbox_watch;

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

#if defined(__x86_64__)
NO_SANITIZER static void read_call(ucontext_t *context, struct sandbox_call *ret_call)
{
	static const int registers[] = { REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8,
		REG_R9 };

	for (size_t i = 0; i < LENGTH(registers); i++)
		ret_call->arguments[i] =
			(uint64_t)context->uc_mcontext.gregs[registers[i]];
	/* The C library's functions that are a call and nothing else have no frame. */
	ret_call->caller = *(const uintptr_t *)sandbox_pointer(
		(uint64_t)context->uc_mcontext.gregs[REG_RSP]);
}

NO_SANITIZER static void set_result(ucontext_t *context, long result)
{
	context->uc_mcontext.gregs[REG_RAX] = result;
}
#else /* aarch64; on another architecture this does not compile */
NO_SANITIZER static void read_call(ucontext_t *context, struct sandbox_call *ret_call)
{
	for (size_t i = 0; i < LENGTH(ret_call->arguments); i++)
		ret_call->arguments[i] = context->uc_mcontext.regs[i];
	ret_call->caller = context->uc_mcontext.regs[30];
}

NO_SANITIZER static void set_result(ucontext_t *context, long result)
{
	context->uc_mcontext.regs[0] = (unsigned long)result;
}
#endif

NO_SANITIZER long sandbox_repeat(const struct sandbox_call *call)
{
	const uint64_t *a = call->arguments;
	long result =
		syscall(call->number, a[0], a[1], a[2], a[3], a[4], sandbox_watch.cookie);

	return result < 0 ? -errno : result;
}

NO_SANITIZER void sandbox_tell(const char *reason)
{
	if (reason && !call_refused(reason))
		atomic_store(&refused_elsewhere, reason);
}

const char *sandbox_refused(void)
{
	return atomic_exchange(&refused_elsewhere, NULL);
}

/* ---- what could block SIGSYS --------------------------------------------- */

NO_SANITIZER static long change_mask(const struct sandbox_call *call)
{
	const uint64_t *set = sandbox_pointer(call->arguments[1]);
	uint64_t *before = sandbox_pointer(call->arguments[2]);
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

NO_SANITIZER static long change_action(const struct sandbox_call *call)
{
	struct kernel_action action =
		*(const struct kernel_action *)sandbox_pointer(call->arguments[1]);
	struct sandbox_call without = *call;

	/* As with SIGKILL. */
	if ((int)call->arguments[0] == SIGSYS)
		return -EINVAL;
	action.mask &= ~MASK_OF_SIGSYS;
	without.arguments[1] = (uint64_t)(uintptr_t)&action;
	return sandbox_repeat(&without);
}

/* ---- what is refused ----------------------------------------------------- */

/* The C library asks nscd of its own accord, and takes a no for an answer. */
NO_SANITIZER static bool libc_asks_itself(const struct sandbox_call *call)
{
	return call->caller >= sandbox_watch.libc_begin &&
	       call->caller < sandbox_watch.libc_end;
}

NO_SANITIZER static const char *socket_reason(const struct sandbox_call *call)
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
			return (sandbox_watch.needs & RK_NEED_RAW)
				       ? "opens a raw socket for another protocol than "
					 "ICMP, "
					 "which no isolated plugin may"
				       : "opens a socket for ICMP, but its 'needs' lack "
					 "RK_NEED_RAW";
		if (!(sandbox_watch.needs & RK_NEED_NET))
			return "opens an internet socket, but its 'needs' lack "
			       "RK_NEED_NET";
		break;
	default:
		break;
	}
	return "opens a socket of a kind that no isolated plugin may";
}

NO_SANITIZER static long refuse(const struct sandbox_call *call)
{
	if (call->number == SYS_socket) {
		sandbox_tell(socket_reason(call));
		return -EPERM;
	}
	for (size_t i = 0; i < sandbox_n_refusals; i++) {
		if (sandbox_watch.numbers[i] == call->number) {
			sandbox_tell(sandbox_refusals[i].reason);
			return -EPERM;
		}
	}
	return -ENOSYS;
}

NO_SANITIZER static void on_trap(int signal, siginfo_t *info, void *argument)
{
	ucontext_t *context = argument;
	struct sandbox_call call = { .number = info->si_syscall,
		.mask = (uint64_t *)(void *)&context->uc_sigmask };
	int kept = errno;
	long result;

	(void)signal;
	if (info->si_code != SYS_SECCOMP)
		return;
	read_call(context, &call);
	if (sandbox_open(&call, &result))
		set_result(context, result);
	else if (call.number == SYS_rt_sigprocmask)
		set_result(context, change_mask(&call));
	else if (call.number == SYS_rt_sigaction)
		set_result(context, change_action(&call));
	else
		set_result(context, refuse(&call));
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
			sandbox_watch.libc_begin = library->dlpi_addr + segment->p_vaddr;
			sandbox_watch.libc_end =
				sandbox_watch.libc_begin + segment->p_memsz;
		}
	}
	return 1;
}

static int keep_paths(const struct sandbox_options *options)
{
	for (size_t i = 0; i < options->n_paths && i < SANDBOX_MAX_PATHS; i++) {
		sandbox_watch.paths[i] = strdup(options->paths[i].path);
		if (!sandbox_watch.paths[i])
			return -ENOMEM;
		sandbox_watch.writable[i] = options->paths[i].write;
		sandbox_watch.n_paths = i + 1;
	}
	return 0;
}

int sandbox_watch_refusals(const struct sandbox_options *options, uint64_t cookie)
{
	/* Another signal's handler may interrupt this one, and be refused something. */
	struct sigaction action = { .sa_sigaction = on_trap,
		.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK | SA_RESTART };
	sigset_t own;

	_Static_assert(SANDBOX_MAX_REFUSALS >= 150, "one number for each refusal");
	sandbox_watch.cookie = cookie;
	sandbox_watch.needs = options->needs;
	for (size_t i = 0; i < sandbox_n_refusals && i < SANDBOX_MAX_REFUSALS; i++)
		sandbox_watch.numbers[i] =
			seccomp_syscall_resolve_name(sandbox_refusals[i].name);
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
