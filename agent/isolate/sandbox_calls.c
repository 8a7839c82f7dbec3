/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which system calls a plugin may make: a list of what is allowed, after systemd's
 * @system-service, without what no collector needs. What is in no table does not exist
 * (-ENOSYS), so that libraries fall back from calls that are newer than this.
 *
 * A name that an architecture or libseccomp does not know is passed over.
 */
#include "sandbox_internal.h"

#include "base/macros.h"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* clang-format off */
const char *const sandbox_allowed[] = {
	/* descriptors that are open */
	"read", "readv", "pread64", "preadv", "preadv2", "write", "writev", "pwrite64", "pwritev",
	"pwritev2", "lseek", "close", "close_range", "dup", "dup2", "dup3", "fstat", "fstatfs",
	"flock", "fsync", "fdatasync", "sync_file_range", "ftruncate", "fallocate", "fadvise64",
	"readahead", "sendfile", "splice", "tee", "copy_file_range", "getdents", "getdents64",
	"pipe", "pipe2", "memfd_create", "fchdir",
	/* names: landlock has no say in these, they tell no content */
	"stat", "lstat", "newfstatat", "statx", "statfs", "access", "faccessat", "faccessat2",
	"readlink", "readlinkat", "getcwd", "chdir", "umask", "getxattr", "lgetxattr", "fgetxattr",
	"listxattr", "llistxattr", "flistxattr", "name_to_handle_at", "inotify_init",
	"inotify_init1", "inotify_add_watch", "inotify_rm_watch",
	/* waiting */
	"poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1", "epoll_ctl",
	"epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd", "eventfd2", "signalfd",
	"signalfd4", "timerfd_create", "timerfd_settime", "timerfd_gettime", "pause",
	"nanosleep", "clock_nanosleep", "wait4", "waitid",
	/* sockets that are open: which may be opened stands below */
	"connect", "bind", "listen", "accept", "accept4", "shutdown", "getsockname", "getpeername",
	"getsockopt", "setsockopt", "sendto", "sendmsg", "sendmmsg", "recvfrom", "recvmsg",
	"recvmmsg",
	/* memory: also executable, since a plugin is native code anyway */
	"brk", "mmap", "munmap", "mprotect", "mremap", "madvise", "msync", "mincore", "mlock",
	"mlock2", "munlock", "mlockall", "munlockall", "membarrier", "pkey_alloc", "pkey_free",
	"pkey_mprotect", "get_mempolicy",
	/* threads: which clones are some stands below */
	"futex", "futex_waitv", "set_robust_list", "get_robust_list", "set_tid_address", "rseq",
	"gettid", "exit", "exit_group", "sched_yield", "sched_getaffinity", "sched_getattr",
	"sched_getparam", "sched_getscheduler", "sched_get_priority_max",
	"sched_get_priority_min", "sched_rr_get_interval", "getcpu", "arch_prctl",
	/* signals to itself */
	"rt_sigreturn", "rt_sigpending", "rt_sigsuspend", "rt_sigtimedwait", "sigaltstack",
	"restart_syscall", "alarm", "getitimer", "setitimer", "timer_create", "timer_settime",
	"timer_gettime", "timer_getoverrun", "timer_delete",
	/* time: the kernel refuses changes to who has no capability */
	"time", "gettimeofday", "clock_gettime", "clock_getres", "adjtimex", "clock_adjtime",
	/* what there is */
	"getpid", "getppid", "getpgid", "getpgrp", "getsid", "getuid", "geteuid", "getgid",
	"getegid", "getresuid", "getresgid", "getgroups", "capget", "getrlimit", "setrlimit",
	"getrusage", "getpriority", "ioprio_get", "times", "uname", "sysinfo", "getrandom",
	/* more of the same */
	"landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
};
const size_t sandbox_n_allowed = LENGTH(sandbox_allowed);

#define ALL_BITS              UINT32_MAX
#define MASKED(i, bits, what) { true, i, bits, (uint32_t)(what) }
#define IS(i, what)           MASKED(i, ALL_BITS, what)
#define TYPE_IS(what)         MASKED(1, 0xf, what) /* without SOCK_CLOEXEC, ... */
#define NAMESPACES            (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | \
			       CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

#define SOCKET(need, domain, type, protocol) \
	{ "socket", need, { IS(0, domain), TYPE_IS(type), IS(2, protocol) } }
