/* SPDX-License-Identifier: Apache-2.0 */
/* Says that its descriptor is smaller than that of the first release. */
#include <rookery/plugin.h>

const struct rk_plugin rk_plugin_entry = {
	.abi = RK_ABI,
	.size = 40,
	.name = "too_small",
};
