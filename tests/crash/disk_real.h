/* SPDX-License-Identifier: Apache-2.0 */
/* What disk_calls.c and disk_look.c go on to. */
#ifndef CRASH_DISK_REAL_H
#define CRASH_DISK_REAL_H

#include <dlfcn.h>

/* The call behind ours, looked up the first time. */
#define REAL(name)                                                                       \
	static __typeof__(name) *_Atomic real;                                           \
                                                                                         \
	if (!real)                                                                       \
	real = __extension__(__typeof__(name) *) dlsym(RTLD_NEXT, #name)

#endif
