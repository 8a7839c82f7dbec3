/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a plugin's options from texts, by the plugin's own table. */
#ifndef SUPPORT_FAKE_HOST_OPTIONS_H
#define SUPPORT_FAKE_HOST_OPTIONS_H

#include <rookery/plugin.h>

/* What the filled options point to. */
struct fake_options;

/* pairs: "name=value", "group.name=value", ..., NULL, or NULL for none. Fails the
 * test where one of them fits no option. */
struct fake_options *fake_options_fill(
	const struct rk_plugin *plugin, const char *const *pairs, void *state);

void fake_options_destroy(struct fake_options *options);

#endif
