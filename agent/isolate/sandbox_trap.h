/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What sandbox_refusal.c, the handler of SIGSYS, shares with sandbox_open.c. All of it is
 * safe in a handler of signals.
 */
#ifndef ISOLATE_SANDBOX_TRAP_H
#define ISOLATE_SANDBOX_TRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The handler runs inside of what sanitizers do themselves. */
#define NO_SANITIZER __attribute__((no_sanitize("thread", "address", "undefined")))

enum { SANDBOX_MAX_REFUSALS = 160, SANDBOX_MAX_PATHS = 64 };

/* What the handler has to know, made before there is one. */
struct sandbox_watch {
	uint64_t cookie;
	uint32_t needs;
	int numbers[SANDBOX_MAX_REFUSALS]; /* of sandbox_refusals, negative: none here */
	/* Configured, as they are written: owned, for good. */
	char *paths[SANDBOX_MAX_PATHS];
	bool writable[SANDBOX_MAX_PATHS];
	size_t n_paths;
	uintptr_t libc_begin, libc_end; /* its code */
};

extern struct sandbox_watch sandbox_watch;

/* A call that the filter did not let through. */
struct sandbox_call {
	int number;
	uint64_t arguments[6];
	uintptr_t caller; /* where the function that made it returns to */
	uint64_t *mask;   /* that the thread has once the handler returns */
};

/* What an argument or a register points to. */
NO_SANITIZER static inline void *sandbox_pointer(uint64_t value)
{
	return (void *)(uintptr_t)value; /* NOLINT(performance-no-int-to-ptr) */
}

/* The call again, as one that the filter lets through: its result or a negative errno. */
long sandbox_repeat(const struct sandbox_call *call);

/* Tells the instance that this thread is calling, or the process; NULL: nothing. */
void sandbox_tell(const char *reason);

/* Opens a file where the call asks for that; false: it asks for something else. */
bool sandbox_open(const struct sandbox_call *call, long *ret_result);

#endif
