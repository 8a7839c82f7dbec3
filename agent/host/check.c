/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a plugin's check over configured values: no instance, no start. */
#include "instance.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "model/options.h"

#include <errno.h>
#include <stdlib.h>

struct rk_faults {
	void (*on_fault)(void *context, const char *path, const char *text);
	void *context;
};

__attribute__((format(printf, 3, 4))) static void check_fault(
	struct rk_faults *faults, const char *path, const char *format, ...)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	va_list list;

	va_start(list, format);
	buffer_append_format_list(&text, format, list);
	va_end(list);
	if (buffer_text(&text))
		faults->on_fault(faults->context, path ? path : "", buffer_text(&text));
}

int instance_check(const struct object *object, const struct values *values,
	void (*on_fault)(void *context, const char *path, const char *text),
	void *context)
{
	const struct rk_plugin *plugin = &object->plugin;
	CLEANUP(arena_finish) struct arena arena = { 0 };
	CLEANUP_FREE void *state = NULL;
	struct rk_faults faults = { on_fault, context };
	struct rk_host host = {
		.abi = RK_ABI, .size = sizeof(host), .fault = check_fault
	};
	int r;

	if (!plugin->check)
		return 0;
	state = calloc(1, plugin->state_size ? plugin->state_size : 1);
	if (!state)
		return -ENOMEM;
	r = options_fill(&arena, values, plugin->options, plugin->option_size, state);
	if (r == 0)
		plugin->check(state, &host, &faults);
	return r;
}
