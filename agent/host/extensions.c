/* SPDX-License-Identifier: Apache-2.0 */
#include "extensions.h"

#include "base/macros.h"
#include "base/text.h"

#include <rookery/ext/state.h>

static const struct {
	const char *id;
	const void *table;
} extensions[] = {
	{ RK_STATE, &ext_state },
};

const void *extension_find(const struct rk_host *host, const char *id)
{
	(void)host;
	for (size_t i = 0; id && i < LENGTH(extensions); i++) {
		if (text_equal(extensions[i].id, id))
			return extensions[i].table;
	}
	return NULL;
}
