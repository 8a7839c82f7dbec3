/* SPDX-License-Identifier: Apache-2.0 */
/* Calls a function that nobody has. */
#include <rookery/plugin.h>

extern void nobody_has_this(void);

static void undefined_collect(void *self, struct rk_run *run)
{
	(void)self;
	(void)run;
	nobody_has_this();
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "undefined",
	.summary = "Cannot be loaded.",
	.version = "1",
	.collect = undefined_collect,
};
