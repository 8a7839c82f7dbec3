/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sandbox grants and refuses, by what a process in one tries: each row of the
 * tables is tried with the needs that it names. What is refused is tried without a
 * sandbox, too, and must work there. All of it as who runs the test, and where that is
 * root, as another user.
 */
#include "attempts.h"
#include "inside.h"

#include "base/buffer.h"
#include "base/file.h"
#include "isolate/landlock.h"

#include <rookery/plugin.h>

#include "cases.h"
#include "folder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

enum { NOBODY = 65534 };

#define ALL                                                                              \
	(RK_NEED_NET | RK_NEED_UNIX | RK_NEED_RAW | RK_NEED_EXEC | RK_NEED_FILES |       \
		RK_NEED_WRITE)
#define ALL_BUT_EXEC (ALL & ~RK_NEED_EXEC)

enum {
	ROOT_ONLY = 1,     /* nobody else can, with or without a sandbox */
	NOT_SANITIZED = 2, /* not in builds of sanitizers */
	/* Machines and containers may refuse it to all; what is told is then the proof.
	 */
	MAY_LACK = 8,
	NOBODY_ONLY = 4, /* somebody of whom there are few processes, and not root */
};

/* reason: a part of what the instance is told; NULL: nothing. */
struct row {
	int (*attempt)(void);
	const char *name;
	uint32_t needs;
	int result;
	const char *reason;
	int flags;
};

#define ROW(attempt, needs, result, reason, flags)                                       \
	{                                                                                \
		attempt, #attempt, needs, result, reason, flags                          \
	}
#define ALLOWED(attempt, needs)                 ROW(attempt, needs, 0, NULL, 0)
#define ALLOWED_TO_ROOT(attempt, needs)         ROW(attempt, needs, 0, NULL, ROOT_ONLY)
#define REFUSED(attempt, needs, result, reason) ROW(attempt, needs, result, reason, 0)
#define REFUSED_TO_ROOT(attempt, needs, result, reason)                                  \
	ROW(attempt, needs, result, reason, ROOT_ONLY)

/* ---- surroundings -------------------------------------------------------- */

static int listening_tcp, listening_unix;

static void write_file(char *path, size_t size, const char *folder, const char *name)
{
	int fd;

	snprintf(path, size, "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, 0666), 0);
	assert_int_equal(write(fd, "text", 4), 4);
	close(fd);
}

static void copy_plugin(void)
{
	char command[512];

	snprintf(surroundings.plugin_file, sizeof(surroundings.plugin_file),
		"%s/plugin.so", surroundings.folder);
	snprintf(command, sizeof(command), "cp '%s/plugins/system_health.so' '%s'",
		BUILD_DIR, surroundings.plugin_file);
	assert_int_equal(system(command), 0);
	chmod(surroundings.plugin_file, 0644);
	surroundings.plugin = open(surroundings.plugin_file, O_RDONLY | O_CLOEXEC);
	assert_true(surroundings.plugin >= 0);
}

static void listen_tcp(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);

	listening_tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listening_tcp, (const struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(listening_tcp, 64), 0);
	assert_int_equal(
		getsockname(listening_tcp, (struct sockaddr *)&address, &size), 0);
	surroundings.port = ntohs(address.sin_port);
}

static void listen_unix(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(surroundings.socket, sizeof(surroundings.socket), "%s/socket",
		surroundings.folder);
	memcpy(address.sun_path, surroundings.socket, sizeof(address.sun_path));
	listening_unix = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(
		bind(listening_unix, (const struct sockaddr *)&address, sizeof(address)),
		0);
	assert_int_equal(listen(listening_unix, 64), 0);
	chmod(surroundings.socket, 0666);
}

static void make_folder(char *path, size_t size, const char *name)
{
	snprintf(path, size, "%s/%s", surroundings.folder, name);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0777), 0);
}

static int set_up(void **state)
{
	char folder[128];

	(void)state;
	surroundings.folder = folder_make();
	chmod(surroundings.folder, 0777);
	write_file(surroundings.outside, 128, surroundings.folder, "outside");
	write_file(surroundings.configured, 128, surroundings.folder, "configured");
	write_file(surroundings.replaced, 128, surroundings.folder, "replaced");
	write_file(surroundings.writable, 128, surroundings.folder, "writable");
	write_file(folder, 128, surroundings.folder, "removed");
	make_folder(folder, sizeof(folder), "secrets");
	write_file(surroundings.hidden, 128, folder, "hidden");
	make_folder(surroundings.state, 128, "state");
	copy_plugin();
	listen_tcp();
	listen_unix();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	close(listening_tcp);
	close(listening_unix);
	close(surroundings.plugin);
	folder_remove(surroundings.folder);
	return 0;
}

