/* SPDX-License-Identifier: Apache-2.0 */
#include "landlock.h"

#include "base/macros.h"

#include <errno.h>
#include <stddef.h>
#include <sys/stat.h>
#include <unistd.h>

/* The same on all architectures, as all calls since Linux 5.1 (syscalls(2)). */
enum { CALL_CREATE = 444, CALL_ADD = 445, CALL_RESTRICT = 446 };
enum { ASK_VERSION = 1, RULE_PATH_BENEATH = 1 };

/* struct landlock_ruleset_attr and struct landlock_path_beneath_attr */
struct ruleset {
	uint64_t files, network, scoped;
};
struct beneath {
	uint64_t access;
	int32_t descriptor;
} __attribute__((packed));

int landlock_abi(void)
{
	long abi = syscall(CALL_CREATE, NULL, 0, ASK_VERSION);

	return abi < 0 ? 0 : (int)abi;
}

int landlock_create(struct landlock *handled, int abi)
{
	static const struct {
		int abi;
		uint64_t files, network, scoped;
	} news[] = {
		{ .abi = 2, .files = LANDLOCK_REFER },
		{ .abi = 3, .files = LANDLOCK_TRUNCATE },
		{ .abi = 4, .network = LANDLOCK_BIND_TCP | LANDLOCK_CONNECT_TCP },
		{ .abi = 5, .files = LANDLOCK_IOCTL_DEV },
		{ .abi = 6, .scoped = LANDLOCK_ABSTRACT_UNIX | LANDLOCK_SIGNAL },
	};
	struct ruleset ruleset;
	long fd;

	for (size_t i = 0; i < LENGTH(news); i++) {
		if (abi < news[i].abi) {
			handled->files &= ~news[i].files;
			handled->network &= ~news[i].network;
			handled->scoped &= ~news[i].scoped;
		}
	}
	ruleset = (struct ruleset){ handled->files, handled->network, handled->scoped };
	fd = syscall(CALL_CREATE, &ruleset, sizeof(ruleset), 0);
	return fd < 0 ? -errno : (int)fd;
}

int landlock_allow(int rules, int descriptor, uint64_t access)
{
	static const uint64_t of_files = LANDLOCK_EXECUTE | LANDLOCK_WRITE_FILE |
					 LANDLOCK_READ_FILE | LANDLOCK_TRUNCATE |
					 LANDLOCK_IOCTL_DEV;
	struct beneath beneath = { .descriptor = descriptor, .access = access };
	struct stat status;

	if (fstat(descriptor, &status) < 0)
		return -errno;
	if (!S_ISDIR(status.st_mode))
		beneath.access &= of_files;
	if (beneath.access == 0)
		return 0;
	return syscall(CALL_ADD, rules, RULE_PATH_BENEATH, &beneath, 0) < 0 ? -errno : 0;
}

int landlock_enter(int rules)
{
	return syscall(CALL_RESTRICT, rules, 0) < 0 ? -errno : 0;
}
