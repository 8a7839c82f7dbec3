/* SPDX-License-Identifier: Apache-2.0 */
/* What is checked after the power came back. */
#ifndef CRASH_POWER_H
#define CRASH_POWER_H

#include "world.h"

/* Damages the first frame of a segment on purpose, where what follows it was
 * promised: its definitions stand in the .series file as well. Before the journal is
 * opened. */
void power_damage(struct world *world);

/* Reads all that the opened journal holds and compares it with what was promised. */
void power_check_journal(struct world *world);

/* Compares the states with what was promised and with what that journal holds. */
void power_check_states(struct world *world);

/* Where the sink writes files: what they hold is what the receiver has. Once the sink
 * has recovered, each line must be whole, sent by somebody, and there only once. */
void power_read_files(struct world *world, bool recovered);

/* Nothing that the cursor says is done with may be missing at the receiver. Before
 * the delivery is opened. */
void power_check_cursor(struct world *world);

/* After all was delivered: the receiver has each value that was promised. */
void power_check_receiver(struct world *world);

#endif
