/* SPDX-License-Identifier: Apache-2.0 */
/* Built for another ABI major. */
#include <rookery/plugin.h>

const struct rk_plugin rk_plugin_entry = {
	.abi = 2u << 16 | 3u,
	.size = sizeof(struct rk_plugin),
	.name = "other_major",
};
