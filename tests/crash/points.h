/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The named points at which faults.c lets the agent die or fail: one for each step
 * that a crash can part from the next. A point is an operation on a kind of file, and
 * the kind is told by the file's name. A new durable step gets a line here, and the
 * campaigns of crash.py then die there too.
 */
#ifndef TESTS_CRASH_POINTS_H
#define TESTS_CRASH_POINTS_H

enum operation {
	OPERATION_CREATE, /* an open that may create */
	OPERATION_OPEN,   /* an open for what is there, a listing too */
	OPERATION_HEAD,   /* a write at offset 0 */
	OPERATION_WRITE,  /* any other, or an append */
	OPERATION_READ,
	OPERATION_SYNC,
	OPERATION_CUT,
	OPERATION_RESERVE,
	OPERATION_SYNC_HEAD, /* of a segment's file that has no more than its header */
	OPERATION_RENAME,    /* told by the old name */
	OPERATION_REMOVE,
	OPERATION_STAMP,
	OPERATION_MAKE_FOLDER,
	OPERATION_ALLOCATE, /* memory */
};

enum kind {
	KIND_NONE, /* not below the folder of the test */
	KIND_SEGMENT,
	KIND_SERIES,
	KIND_NEW_SNAPSHOT,
	KIND_SNAPSHOT,
	KIND_NEW_CURSOR,
	KIND_CURSOR,
	KIND_LOCK,
	KIND_RESERVE,
	KIND_REASON,
	KIND_QUARANTINE,
	KIND_JOURNAL_FOLDER,
	KIND_CURSOR_FOLDER,
	KIND_FILE_FOLDER,
	KIND_COPY, /* the compressed one, while it is made */
	KIND_FILE, /* of the file sink */
	KIND_OTHER,
	KIND_PEER, /* a connection to a receiver */
	KIND_MEMORY,
};

/* The first line that fits a path counts: it holds `inside` and ends with `ending`. */
static const struct kind_rule {
	const char *inside, *ending;
	enum kind kind;
} kind_rules[] = {
	/* clang-format off */
	{ "/quarantine/", ".reason", KIND_REASON },
	{ "/quarantine/", "", KIND_QUARANTINE },
	{ "/state/journal/", ".segment", KIND_SEGMENT },
	{ "/state/journal/", ".series", KIND_SERIES },
	{ "/state/journal/", "/states.tmp", KIND_NEW_SNAPSHOT },
	{ "/state/journal/states.", "", KIND_SNAPSHOT },
	{ "/state/cursors/", ".cursor.new", KIND_NEW_CURSOR },
	{ "/state/cursors/", ".cursor", KIND_CURSOR },
	{ "/state", "/lock", KIND_LOCK },
	{ "/state/journal/", "/reserve", KIND_RESERVE },
	{ "/state", "/journal", KIND_JOURNAL_FOLDER },
	{ "/state", "/cursors", KIND_CURSOR_FOLDER },
	{ "", "/out", KIND_FILE_FOLDER },
	{ "/out/", ".gz.part", KIND_COPY },
	{ "/out/", "", KIND_FILE },
	{ "", "", KIND_OTHER },
	/* clang-format on */
};

