/* SPDX-License-Identifier: Apache-2.0 */
/* What a sink has missed: counted when its cursor goes over it without a batch. */
#ifndef DELIVER_PASSED_H
#define DELIVER_PASSED_H

#include "journal/journal.h"

struct rk_table;

/* Counts what stands between position and the end of extent, beyond what was delivered
 * of the first frame: frames, and the samples that match (model/match.h) takes, as far
 * as they can be read. Blocks. */
void passed_count(const struct rk_table *match, const struct journal_extent *extent,
	const struct position *position, uint64_t *ret_frames, uint64_t *ret_samples);

#endif
