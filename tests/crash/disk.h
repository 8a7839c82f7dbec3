/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that can lose its power. Linked into a test program, disk_calls.c takes
 * the place of libc's calls that change files, passes them on, and writes each
 * change below one folder into a log in memory, in order. disk_lose makes of the
 * first n entries of that log a folder as it may be found after the power went.
 *
 * The model, as weak as what file systems promise:
 *  - What a file held at its last fsync or fdatasync is there. Of what was written
 *    later any part may be there, in any order and torn between sectors of 512
 *    bytes; a sector is old, new, or zero where the file only grew. The size may be
 *    any in between, and may have grown without the data.
 *  - A name that was created, renamed or removed is so for certain once its folder
 *    was synced. What came later happened up to some point, in order (ext4, xfs and
 *    btrfs, which log metadata), or any of it did (what POSIX leaves open): a synced
 *    file whose folder was not may be missing. A rename happens whole or not at all.
 *  - A folder that was made is itself a name in the folder above.
 *  - When a file changed is durable after fsync. After fdatasync it may be any of the
 *    times since then, though the bytes are there (fdatasync(2)).
 *  - A sector is never torn and nothing that was synced changes by itself: damage is
 *    another campaign (flip.c).
 *
 * Sources: Pillai and others, "All File Systems Are Not Created Equal" (OSDI 2014),
 * whose tool ALICE has this model; "Atomic Commit In SQLite" (sqlite.org), sections
 * 2, hardware assumptions, and 9, what may go wrong; LazyFS (dsrhaslab), which keeps
 * unsynced writes in a cache of its own; fsync(2), on folders.
 *
 * A process is killed by disk_kill_at: from that entry on nothing changes any more,
 * though the calls say that it did, and what is not synced stays so for the process
 * that comes after disk_revive. The log is one for the whole program; any thread.
 */
#ifndef CRASH_DISK_H
#define CRASH_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_SECTOR 512

enum disk_kind {
	DISK_CREATE,      /* a file under a name; also by O_TRUNC */
	DISK_FOLDER,      /* a folder under a name */
	DISK_RENAME,      /* name, to other */
	DISK_REMOVE,      /* a name */
	DISK_WRITE,       /* bytes at an offset */
	DISK_SIZE,        /* cut or grown to offset */
	DISK_TIME,        /* of its last change, set to offset: ns since 1970 */
	DISK_SYNC,        /* of a file */
	DISK_SYNC_FOLDER, /* of the names in name */
	DISK_MARK,        /* the test's own */
};

struct disk_entry {
	enum disk_kind kind;
	uint32_t file; /* which: the n-th that was created */
	char *name;    /* below the watched folder; "" is itself */
	char *other;
	uint64_t offset;
	size_t size;
	uint8_t *bytes;
	uint32_t mark;  /* of a DISK_MARK; its value is offset */
	bool with_time; /* of a DISK_SYNC: fsync, not fdatasync */
};

/* Begins a log of what happens below a folder, which exists and is empty. */
void disk_watch(const char *folder);

/* Ends the log, which stays as it is whatever happens below the folder then. */
void disk_seal(void);

/* Ends and frees the log. */
void disk_unwatch(void);

/* How many entries there are; the entry itself is borrowed until disk_unwatch. */
size_t disk_size(void);
const struct disk_entry *disk_entry(size_t i);

/* Prints the log: a line for each entry. */
void disk_print(void);

/* Adds an entry of the test's. False: the process is dead, and what should be noted
 * did not happen. */
bool disk_mark(uint32_t mark, uint64_t value);

/* The process dies when the log has so many entries; SIZE_MAX: it lives. */
void disk_kill_at(size_t n_entries);
bool disk_is_dead(void);
void disk_revive(void);

/* Holds the next change of any file, or the next sync, until disk_open_gate.
 * disk_wait_at_gate returns when a thread waits there, or when the process is dead. */
enum disk_gate { DISK_GATE_OPEN, DISK_GATE_CHANGES, DISK_GATE_SYNCS };
void disk_close_gate(enum disk_gate gate);
void disk_wait_at_gate(void);
void disk_open_gate(void);

/* Other threads than this one may change nothing between disk_was_told, which one of
 * them calls when it has told this one something, and disk_go_on, when that was heard.
 * So what this thread notes of it stands at the same place in the log each time. */
void disk_begin_turns(void);
void disk_end_turns(void);
void disk_was_told(void);
bool disk_is_told(void);
void disk_go_on(void);
void disk_wait_for_turn(void);

/* Makes in the folder to, which exists and is empty, what may be found after the
 * power went when the log had n entries. Not all that is legal is equally likely:
 * all or nothing of what was not synced comes up often. That may be the folder that
 * was watched, once the log is sealed. Each file has the inode number that it had. */
void disk_lose(uint64_t seed, size_t n_entries, const char *to);

/* The same where nothing is lost: what a kill leaves. */
void disk_keep(size_t n_entries, const char *to);

/* ---- between disk.c, disk_calls.c, disk_look.c and disk_lose.c --------- */

/* The name below the watched folder, or NULL. Borrowed from path. */
const char *disk_name(const char *path);

/* A call is about to do something of this kind. begin waits at the gate and takes the
 * lock; false: do not, the process is dead. end gives the lock back; where the call
 * failed, the entry is not added. The strings and bytes are copied. */
bool disk_begin(enum disk_kind kind);
void disk_end(const struct disk_entry *entry);

/* Under that lock: which file a name or a descriptor is, 0 where none is watched. */
uint32_t disk_file_of_name(const char *name);
uint32_t disk_file_of_fd(int fd);
void disk_set_fd(int fd, uint32_t file);
uint32_t disk_new_file(void);

/* The time of change that entry i gave its file, ns since 1970; and the same of the
 * next entry, under that lock. */
uint64_t disk_time_ns(size_t i);
uint64_t disk_next_time_ns(void);

/* An open file has the inode number of this file of the log from now on, whoever asks;
 * a path has none any more; no file has. */
void disk_know(int fd, uint32_t file);
void disk_forget(const char *path);
void disk_forget_all(void);

#endif
