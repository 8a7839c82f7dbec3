/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which instance a thread is calling, and with what: so that a crash is told with the
 * collector's name, and what the sandbox refuses fails the run of whoever tried it.
 * Every call into a plugin, also a callback of an extension, stands between call_begin
 * and call_end.
 */
#ifndef HOST_CALL_H
#define HOST_CALL_H

#include <stdatomic.h>
#include <stdint.h>

struct instance;

enum call {
	CALL_NONE,
	CALL_START,
	CALL_COLLECT,
	CALL_CANCEL,
	CALL_STOP,
	CALL_BACK, /* a timer, a descriptor, an answer */
};

/* What an instance is being called with, where another process may look: it lives
 * longer than a process that is killed. */
struct call_place {
	_Atomic uint32_t call; /* enum call */
};

/* On the thread that makes the call; they do not nest. */
void call_begin(struct instance *instance, enum call call);
void call_end(struct instance *instance);

/* Whom this thread is calling; NULL: nobody. Safe in a handler of signals. */
struct instance *call_current(void);

/* Where that is noted; NULL: nobody is called. Safe in a handler of signals. */
const struct call_place *call_current_place(void);

/* "collect"; "callback"; the name as the plugin's author knows it. */
const char *call_name(uint32_t call);

/* Notes that the instance which this thread is calling did what its plugin does not
 * declare; its run fails with this reason: "starts a program, but its 'needs' lack
 * RK_NEED_EXEC". reason lives forever. False where this thread calls nobody. Safe in a
 * handler of signals. */
_Bool call_refused(const char *reason);

#endif