#define IOCTL(request) { "ioctl", 0, { IS(1, request) } }
#define PRCTL(option)  { "prctl", 0, { IS(0, option) } }
#define FCNTL(command) { "fcntl", 0, { IS(1, command) } }

const struct sandbox_rule sandbox_rules[] = {
	/* TCP and UDP, and no other protocol: landlock knows none either */
	SOCKET(RK_NEED_NET, AF_INET, SOCK_STREAM, 0),
	SOCKET(RK_NEED_NET, AF_INET, SOCK_STREAM, IPPROTO_TCP),
	SOCKET(RK_NEED_NET, AF_INET, SOCK_DGRAM, 0),
	SOCKET(RK_NEED_NET, AF_INET, SOCK_DGRAM, IPPROTO_UDP),
	SOCKET(RK_NEED_NET, AF_INET6, SOCK_STREAM, 0),
	SOCKET(RK_NEED_NET, AF_INET6, SOCK_STREAM, IPPROTO_TCP),
	SOCKET(RK_NEED_NET, AF_INET6, SOCK_DGRAM, 0),
	SOCKET(RK_NEED_NET, AF_INET6, SOCK_DGRAM, IPPROTO_UDP),
	/* the kernel's route socket: getaddrinfo, if_nametoindex */
	SOCKET(RK_NEED_NET, AF_NETLINK, SOCK_RAW, 0),
	SOCKET(RK_NEED_NET, AF_NETLINK, SOCK_DGRAM, 0),
	SOCKET(RK_NEED_RAW, AF_INET, SOCK_DGRAM, IPPROTO_ICMP),
	SOCKET(RK_NEED_RAW, AF_INET, SOCK_RAW, IPPROTO_ICMP),
	SOCKET(RK_NEED_RAW, AF_INET6, SOCK_DGRAM, IPPROTO_ICMPV6),
	SOCKET(RK_NEED_RAW, AF_INET6, SOCK_RAW, IPPROTO_ICMPV6),
	{ "socket", RK_NEED_UNIX, { IS(0, AF_UNIX) } },
	{ "socketpair", RK_NEED_UNIX, { IS(0, AF_UNIX) } },
	/* One of datagrams could send to any address. */
	{ "socketpair", 0, { IS(0, AF_UNIX), TYPE_IS(SOCK_STREAM) } },
	{ "socketpair", 0, { IS(0, AF_UNIX), TYPE_IS(SOCK_SEQPACKET) } },

	{ "clone", 0, { MASKED(0, CLONE_THREAD | NAMESPACES, CLONE_THREAD) } },
	{ "clone", RK_NEED_EXEC, { MASKED(0, NAMESPACES, 0) } },
	{ "fork", RK_NEED_EXEC, { { 0 } } },
	{ "vfork", RK_NEED_EXEC, { { 0 } } },
	{ "execve", RK_NEED_EXEC, { { 0 } } },
	{ "execveat", RK_NEED_EXEC, { { 0 } } },
	{ "setsid", RK_NEED_EXEC, { { 0 } } },
	{ "setpgid", RK_NEED_EXEC, { { 0 } } },
	/* Programs set the user that they have. */
	{ "setuid", RK_NEED_EXEC, { { 0 } } },
	{ "setgid", RK_NEED_EXEC, { { 0 } } },
	{ "setreuid", RK_NEED_EXEC, { { 0 } } },
	{ "setregid", RK_NEED_EXEC, { { 0 } } },
	{ "setresuid", RK_NEED_EXEC, { { 0 } } },
	{ "setresgid", RK_NEED_EXEC, { { 0 } } },
	{ "setgroups", RK_NEED_EXEC, { { 0 } } },
	{ "capset", RK_NEED_EXEC, { { 0 } } },
	/* To children; landlock keeps signals inside of the sandbox. */
	{ "kill", RK_NEED_EXEC, { { 0 } } },
	{ "tkill", RK_NEED_EXEC, { { 0 } } },
	{ "tgkill", RK_NEED_EXEC, { { 0 } } },

	/* Names that change; where, landlock decides. */
	{ "mkdir", RK_NEED_WRITE, { { 0 } } },
	{ "mkdirat", RK_NEED_WRITE, { { 0 } } },
	{ "mknod", RK_NEED_WRITE, { { 0 } } },
	{ "mknodat", RK_NEED_WRITE, { { 0 } } },
	{ "rmdir", RK_NEED_WRITE, { { 0 } } },
	{ "unlink", RK_NEED_WRITE, { { 0 } } },
	{ "unlinkat", RK_NEED_WRITE, { { 0 } } },
	{ "rename", RK_NEED_WRITE, { { 0 } } },
	{ "renameat", RK_NEED_WRITE, { { 0 } } },
	{ "renameat2", RK_NEED_WRITE, { { 0 } } },
	{ "link", RK_NEED_WRITE, { { 0 } } },
	{ "linkat", RK_NEED_WRITE, { { 0 } } },
	{ "symlink", RK_NEED_WRITE, { { 0 } } },
	{ "symlinkat", RK_NEED_WRITE, { { 0 } } },
	/* Landlock has no say in modes and times, so only those of what is open. */
	{ "fchmod", RK_NEED_WRITE, { { 0 } } },
	{ "utimensat", RK_NEED_WRITE, { IS(1, 0) } },

	/* About itself alone. */
	{ "prlimit64", 0, { IS(0, 0) } },
	{ "setpriority", 0, { IS(0, PRIO_PROCESS), IS(1, 0) } },
	{ "sched_setaffinity", 0, { IS(0, 0) } },
	{ "sched_setparam", 0, { IS(0, 0) } },
	{ "sched_setscheduler", 0, { IS(0, 0) } },
	{ "sched_setattr", 0, { IS(0, 0) } },
	{ "ioprio_set", 0, { IS(0, 1), IS(1, 0) } },
	{ "personality", 0, { IS(0, -1) } },

	PRCTL(PR_SET_NAME), PRCTL(PR_GET_NAME), PRCTL(PR_SET_PDEATHSIG), PRCTL(PR_GET_PDEATHSIG),
	PRCTL(PR_GET_DUMPABLE), PRCTL(PR_GET_NO_NEW_PRIVS), PRCTL(PR_SET_NO_NEW_PRIVS),
	PRCTL(PR_GET_SECCOMP), PRCTL(PR_CAPBSET_READ), PRCTL(PR_GET_SECUREBITS),
	PRCTL(PR_SET_TIMERSLACK), PRCTL(PR_GET_TIMERSLACK), PRCTL(PR_GET_KEEPCAPS),
	PRCTL(0x53564d41 /* PR_SET_VMA: names of mappings, Linux 5.17 */),

	/* Not F_SETOWN and F_SETSIG, which send signals to others. */
	FCNTL(F_DUPFD), FCNTL(F_DUPFD_CLOEXEC), FCNTL(F_GETFD), FCNTL(F_SETFD), FCNTL(F_GETFL),
	FCNTL(F_SETFL), FCNTL(F_GETLK), FCNTL(F_SETLK), FCNTL(F_SETLKW), FCNTL(F_OFD_GETLK),
	FCNTL(F_OFD_SETLK), FCNTL(F_OFD_SETLKW), FCNTL(F_GETPIPE_SZ), FCNTL(F_SETPIPE_SZ),
	FCNTL(F_GET_SEALS), FCNTL(F_ADD_SEALS),

	/* Not TIOCSTI, which types into the terminal of whoever started the agent. */
	IOCTL(FIONREAD), IOCTL(FIONBIO), IOCTL(FIOCLEX), IOCTL(FIONCLEX), IOCTL(TIOCOUTQ),
	IOCTL(TCGETS), IOCTL(TIOCGWINSZ), IOCTL(SIOCGIFNAME), IOCTL(SIOCGIFCONF),
	IOCTL(SIOCGIFFLAGS), IOCTL(SIOCGIFADDR), IOCTL(SIOCGIFBRDADDR), IOCTL(SIOCGIFNETMASK),
	IOCTL(SIOCGIFMTU), IOCTL(SIOCGIFHWADDR), IOCTL(SIOCGIFINDEX), IOCTL(SIOCGIFTXQLEN),
	IOCTL(SIOCETHTOOL),
};
/* clang-format on */
const size_t sandbox_n_rules = LENGTH(sandbox_rules);

