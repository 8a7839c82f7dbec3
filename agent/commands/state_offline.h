/* SPDX-License-Identifier: Apache-2.0 */
/* The states of a state folder that no agent serves: read from its files, or changed
 * by a journal that is opened for it. Both block and tell on standard error what went
 * wrong. */
#ifndef COMMANDS_STATE_OFFLINE_H
#define COMMANDS_STATE_OFFLINE_H

#include "journal/recovery.h"
#include "journal/state_change.h"

/* Changes nothing, also beside an agent that runs. 0 or a negative errno;
 * recovery_finish frees what was read. */
int state_offline_read(const char *state_dir, struct recovery *recovery);

/* Makes a change durable. 0 or a negative errno; -EWOULDBLOCK: an agent runs. */
int state_offline_change(const char *state_dir, const struct state_change *change);

#endif
