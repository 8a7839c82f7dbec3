/* SPDX-License-Identifier: Apache-2.0 */
/* One agent for each state folder. */
#ifndef JOURNAL_LOCK_H
#define JOURNAL_LOCK_H

/* Takes the lock of a state folder until the process ends or lock_release. Returns
 * a descriptor; -EWOULDBLOCK: another process has it, whose pid is then written to
 * ret_holder (0 where it cannot be told); or another negative errno. */
int lock_take(const char *state_dir, int *ret_holder);
void lock_release(int fd);

/* Whether another process has it: 1, with its pid as above, 0, or a negative errno.
 * Changes nothing; for the moment of asking, though, nobody can take the lock. */
int lock_probe(const char *state_dir, int *ret_holder);

#endif
