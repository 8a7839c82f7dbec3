/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Snapshots of all states: files states.<number> in the journal's folder, the newest
 * with the highest number. With one, what came before its position is not needed to
 * know the states. The last two are kept, so that one may be damaged.
 *
 *	header (64)                             content, packed (base/pack.h)
 *	 0  magic "rkstates"                     for each collector: id,
 *	 8  format version                       number of keys,
 *	12  CRC32C of the content                for each key: key, value
 *	16  size of the content
 *	24  epoch   } all frames before this
 *	32  sequence} position are in it
 *	40  taken, Unix time in ns
 *	48  reserved
 *	60  CRC32C of bytes 0 to 59
 */
#ifndef JOURNAL_SNAPSHOT_H
#define JOURNAL_SNAPSHOT_H

#include "base/buffer.h"
#include "format.h"
#include "states.h"

#define SNAPSHOT_VERSION     1u
#define SNAPSHOT_HEADER_SIZE 64
#define SNAPSHOT_MAX_SIZE    (1u << 30) /* the bound of what is written and read */

/* Appends a whole snapshot. The buffer fails where memory or the bound ran out. */
void snapshot_pack(struct buffer *to, const struct states *states,
	const struct position *end, int64_t taken_ns);

/* The opposite. 0; -EBADMSG: it is damaged; -EPROTONOSUPPORT: of a newer version;
 * -ENOMEM. Only with 0 something is in states, which is empty before. */
int snapshot_unpack(
	const void *bytes, size_t n, struct states *states, struct position *ret_end);

/* ---- files: all of this blocks ----------------------------------------- */

/* "<folder>/states.<number>"; owned by the caller. */
char *snapshot_path(const char *folder, uint64_t number);

/* As snapshot_unpack, or what open(2) and read(2) say. */
int snapshot_read(const char *folder, uint64_t number, struct states *states,
	struct position *ret_end);

/* Makes a snapshot durable under this number, which is higher than any before, and
 * then removes those below keep. 0 or a negative errno, and then all is as it was. */
int snapshot_write(
	const char *folder, uint64_t number, uint64_t keep, const struct buffer *bytes);

/* The numbers of the snapshots in a folder, highest first; a folder that is not
 * there has none. ret_numbers is owned by the caller. 0 or a negative errno. */
int snapshots_list(const char *folder, uint64_t **ret_numbers, size_t *ret_n);

#endif