/* ---- one row ------------------------------------------------------------- */

static struct outcome try(const struct row *row, uid_t user)
{
	const struct sandbox_path paths[] = {
		{ surroundings.configured, false },
		{ surroundings.writable, true },
		{ surroundings.replaced, false },
		{ "/nonexistent/path", false },
	};
	char secrets[160];
	const char *const hidden[] = { secrets };
	const struct sandbox_options options = {
		.needs = row->needs,
		.paths = paths,
		.n_paths = 4,
		.hidden = hidden,
		.n_hidden = 1,
		.state_folder = surroundings.state,
		.plugin = surroundings.plugin,
		.limits = { .memory = UINT64_C(256) << 20,
			.files = 64,
			.processes = user == NOBODY ? 64 : 0,
			.cpu_seconds = 100,
			.file_size = UINT64_C(1) << 20 },
	};

	snprintf(secrets, sizeof(secrets), "%s/secrets", surroundings.folder);
	return inside(&options, row->attempt, user);
}

static void check_row(const struct row *row, uid_t user)
{
	struct outcome outcome = try(row, user);
	const char *told = *outcome.reason ? outcome.reason : outcome.elsewhere;

	if (outcome.result != row->result)
		fail_msg("%s with needs %x as user %u: %d, not %d (%s)", row->name,
			row->needs, user, outcome.result, row->result, told);
	if (row->reason ? !strstr(told, row->reason) : *told)
		fail_msg("%s with needs %x as user %u: told '%s', not '%s'", row->name,
			row->needs, user, told, row->reason ? row->reason : "");
	/* What is refused must work for who is in no sandbox, or the row tells nothing.
	 */
	if (row->result != 0) {
		outcome = inside(NULL, row->attempt, user);
		if (outcome.result != 0 && !(row->flags & MAY_LACK))
			fail_msg("%s without a sandbox as user %u: %d", row->name, user,
				outcome.result);
	}
}

static void check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool root = getuid() == 0;

		if (SANITIZED && (rows[i].flags & NOT_SANITIZED))
			continue;
		if (!(rows[i].flags & (root ? NOBODY_ONLY : ROOT_ONLY | NOBODY_ONLY)))
			check_row(&rows[i], 0);
		if (root && !(rows[i].flags & ROOT_ONLY))
			check_row(&rows[i], NOBODY);
	}
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof(*(rows)))

/* ---- what all plugins do ------------------------------------------------- */

static void what_every_plugin_does_works_without_any_need(void **state)
{
	static const struct row rows[] = {
		ALLOWED(read_proc, 0),
		ALLOWED(read_null_and_random, 0),
		ALLOWED(read_with_signals_blocked, 0),
		ALLOWED(read_configured, 0),
		ALLOWED(write_configured, 0),
		ALLOWED(open_library, 0),
		ALLOWED(start_thread, 0),
		ALLOWED(make_stream_pair, 0),
		ALLOWED(map_executable, 0),
		ALLOWED(read_clocks, 0),
		ALLOWED(wait_on_epoll, 0),
		ALLOWED(run_loop_pool, 0),
		ALLOWED(signal_itself, 0),
		ALLOWED(handle_signal, 0),
	};

	(void)state;
	CHECK(rows);
}

static void the_same_works_with_all_needs(void **state)
{
	static const struct row rows[] = {
		ALLOWED(read_proc, ALL),
		ALLOWED(read_with_signals_blocked, ALL),
		ALLOWED(write_configured, ALL),
		ALLOWED(open_library, ALL),
		ALLOWED(start_thread, ALL),
		ALLOWED(map_executable, ALL),
		ALLOWED(run_loop_pool, ALL),
		ALLOWED(signal_itself, ALL),
		ALLOWED(handle_signal, ALL),
	};

	(void)state;
	CHECK(rows);
}

/* ---- needs --------------------------------------------------------------- */

