/* SPDX-License-Identifier: Apache-2.0 */
/* From a loaded plugin's tables to data, checked on the way: what is wrong with a
 * plugin is told here and not when it runs. */
#ifndef HOST_DESCRIPTION_H
#define HOST_DESCRIPTION_H

#include "base/buffer.h"
#include "model/description.h"

/* The sizes that the first release (1.0) had: nothing may be smaller. */
#define FIRST_PLUGIN_SIZE 152
#define FIRST_OPTION_SIZE 64
#define FIRST_METRIC_SIZE 40

/* Copies the tables of a plugin whose abi and size were checked. 0, -ENOMEM, or
 * -EINVAL with a reason appended to why. description_finish in all cases. */
int description_read(const struct rk_plugin *plugin, struct description *ret_description,
	struct buffer *why);

#endif