static const struct point {
	const char *name;
	enum operation operation;
	enum kind kind;
} points[] = {
	/* clang-format off */
	{ "lock.opened", OPERATION_CREATE, KIND_LOCK },
	{ "lock.written", OPERATION_HEAD, KIND_LOCK },
	{ "folder.made", OPERATION_MAKE_FOLDER, KIND_OTHER },
	/* a segment's two files */
	{ "segment.created", OPERATION_CREATE, KIND_SEGMENT },
	/* also anew, where a start finds it damaged */
	{ "segment.headed", OPERATION_HEAD, KIND_SEGMENT },
	{ "series.created", OPERATION_CREATE, KIND_SERIES },
	{ "series.headed", OPERATION_HEAD, KIND_SERIES },
	{ "segment.settled", OPERATION_SYNC_HEAD, KIND_SEGMENT },
	{ "series.settled", OPERATION_SYNC_HEAD, KIND_SERIES },
	{ "segments.synced", OPERATION_SYNC, KIND_JOURNAL_FOLDER },
	{ "frame.written", OPERATION_WRITE, KIND_SEGMENT },
	{ "frame.synced", OPERATION_SYNC, KIND_SEGMENT },
	{ "definitions.written", OPERATION_WRITE, KIND_SERIES },
	{ "definitions.synced", OPERATION_SYNC, KIND_SERIES },
	{ "segment.removed", OPERATION_REMOVE, KIND_SEGMENT },
	{ "series.removed", OPERATION_REMOVE, KIND_SERIES },
	/* what a start finds and repairs */
	{ "segments.listed", OPERATION_OPEN, KIND_JOURNAL_FOLDER },
	{ "segment.opened", OPERATION_OPEN, KIND_SEGMENT },
	{ "segment.read", OPERATION_READ, KIND_SEGMENT },
	{ "series.opened", OPERATION_OPEN, KIND_SERIES },
	{ "series.read", OPERATION_READ, KIND_SERIES },
	{ "segment.cut", OPERATION_CUT, KIND_SEGMENT },
	/* a snapshot of the states */
	{ "snapshot.created", OPERATION_CREATE, KIND_NEW_SNAPSHOT },
	{ "snapshot.written", OPERATION_HEAD, KIND_NEW_SNAPSHOT },
	{ "snapshot.synced", OPERATION_SYNC, KIND_NEW_SNAPSHOT },
	{ "snapshot.renamed", OPERATION_RENAME, KIND_NEW_SNAPSHOT },
	{ "snapshot.removed", OPERATION_REMOVE, KIND_SNAPSHOT },
	{ "snapshot.opened", OPERATION_OPEN, KIND_SNAPSHOT },
	{ "snapshot.read", OPERATION_READ, KIND_SNAPSHOT },
	{ "piece.created", OPERATION_CREATE, KIND_QUARANTINE },
	{ "piece.written", OPERATION_WRITE, KIND_QUARANTINE },
	{ "reason.created", OPERATION_CREATE, KIND_REASON },
	{ "reason.written", OPERATION_WRITE, KIND_REASON },
	/* space for the moment in which there is none */
	{ "reserve.opened", OPERATION_CREATE, KIND_RESERVE },
	{ "reserve.filled", OPERATION_RESERVE, KIND_RESERVE },
	{ "reserve.cut", OPERATION_CUT, KIND_RESERVE },
	{ "reserve.released", OPERATION_REMOVE, KIND_RESERVE },
	/* a cursor, made and then overwritten: batches recorded and acknowledged */
	{ "cursor.created", OPERATION_CREATE, KIND_NEW_CURSOR },
	{ "cursor.headed", OPERATION_HEAD, KIND_NEW_CURSOR },
	{ "cursor.settled", OPERATION_SYNC, KIND_NEW_CURSOR },
	{ "cursor.renamed", OPERATION_RENAME, KIND_NEW_CURSOR },
	{ "cursors.synced", OPERATION_SYNC, KIND_CURSOR_FOLDER },
	{ "cursor.opened", OPERATION_OPEN, KIND_CURSOR },
	{ "cursor.read", OPERATION_READ, KIND_CURSOR },
	{ "cursor.written", OPERATION_WRITE, KIND_CURSOR },
	{ "cursor.overwritten", OPERATION_HEAD, KIND_CURSOR },
	{ "cursor.synced", OPERATION_SYNC, KIND_CURSOR },
	/* the file sink */
	{ "file.created", OPERATION_CREATE, KIND_FILE },
	{ "files.synced", OPERATION_SYNC, KIND_FILE_FOLDER },
	{ "batch.sent", OPERATION_WRITE, KIND_FILE },
	{ "batch.synced", OPERATION_SYNC, KIND_FILE },
	{ "file.renamed", OPERATION_RENAME, KIND_FILE },
	{ "file.opened", OPERATION_OPEN, KIND_FILE },
	{ "file.cut", OPERATION_CUT, KIND_FILE },
	{ "files.listed", OPERATION_OPEN, KIND_FILE_FOLDER },
	{ "copy.created", OPERATION_CREATE, KIND_COPY },
	{ "copy.written", OPERATION_WRITE, KIND_COPY },
	{ "copy.stamped", OPERATION_STAMP, KIND_COPY },
	{ "copy.synced", OPERATION_SYNC, KIND_COPY },
	{ "copy.renamed", OPERATION_RENAME, KIND_COPY },
	{ "original.read", OPERATION_READ, KIND_FILE },
	{ "original.removed", OPERATION_REMOVE, KIND_FILE },
	/* the http sink, by libcurl */
	{ "request.sent", OPERATION_WRITE, KIND_PEER },
	{ "answer.read", OPERATION_READ, KIND_PEER },
	{ "memory.taken", OPERATION_ALLOCATE, KIND_MEMORY },
	/* clang-format on */
};

enum { N_POINTS = sizeof(points) / sizeof(points[0]) };

#endif