static void files_are_read_with_their_need_alone(void **state)
{
	static const struct row rows[] = {
		REFUSED(read_outside, ALL_BUT_EXEC & ~RK_NEED_FILES, -EACCES,
			"/outside', but its 'needs' lack RK_NEED_FILES"),
		ALLOWED(read_outside, RK_NEED_FILES),
		REFUSED(read_outside, RK_NEED_EXEC, -EACCES, NULL),
		ALLOWED(read_outside, RK_NEED_EXEC | RK_NEED_FILES),
		REFUSED_TO_ROOT(read_shadow, 0, -EACCES,
			"opens '/etc/shadow', but its 'needs' lack RK_NEED_FILES"),
		REFUSED(read_hidden, RK_NEED_FILES, -EACCES, NULL),
		REFUSED(read_hidden, ALL, -EACCES, NULL),
	};

	(void)state;
	CHECK(rows);
}

static void files_are_written_in_the_state_folder_with_their_need_alone(void **state)
{
	static const struct row rows[] = {
		REFUSED(write_outside, ALL_BUT_EXEC & ~RK_NEED_WRITE, -EACCES,
			"/outside', but its 'needs' lack RK_NEED_WRITE"),
		REFUSED(write_outside, RK_NEED_WRITE, -EACCES,
			"/outside', which is outside its state folder"),
		REFUSED(write_what_is_read, 0, -EACCES, "lack RK_NEED_WRITE"),
		REFUSED(write_state, ALL_BUT_EXEC & ~RK_NEED_WRITE, -EACCES,
			"lack RK_NEED_WRITE"),
		ALLOWED(write_state, RK_NEED_WRITE),
		ALLOWED(write_state, RK_NEED_WRITE | RK_NEED_EXEC),
		REFUSED(make_folder_outside, RK_NEED_FILES, -EPERM, "lack RK_NEED_WRITE"),
		REFUSED(make_folder_outside, RK_NEED_WRITE, -EACCES, NULL),
		REFUSED(make_folder_in_state, 0, -EPERM, "lack RK_NEED_WRITE"),
		ALLOWED(make_folder_in_state, RK_NEED_WRITE),
		REFUSED(remove_outside, RK_NEED_FILES, -EPERM, "lack RK_NEED_WRITE"),
		REFUSED(remove_outside, RK_NEED_WRITE, -EACCES, NULL),
		REFUSED(rename_out_of_state, RK_NEED_WRITE, -EACCES, NULL),
		REFUSED(change_mode, ALL_BUT_EXEC, -EPERM, "no isolated plugin"),
	};

	(void)state;
	CHECK(rows);
}

static void sockets_are_opened_with_their_need_alone(void **state)
{
	static const struct row rows[] = {
		REFUSED(connect_tcp, ALL_BUT_EXEC & ~RK_NEED_NET, -EPERM,
			"opens an internet socket, but its 'needs' lack RK_NEED_NET"),
		ALLOWED(connect_tcp, RK_NEED_NET),
		REFUSED(connect_tcp, RK_NEED_EXEC, -EPERM, NULL),
		ALLOWED(connect_tcp, RK_NEED_EXEC | RK_NEED_NET),
		REFUSED(send_udp, 0, -EPERM, "lack RK_NEED_NET"),
		ALLOWED(send_udp, RK_NEED_NET),
		REFUSED(connect_unix, ALL_BUT_EXEC & ~RK_NEED_UNIX, -EPERM,
			"but its 'needs' lack RK_NEED_UNIX"),
		ALLOWED(connect_unix, RK_NEED_UNIX),
		REFUSED_TO_ROOT(
			open_ping_socket, RK_NEED_NET, -EPERM, "lack RK_NEED_RAW"),
		ALLOWED_TO_ROOT(open_ping_socket, RK_NEED_RAW),
		REFUSED_TO_ROOT(
			open_raw_socket, ALL_BUT_EXEC, -EPERM, "another protocol"),
		REFUSED_TO_ROOT(
			open_packet_socket, ALL_BUT_EXEC, -EPERM, "no isolated plugin"),
		REFUSED(open_other_protocol, ALL_BUT_EXEC, -EPERM, "no isolated plugin"),
		REFUSED(make_datagram_pair, RK_NEED_NET, -EPERM, NULL),
		ALLOWED(make_datagram_pair, RK_NEED_UNIX),
	};

	(void)state;
	CHECK(rows);
}

static void names_and_tls_work_with_the_net(void **state)
{
	static const struct row rows[] = {
		ALLOWED(resolve, RK_NEED_NET),
		ALLOWED(resolve, RK_NEED_NET | RK_NEED_EXEC),
		ALLOWED(prepare_tls, RK_NEED_NET),
		/* What the C library tries of its own accord is nobody's fault. */
		ALLOWED(look_up_user, RK_NEED_NET | RK_NEED_FILES),
	};

	(void)state;
	CHECK(rows);
}

