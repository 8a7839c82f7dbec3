/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin whose table is wrong: a preset that does not fit its option. */
#include <rookery/plugin.h>

struct bad_tables {
	int64_t number;
};

static const struct rk_option options[] = {
	{ .name = "number",
		RK_FIELD(struct bad_tables, number),
		.preset = "many",
		.help = "A number." },
};

static void bad_tables_collect(void *self, struct rk_run *run)
{
	(void)self;
	(void)run;
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "bad_tables",
	.summary = "Cannot be configured.",
	.version = "1",
	.options = options,
	.n_options = RK_LEN(options),
	.state_size = sizeof(struct bad_tables),
	.collect = bad_tables_collect,
};
