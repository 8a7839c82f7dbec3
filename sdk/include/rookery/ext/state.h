/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/ext/state.h - what a collector remembers from one run to the next, also
 * over restarts: bookmarks, such as up to where it has read its source.
 *
 *	const struct rk_state *state = host->extension(host, RK_STATE);
 *
 * A state belongs to the collector's id in the configuration. A change is part of
 * the open part of the run that makes it: it is kept in one frame with the samples
 * that were emitted beside it, or is lost with them. No crash can part a bookmark
 * from the samples that it stands for.
 *
 * A state takes up to 1,024 keys and 1 MiB, keys and values together. A key is a
 * text of 1 to 1,024 bytes of UTF-8 without control characters that does not begin
 * with '!': such keys are the host's own, and count, too. A value is 0 to 256 KiB
 * of any bytes, with no form but the one that the plugin gives it.
 *
 * Keys and values are borrowed for the call; what get returns is a copy in memory of
 * the caller's. [any] may be called from any thread; calls for one instance wait
 * for each other for as long as one copies.
 */
#ifndef RK_EXT_STATE_H
#define RK_EXT_STATE_H

#include <rookery/plugin.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RK_STATE "rk.state/1"

/* Grows at its end: a member that came later is there where size says so. */
struct rk_state {
	uint32_t size; /* of this struct, as the host has it */

	/* Copies a key's value into buffer, which has room for size bytes, and returns
	 * how many those are, with no NUL behind them. With buffer NULL it only returns
	 * that. It reads what the instance would go on from: what it
	 * committed, and what the open run has changed since. From start until stop
	 * returns.
	 * -ENOENT: there is no such key; -ENOSPC: the value is larger than size, and
	 * buffer is as it was; -EINVAL: that is no key. [any] */
	int (*get)(
		const struct rk_host *host, const char *key, void *buffer, size_t size);

	/* Gives a key a value, or takes it away, in the open part of the run. Counts
	 * for get at once, and for good once the part is committed; where the run
	 * fails, or fails after its last commit, the value before is back. Removing a
	 * key that is not there is fine.
	 * -ECANCELED: the run was cancelled or has ended; -EINVAL: that is no key, or
	 * the value is too large; -E2BIG: the part is full: commit first; -ENOSPC: the
	 * state is full: remove keys first; -ENOMEM. Nothing is changed in any of these
	 * cases. [any] */
	int (*set)(struct rk_run *run, const char *key, const void *value, size_t size);
	int (*remove)(struct rk_run *run, const char *key);
};

#ifdef __cplusplus
}
#endif
#endif
