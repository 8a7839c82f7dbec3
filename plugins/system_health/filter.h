/* SPDX-License-Identifier: Apache-2.0 */
/* Which devices, mounts and interfaces are reported: lists of globs. */
#ifndef SYSTEM_HEALTH_FILTER_H
#define SYSTEM_HEALTH_FILTER_H

#include <rookery/plugin.h>
#include <stdbool.h>

/* An empty include takes all; what exclude names is never taken. */
struct filter {
	struct rk_list include, exclude;
};

/* A glob's * stands for any text, slashes too. */
bool filter_takes(const struct filter *filter, const char *name);

/* Whether the host takes the text as a label's value: UTF-8, at most 1 KiB. The
 * kernel takes any bytes as a name. */
bool label_fits(const char *value);

#endif