static void processes_are_started_with_their_need_alone(void **state)
{
	static const struct row rows[] = {
		REFUSED(fork_child, ALL_BUT_EXEC, -EPERM,
			"starts a process, but its 'needs' lack RK_NEED_EXEC"),
		ALLOWED(fork_child, RK_NEED_EXEC),
		REFUSED(vfork_child, 0, -EPERM, "lack RK_NEED_EXEC"),
		REFUSED(clone_child_by_memory, 0, -ENOSYS, NULL),
		REFUSED(spawn_program, 0, -EPERM, "lack RK_NEED_EXEC"),
		ALLOWED(spawn_program, RK_NEED_EXEC),
		REFUSED(execute, 0, -EPERM, "lack RK_NEED_EXEC"),
		ALLOWED(signal_child, RK_NEED_EXEC),
		REFUSED(fork_in_thread_without_signals, 0, -EPERM, "lack RK_NEED_EXEC"),
	};

	(void)state;
	CHECK(rows);
}

/* ---- what nobody may ----------------------------------------------------- */

static void nobody_looks_into_the_agent_or_signals_it(void **state)
{
	static const struct row rows[] = {
		REFUSED(trace_parent, ALL_BUT_EXEC, -EPERM, "calls ptrace"),
		REFUSED(trace_parent, ALL, -EPERM, NULL),
		REFUSED(read_parent_memory, ALL, -EACCES, NULL),
		REFUSED(read_of_others, ALL_BUT_EXEC & ~RK_NEED_FILES, -EACCES, NULL),
		REFUSED(read_parent_environment, ALL_BUT_EXEC, -EACCES, NULL),
		REFUSED(copy_parent_memory, ALL_BUT_EXEC, -EPERM, "process_vm_readv"),
		REFUSED(take_parent_descriptor, ALL_BUT_EXEC, -EPERM, "pidfd_open"),
		REFUSED(signal_parent, ALL_BUT_EXEC, -EPERM, "signals another process"),
		REFUSED(signal_parent, ALL, -EPERM, NULL),
		REFUSED(signal_parent_by_descriptor, ALL, -EPERM, NULL),
		REFUSED(signal_group, ALL_BUT_EXEC, -EPERM, "signals another process"),
	};

	(void)state;
	CHECK(rows);
}

static void nobody_changes_the_machine(void **state)
{
	static const struct row rows[] = {
		REFUSED_TO_ROOT(set_user, ALL_BUT_EXEC, -EPERM, "calls setuid"),
		REFUSED_TO_ROOT(set_user, ALL, -EPERM, NULL),
		REFUSED_TO_ROOT(mount_something, ALL_BUT_EXEC, -EPERM, "calls mount"),
		REFUSED_TO_ROOT(mount_something, ALL, -EPERM, NULL),
		ROW(use_keys, ALL_BUT_EXEC, -EPERM, "calls keyctl", MAY_LACK),
		ROW(unshare_users, ALL_BUT_EXEC, -EPERM, "calls unshare", MAY_LACK),
		ROW(load_bpf, ALL_BUT_EXEC, -EPERM, "calls bpf", ROOT_ONLY | MAY_LACK),
		ROW(use_ring, ALL_BUT_EXEC, -EPERM, "calls io_uring_setup", MAY_LACK),
		ROW(catch_faults, ALL_BUT_EXEC, -EPERM, "calls userfaultfd", MAY_LACK),
		ROW(watch_performance, ALL_BUT_EXEC, -EPERM, "perf_event_open",
			ROOT_ONLY | MAY_LACK),
	};

	(void)state;
	CHECK(rows);
}

static void a_call_of_another_architecture_ends_the_process(void **state)
{
	static const struct row row = REFUSED(call_of_i386, ALL, 0, NULL);
	/* Not every kernel has such calls. */
	struct outcome outside = inside(NULL, row.attempt, 0);
	struct outcome outcome = try(&row, 0);

	(void)state;
	assert_int_equal(outcome.result,
		outside.result == 0 ? INSIDE_KILLED - SIGSYS : outside.result);
}