#define NEVER(name)                                                                      \
	{                                                                                \
		name, "calls " name ", which no isolated plugin may"                     \
	}
#define EXEC(name)                                                                       \
	{                                                                                \
		name, "starts a process, but its 'needs' lack RK_NEED_EXEC"              \
	}
#define WRITE(name)                                                                      \
	{                                                                                \
		name, "changes files (" name "), but its 'needs' lack RK_NEED_WRITE"     \
	}
#define KILL(name)                                                                       \
	{                                                                                \
		name, "signals another process, which no isolated plugin may"            \
	}
#define QUIET(name)                                                                      \
	{                                                                                \
		name, NULL                                                               \
	}

const struct sandbox_refusal sandbox_refusals[] = {
	EXEC("clone"),
	EXEC("fork"),
	EXEC("vfork"),
	EXEC("execve"),
	EXEC("execveat"),
	WRITE("mkdir"),
	WRITE("mkdirat"),
	WRITE("mknod"),
	WRITE("mknodat"),
	WRITE("rmdir"),
	WRITE("unlink"),
	WRITE("unlinkat"),
	WRITE("rename"),
	WRITE("renameat"),
	WRITE("renameat2"),
	WRITE("link"),
	WRITE("linkat"),
	WRITE("symlink"),
	WRITE("symlinkat"),
	WRITE("fchmod"),
	NEVER("truncate"),
	NEVER("chmod"),
	NEVER("fchmodat"),
	NEVER("chown"),
	NEVER("fchown"),
	NEVER("lchown"),
	NEVER("fchownat"),
	NEVER("setxattr"),
	NEVER("lsetxattr"),
	NEVER("fsetxattr"),
	NEVER("removexattr"),
	NEVER("lremovexattr"),
	NEVER("fremovexattr"),
	KILL("kill"),
	KILL("tkill"),
	KILL("tgkill"),
	KILL("rt_sigqueueinfo"),
	KILL("rt_tgsigqueueinfo"),
	KILL("pidfd_send_signal"),
	NEVER("pidfd_open"),
	NEVER("pidfd_getfd"),
	NEVER("ptrace"),
	NEVER("process_vm_readv"),
	NEVER("process_vm_writev"),
	NEVER("process_madvise"),
	NEVER("process_mrelease"),
	NEVER("kcmp"),
	NEVER("move_pages"),
	NEVER("migrate_pages"),
	NEVER("setuid"),
	NEVER("setgid"),
	NEVER("setreuid"),
	NEVER("setregid"),
	NEVER("setresuid"),
	NEVER("setresgid"),
	NEVER("setfsuid"),
	NEVER("setfsgid"),
	NEVER("setgroups"),
	NEVER("capset"),
	NEVER("mount"),
	NEVER("umount2"),
	NEVER("mount_setattr"),
	NEVER("move_mount"),
	NEVER("open_tree"),
	NEVER("fsopen"),
	NEVER("fsconfig"),
	NEVER("fsmount"),
	NEVER("fspick"),
	NEVER("pivot_root"),
	NEVER("chroot"),
	NEVER("setns"),
	NEVER("unshare"),
	NEVER("swapon"),
	NEVER("swapoff"),
	NEVER("quotactl"),
	NEVER("quotactl_fd"),
	NEVER("open_by_handle_at"),
	NEVER("fanotify_init"),
	NEVER("bpf"),
	NEVER("perf_event_open"),
	NEVER("userfaultfd"),
	NEVER("io_uring_setup"),
	NEVER("io_uring_enter"),
	NEVER("io_uring_register"),
	NEVER("add_key"),
	NEVER("request_key"),
	NEVER("keyctl"),
	NEVER("init_module"),
	NEVER("finit_module"),
	NEVER("delete_module"),
	NEVER("kexec_load"),
	NEVER("kexec_file_load"),
	NEVER("reboot"),
	NEVER("acct"),
	NEVER("syslog"),
	NEVER("sethostname"),
	NEVER("setdomainname"),
	NEVER("settimeofday"),
	NEVER("clock_settime"),
	NEVER("iopl"),
	NEVER("ioperm"),
	NEVER("modify_ldt"),
	NEVER("vhangup"),
	NEVER("shmget"),
	NEVER("shmat"),
	NEVER("msgget"),
	NEVER("semget"),
	NEVER("mq_open"),
	NEVER("mq_unlink"),
	QUIET("seccomp"),
	QUIET("setsid"),
	QUIET("setpgid"),
	QUIET("utimensat"),
	QUIET("utime"),
	QUIET("utimes"),
	QUIET("futimesat"),
	QUIET("prlimit64"),
	QUIET("setpriority"),
	QUIET("sched_setaffinity"),
	QUIET("sched_setparam"),
	QUIET("sched_setscheduler"),
	QUIET("sched_setattr"),
	QUIET("ioprio_set"),
	QUIET("personality"),
	QUIET("prctl"),
	QUIET("fcntl"),
	QUIET("ioctl"),
	QUIET("socketpair"),
};
const size_t sandbox_n_refusals = LENGTH(sandbox_refusals);
