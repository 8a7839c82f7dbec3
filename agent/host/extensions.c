/* SPDX-License-Identifier: Apache-2.0 */
#include "extensions.h"
#include "internal.h"

#include "base/macros.h"
#include "base/text.h"

#include <rookery/ext/loop.h>
#include <rookery/ext/metrics.h>
#include <rookery/ext/state.h>

static const struct {
	const char *id;
	const void *table;
	bool on_loop; /* not for instances that may block */
} extensions[] = {
	{ RK_LOOP, &ext_loop, true },
	{ RK_METRICS, &ext_metrics, false },
	{ RK_STATE, &ext_state, false },
};

const void *extension_find(const struct rk_host *host, const char *id)
{
	const struct instance *instance = host->impl;
	bool may_block = instance->object->plugin.flags & RK_BLOCKING;

	for (size_t i = 0; id && i < LENGTH(extensions); i++) {
		if (text_equal(extensions[i].id, id))
			return extensions[i].on_loop && may_block ? NULL
								  : extensions[i].table;
	}
	return NULL;
}