static void no_privilege_is_left(void **state)
{
	static const struct row rows[] = {
		REFUSED(be_traced, ALL, -EPERM, NULL),
		REFUSED(gain_privileges, ALL, -EPERM, NULL),
		REFUSED_TO_ROOT(hold_bounding_capabilities, ALL, -EPERM, NULL),
		REFUSED_TO_ROOT(hold_capabilities, ALL & ~RK_NEED_RAW, -EPERM, NULL),
	};

	(void)state;
	CHECK(rows);
}

static void limits_hold_and_are_not_raised(void **state)
{
	static const struct row rows[] = {
		ROW(allocate_512_mib, ALL_BUT_EXEC, -ENOMEM, NULL, NOT_SANITIZED),
		REFUSED(open_100_descriptors, ALL_BUT_EXEC, -EMFILE, NULL),
		REFUSED(write_2_mib_file, ALL_BUT_EXEC, -EFBIG, NULL),
		REFUSED(raise_limit, ALL, -EPERM, NULL),
		REFUSED(have_no_end, ALL, -EPERM, NULL),
		ROW(start_100_threads, ALL_BUT_EXEC, -EAGAIN, NULL, NOBODY_ONLY),
		REFUSED(dump_core_again, ALL, -EPERM, NULL),
	};

	(void)state;
	CHECK(rows);
}

/* ---- how refusals are told ----------------------------------------------- */

static void a_thread_that_calls_nobody_tells_the_process(void **state)
{
	static const struct row row = REFUSED(refuse_in_thread, 0, -EACCES, "");
	struct outcome outcome = { 0 };

	(void)state;
	outcome = try(&row, 0);
	assert_int_equal(outcome.result, -EACCES);
	assert_string_equal(outcome.reason, "");
	assert_non_null(strstr(outcome.elsewhere, "lack RK_NEED_FILES"));
}

static void nobody_keeps_refusals_from_being_told(void **state)
{
	static const struct row rows[] = {
		REFUSED(block_traps, 0, -EPERM, NULL),
		REFUSED(replace_handler_of_traps, 0, -EINVAL, NULL),
		ALLOWED(block_traps, RK_NEED_EXEC),
	};

	(void)state;
	CHECK(rows);
}

static void a_call_that_is_not_known_does_not_exist(void **state)
{
	static const struct row rows[] = {
		REFUSED(unknown_call, 0, -ENOSYS, NULL),
		REFUSED(unknown_call, ALL, -ENOSYS, NULL),
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct outcome outcome = try(&rows[i], 0);

		assert_int_equal(outcome.result, -ENOSYS);
		assert_string_equal(outcome.reason, "");
	}
}

static void *replace_once(void *argument)
{
	const int *ends = argument;
	char path[160], byte = 0;

	if (read(ends[0], &byte, 1) != 1)
		return NULL;
	write_file(path, sizeof(path), surroundings.folder, "newer");
	rename(path, surroundings.replaced);
	return write(ends[1], &byte, 1) == 1 ? argument : NULL;
}

static void a_configured_file_that_is_replaced_is_told_as_such(void **state)
{
	static const struct row row = ROW(read_replaced, RK_NEED_WRITE, -EACCES, "", 0);
	struct outcome outcome;
	int asked[2], answered[2], ends[2];
	pthread_t thread;

	(void)state;
	assert_int_equal(pipe(asked), 0);
	assert_int_equal(pipe(answered), 0);
	surroundings.ask = asked[1];
	surroundings.answer = answered[0];
	ends[0] = asked[0];
	ends[1] = answered[1];
	assert_int_equal(pthread_create(&thread, NULL, replace_once, ends), 0);
	outcome = try(&row, 0);
	pthread_join(thread, NULL);
	assert_int_equal(outcome.result, -EACCES);
	assert_non_null(strstr(outcome.reason, "/replaced', which is not what it was"));
	for (int i = 0; i < 2; i++) {
		close(asked[i]);
		close(answered[i]);
	}
}

/* ---- older kernels ------------------------------------------------------- */

int __real_landlock_abi(void); /* NOLINT */
int __wrap_landlock_abi(void); /* NOLINT */

static int wrapped_abi = -1;

int __wrap_landlock_abi(void) /* NOLINT */
{
	return wrapped_abi >= 0 ? wrapped_abi : __real_landlock_abi();
}

/* What the process tells that the kernel lacks, by way of a message that is as long. */
static char missing_text[1024];

