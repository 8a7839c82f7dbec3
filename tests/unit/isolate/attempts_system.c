/* SPDX-License-Identifier: Apache-2.0 */
#include "attempts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

int set_user(void)
{
	/* The C library's setuid asks all threads, also those of a sanitizer, which block
	 * all signals since before there was a sandbox. */
	return syscall(SYS_setuid, 1234) < 0 ? -errno : 0;
}

/* What is not there is found out behind the question whether one may. */
int mount_something(void)
{
	if (mount("none", "/nonexistent/folder", "tmpfs", 0, NULL) == 0)
		return 0;
	return errno == ENOENT ? 0 : -errno;
}

int use_keys(void)
{
	return syscall(SYS_keyctl, 0 /* KEYCTL_GET_KEYRING_ID */, -3, 1) < 0 ? -errno : 0;
}

int unshare_users(void)
{
	return unshare(CLONE_FS) < 0 ? -errno : 0;
}

int load_bpf(void)
{
	union bpf_attr attributes = { .map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 4,
		.max_entries = 1 };
	long fd = syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));

	return fd < 0 ? -errno : close((int)fd);
}

int use_ring(void)
{
	char parameters[120] = { 0 };
	long fd = syscall(SYS_io_uring_setup, 1, parameters);

	return fd < 0 ? -errno : close((int)fd);
}

int catch_faults(void)
{
	long fd = syscall(SYS_userfaultfd, 1 /* UFFD_USER_MODE_ONLY */);

	return fd < 0 ? -errno : close((int)fd);
}

int watch_performance(void)
{
	struct perf_event_attr attributes = { .type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_TASK_CLOCK };
	long fd = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);

	return fd < 0 ? -errno : close((int)fd);
}

#if defined(__x86_64__)
/* getpid by i386's gate; a kernel without it says so by a fault of memory. */
int call_of_i386(void)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
	return result > 0 ? 0 : -ENOSYS;
}
#else
int call_of_i386(void)
{
	return -ENOSYS;
}
#endif

int unknown_call(void)
{
	return syscall(500) < 0 ? -errno : 0;
}

int allocate_512_mib(void)
{
	volatile char *bytes = malloc((size_t)512 << 20);

	if (!bytes)
		return -ENOMEM;
	/* So that no compiler leaves it out. */
	bytes[0] = 1;
	free((void *)(uintptr_t)bytes);
	return 0;
}

int open_100_descriptors(void)
{
	for (int i = 0; i < 100; i++) {
		if (dup(0) < 0)
			return -errno;
	}
	return 0;
}

int write_2_mib_file(void)
{
	int fd = memfd_create("large", MFD_CLOEXEC);

	if (fd < 0)
		return -errno;
	return ftruncate(fd, 2 << 20) < 0 ? -errno : close(fd);
}

int raise_limit(void)
{
	struct rlimit limit;

	/* The test's own sandbox has fewer, and what is outside of it more. */
	limit.rlim_cur = limit.rlim_max = 65;
	return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? -errno : 0;
}

int dump_core_again(void)
{
	return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int be_traced(void)
{
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? -EPERM : 0;
}

int gain_privileges(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? -EPERM : 0;
}

/* What an execve as root, or of a file with capabilities, could give back. */
int hold_bounding_capabilities(void)
{
	for (unsigned long i = 0; i < 41; i++) {
		if (prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1)
			return 0;
	}
	return -EPERM;
}

int hold_capabilities(void)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	return data[0].permitted | data[1].permitted ? 0 : -EPERM;
}

int have_no_end(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CPU, &limit) < 0)
		return -errno;
	return limit.rlim_max == RLIM_INFINITY ? 0 : -EPERM;
}

static void *wait_there(void *argument)
{
	pthread_barrier_wait(argument);
	return NULL;
}

/* All of them at once; those that could be made end with the process. */
int start_100_threads(void)
{
	static pthread_barrier_t barrier;
	pthread_attr_t small;

	pthread_barrier_init(&barrier, NULL, 101);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (int i = 0; i < 100; i++) {
		pthread_t thread;
		int r = pthread_create(&thread, &small, wait_there, &barrier);

		if (r != 0)
			return -r;
		pthread_detach(thread);
	}
	pthread_barrier_wait(&barrier);
	pthread_attr_destroy(&small);
	return 0;
}

int map_executable(void)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return code == MAP_FAILED ? -errno : munmap(code, 4096);
}

int read_clocks(void)
{
	struct timespec now;
	struct tm parts;
	char bytes[8];

	if (clock_gettime(CLOCK_REALTIME, &now) < 0 ||
		clock_gettime(CLOCK_MONOTONIC, &now) < 0 || syscall(SYS_gettid) <= 0 ||
		getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes) ||
		clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ 0, 1 }, NULL) !=
			0)
		return -errno;
	/* Reads /etc/localtime. */
	return localtime_r(&now.tv_sec, &parts) ? 0 : -errno;
}

int wait_on_epoll(void)
{
	struct epoll_event event = { .events = EPOLLIN };
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int fd = eventfd(1, EFD_CLOEXEC);

	if (epoll < 0 || fd < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ||
		epoll_wait(epoll, &event, 1, -1) != 1)
		return -errno;
	close(fd);
	return close(epoll);
}

static void on_work(uv_work_t *work)
{
	work->data = work;
}

static void on_worked(uv_work_t *work, int status)
{
	(void)work;
	(void)status;
}

static void on_signal(uv_signal_t *watcher, int number)
{
	(void)number;
	uv_close((uv_handle_t *)watcher, NULL);
}

int run_loop_pool(void)
{
	static uv_loop_t loop;
	static uv_work_t work[4];
	static uv_signal_t watcher;
	int r = uv_loop_init(&loop);

	for (size_t i = 0; i < 4 && r == 0; i++)
		r = uv_queue_work(&loop, &work[i], on_work, on_worked);
	if (r == 0)
		r = uv_signal_init(&loop, &watcher);
	if (r == 0)
		r = uv_signal_start(&watcher, on_signal, SIGUSR2);
	if (r == 0)
		r = raise(SIGUSR2);
	if (r == 0)
		r = uv_run(&loop, UV_RUN_DEFAULT);
	return r == 0 && work[3].data ? uv_loop_close(&loop) : r;
}

static volatile sig_atomic_t handled;

static void read_in_handler(int number)
{
	int fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);

	(void)number;
	handled = fd >= 0;
	close(fd);
}

int handle_signal(void)
{
	struct sigaction action = { .sa_handler = read_in_handler };

	/* The handler is refused a call while all signals are blocked. */
	sigfillset(&action.sa_mask);
	if (sigaction(SIGUSR1, &action, NULL) < 0 || raise(SIGUSR1) != 0)
		return -errno;
	return handled ? 0 : -EIO;
}

int block_traps(void)
{
	sigset_t set, now;

	sigemptyset(&set);
	sigaddset(&set, SIGSYS);
	sigaddset(&set, SIGUSR1);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 ||
		sigprocmask(SIG_BLOCK, NULL, &now) < 0)
		return -errno;
	if (!sigismember(&now, SIGUSR1))
		return -EIO;
	return sigismember(&now, SIGSYS) ? 0 : -EPERM;
}

int replace_handler_of_traps(void)
{
	/* A sanitizer's signal sets no errno. */
	return signal(SIGSYS, SIG_IGN) == SIG_ERR ? -EINVAL : 0;
}
