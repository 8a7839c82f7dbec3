/* SPDX-License-Identifier: Apache-2.0 */
#include "extensions.h"

#include "base/macros.h"
#include "base/text.h"
#include "internal.h"

#include <rookery/ext/http.h>
#include <rookery/ext/loop.h>
#include <rookery/ext/metrics.h>
#include <rookery/ext/state.h>

static bool is_for_all(const struct instance *instance)
{
	(void)instance;
	return true;
}

static bool is_on_loop(const struct instance *instance)
{
	return !(instance->object->plugin.flags & RK_BLOCKING);
}

/* ... and where somebody answers requests. */
static bool has_http(const struct instance *instance)
{
	return is_on_loop(instance) && instance->shared->carrier;
}

static const struct {
	const char *id;
	const void *table;
	bool (*is_for)(const struct instance *instance);
} extensions[] = {
	{ RK_HTTP, &ext_http, has_http },
	{ RK_LOOP, &ext_loop, is_on_loop },
	{ RK_METRICS, &ext_metrics, is_for_all },
	{ RK_STATE, &ext_state, is_for_all },
};

const void *extension_find(const struct rk_host *host, const char *id)
{
	for (size_t i = 0; id && i < LENGTH(extensions); i++) {
		if (text_equal(extensions[i].id, id))
			return extensions[i].is_for(host->impl) ? extensions[i].table
								: NULL;
	}
	return NULL;
}
