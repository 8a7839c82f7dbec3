/* SPDX-License-Identifier: Apache-2.0 */
#include "call.h"

#include "base/macros.h"
#include "internal.h"

#include <stddef.h>

static _Thread_local struct instance *current;

void call_begin(struct instance *instance, enum call call)
{
	current = instance;
	atomic_store_explicit(&instance->place->call, call, memory_order_relaxed);
}

void call_end(struct instance *instance)
{
	atomic_store_explicit(&instance->place->call, CALL_NONE, memory_order_relaxed);
	current = NULL;
}

struct instance *call_current(void)
{
	return current;
}

const struct call_place *call_current_place(void)
{
	return current ? current->place : NULL;
}

const char *call_name(uint32_t call)
{
	static const char *const names[] = {
		[CALL_NONE] = "no call",
		[CALL_START] = "start",
		[CALL_COLLECT] = "collect",
		[CALL_CANCEL] = "cancel",
		[CALL_STOP] = "stop",
		[CALL_BACK] = "a callback",
	};

	return call < LENGTH(names) ? names[call] : "an unknown call";
}

bool call_refused(const char *reason)
{
	if (!current)
		return false;
	atomic_store(&current->refused, reason);
	return true;
}