static int enter_and_tell(uint32_t needs)
{
	const struct sandbox_options options = { .needs = needs, .plugin = -1 };
	struct buffer missing = { 0 }, why = { 0 };
	int ends[2];
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		int r = sandbox_enter(&options, &missing, &why);

		if (r == 0 && missing.size > 0)
			r = file_write(ends[1], missing.data, missing.size);
		_exit(r == 0 ? 0 : 1);
	}
	close(ends[1]);
	buffer_finish(&missing);
	memset(missing_text, 0, sizeof(missing_text));
	assert_true(read(ends[0], missing_text, sizeof(missing_text) - 1) >= 0);
	close(ends[0]);
	assert_int_equal(waitpid(child, &ends[0], 0), child);
	return WEXITSTATUS(ends[0]);
}

static void an_older_landlock_is_told_and_used_as_far_as_it_goes(void **state)
{
	static const struct row reads =
		REFUSED(read_outside, 0, -EACCES, "RK_NEED_FILES");
	static const struct row works = ALLOWED(read_proc, 0);
	int newest = __real_landlock_abi();

	(void)state;
	for (wrapped_abi = 1; wrapped_abi <= newest; wrapped_abi++) {
		check_row(&reads, 0);
		check_row(&works, 0);
		assert_int_equal(enter_and_tell(ALL), 0);
		assert_int_equal(wrapped_abi < 3, strstr(missing_text, "6.2") != NULL);
		assert_int_equal(wrapped_abi < 5, strstr(missing_text, "6.10") != NULL);
		assert_int_equal(wrapped_abi < 6, strstr(missing_text, "6.12") != NULL);
	}
	wrapped_abi = -1;
}

static void an_older_landlock_is_asked_for_what_it_knows_alone(void **state)
{
	struct landlock handled = { .files = LANDLOCK_READ_FILE | LANDLOCK_IOCTL_DEV,
		.network = LANDLOCK_BIND_TCP,
		.scoped = LANDLOCK_SIGNAL };
	int rules = landlock_create(&handled, 5);

	(void)state;
	assert_true(rules >= 0);
	close(rules);
	assert_int_equal(handled.scoped, 0);
	assert_int_equal(handled.network, LANDLOCK_BIND_TCP);
	rules = landlock_create(&handled, 3);
	assert_true(rules >= 0);
	close(rules);
	assert_int_equal(handled.files, LANDLOCK_READ_FILE);
	assert_int_equal(handled.network, 0);
}

static void without_landlock_all_else_holds(void **state)
{
	static const struct row rows[] = {
		ALLOWED(read_outside, 0),
		ALLOWED(read_proc, 0),
		ALLOWED(run_loop_pool, 0),
		REFUSED(connect_tcp, 0, -EPERM, "RK_NEED_NET"),
		REFUSED(make_folder_outside, 0, -EPERM, "RK_NEED_WRITE"),
		REFUSED(fork_child, 0, -EPERM, "RK_NEED_EXEC"),
	};

	(void)state;
	wrapped_abi = 0;
	CHECK(rows);
	assert_int_equal(enter_and_tell(0), 0);
	assert_non_null(strstr(missing_text, "lacks landlock (Linux 5.13)"));
	assert_null(strstr(missing_text, "6.2"));
	wrapped_abi = -1;
	assert_int_equal(enter_and_tell(0), 0);
	assert_string_equal(missing_text, "");
	wrapped_abi = -1;
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

static const struct CMUnitTest cases[] = {
	CASE(what_every_plugin_does_works_without_any_need),
	CASE(the_same_works_with_all_needs),
	CASE(files_are_read_with_their_need_alone),
	CASE(files_are_written_in_the_state_folder_with_their_need_alone),
	CASE(sockets_are_opened_with_their_need_alone),
	CASE(names_and_tls_work_with_the_net),
	CASE(processes_are_started_with_their_need_alone),
	CASE(nobody_looks_into_the_agent_or_signals_it),
	CASE(nobody_changes_the_machine),
	CASE(a_call_of_another_architecture_ends_the_process),
	CASE(no_privilege_is_left),
	CASE(limits_hold_and_are_not_raised),
	CASE(a_thread_that_calls_nobody_tells_the_process),
	CASE(nobody_keeps_refusals_from_being_told),
	CASE(a_call_that_is_not_known_does_not_exist),
	CASE(a_configured_file_that_is_replaced_is_told_as_such),
	CASE(an_older_landlock_is_told_and_used_as_far_as_it_goes),
	CASE(an_older_landlock_is_asked_for_what_it_knows_alone),
	CASE(without_landlock_all_else_holds),
};

CASES_MAIN(cases)
