/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How programs and runs end. That a program has ended is found by looking: at once where
 * one of its pipes was closed, and now and then while a run is open.
 */
#ifndef EXEC_ENDING_H
#define EXEC_ENDING_H

struct exec;

/* A pipe was closed: looks until the program has ended. */
void ending_look_soon(struct exec *exec);
void ending_look_now_and_then(struct exec *exec);

/* Callbacks of exec->look_timer and exec->grace_timer. */
void ending_on_look(void *context);
void ending_on_grace_over(void *context);

/* Ends what is over: the run, and the program; asks a program to end whose run fails. */
void ending_settle(struct exec *exec);

/* Logs that a program which is kept has ended without being asked. */
void ending_tell_early(struct exec *exec);

/* Removes what belonged to a program that is gone. */
void ending_clear(struct exec *exec);

#endif
