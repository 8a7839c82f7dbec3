/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Landlock by its system calls, up to ABI 7 (Linux 6.15): the C library has no functions
 * for it, and Debian 12's headers know no more than ABI 2. The numbers are the kernel's,
 * include/uapi/linux/landlock.h and Documentation/userspace-api/landlock.rst.
 */
#ifndef ISOLATE_LANDLOCK_H
#define ISOLATE_LANDLOCK_H

#include <stdint.h>

/* The first ABI that knows them stands behind. */
#define LANDLOCK_EXECUTE     (UINT64_C(1) << 0)
#define LANDLOCK_WRITE_FILE  (UINT64_C(1) << 1)
#define LANDLOCK_READ_FILE   (UINT64_C(1) << 2)
#define LANDLOCK_READ_DIR    (UINT64_C(1) << 3)
#define LANDLOCK_REMOVE_DIR  (UINT64_C(1) << 4)
#define LANDLOCK_REMOVE_FILE (UINT64_C(1) << 5)
#define LANDLOCK_MAKE_CHAR   (UINT64_C(1) << 6)
#define LANDLOCK_MAKE_DIR    (UINT64_C(1) << 7)
#define LANDLOCK_MAKE_REG    (UINT64_C(1) << 8)
#define LANDLOCK_MAKE_SOCK   (UINT64_C(1) << 9)
#define LANDLOCK_MAKE_FIFO   (UINT64_C(1) << 10)
#define LANDLOCK_MAKE_BLOCK  (UINT64_C(1) << 11)
#define LANDLOCK_MAKE_SYM    (UINT64_C(1) << 12)
#define LANDLOCK_REFER       (UINT64_C(1) << 13) /* 2 */
#define LANDLOCK_TRUNCATE    (UINT64_C(1) << 14) /* 3 */
#define LANDLOCK_IOCTL_DEV   (UINT64_C(1) << 15) /* 5 */

#define LANDLOCK_BIND_TCP    (UINT64_C(1) << 0) /* 4 */
#define LANDLOCK_CONNECT_TCP (UINT64_C(1) << 1) /* 4 */

#define LANDLOCK_ABSTRACT_UNIX (UINT64_C(1) << 0) /* 6 */
#define LANDLOCK_SIGNAL        (UINT64_C(1) << 1) /* 6 */

/* What somebody inside is kept from, unless a rule allows it. */
struct landlock {
	uint64_t files, network, scoped;
};

/* The ABI of this kernel; 0: it has no landlock, or it is switched off. */
int landlock_abi(void);

/* A descriptor of a set of rules, owned by the caller, or a negative errno. What this ABI
 * does not know is taken out of `handled`. */
int landlock_create(struct landlock *handled, int abi);

/* Allows what `access` names at and below what a descriptor (O_PATH will do) stands for;
 * what makes no sense there is left out. All of it is handled by the rules, or -EINVAL.
 */
int landlock_allow(int rules, int descriptor, uint64_t access);

/* The calling thread, and those that it makes, are under the rules from here on. */
int landlock_enter(int rules);

#endif
