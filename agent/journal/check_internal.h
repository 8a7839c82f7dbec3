/* SPDX-License-Identifier: Apache-2.0 */
/* What check.c and check_segment.c share. */
#ifndef JOURNAL_CHECK_INTERNAL_H
#define JOURNAL_CHECK_INTERNAL_H

#include "base/list.h"
#include "check.h"

struct segment_info;

struct check {
	const struct check_options *options;
	const char *folder;
	struct list segments;
	struct check_result result;
};

/* Tells of a fault; what comes from the format. */
void check_tell(struct check *check, struct check_fault fault, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether an agent has the lock, or had it when it was asked for before. */
bool check_agent_runs(struct check *check);

/* Reads one segment; info->latest.end_sequence says then where it ends. 1 with the
 * sequence behind its last frame; 0: an agent removed it meanwhile; or a negative
 * errno. */
int check_segment(struct check *check, struct segment_info *info, uint64_t *ret_end);

#endif
