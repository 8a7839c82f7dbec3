/* SPDX-License-Identifier: Apache-2.0 */
/* What a metric must be, whether a plugin declares it in its table or defines it when
 * it runs (rk.metrics/1). */
#ifndef HOST_METRIC_H
#define HOST_METRIC_H

#include "base/buffer.h"
#include "model/description.h"

#define MAX_METRICS 4096 /* of a plugin, declared; of an instance, with those defined */

/* 0, or -EINVAL with a reason appended to why. */
int metric_check(const struct rk_metric *metric, struct buffer *why);

/* Copies a metric that was checked into the arena. 0 or -ENOMEM. */
int metric_copy(struct arena *arena, const struct rk_metric *from, struct metric *to);

/* Whether the metric's series may bear this label. */
bool metric_has_label(const struct metric *metric, const char *name);

#endif
