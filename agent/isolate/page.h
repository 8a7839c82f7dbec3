/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that the agent and one child share: which instance is being called, and, where
 * the child crashed, how. It is there when the child is not any more, however it ended.
 * The agent believes none of it beyond what it prints.
 */
#ifndef ISOLATE_PAGE_H
#define ISOLATE_PAGE_H

#include "host/call.h"

#include <stdint.h>

/* How many instances one child has at most; another child takes more. */
#define CHILD_MAX_INSTANCES 1024

#define PAGE_MAX_FRAMES 8
#define PAGE_FRAME_SIZE 64

struct crash_record {
	_Atomic uint32_t is_written;
	uint32_t signal;   /* number */
	uint32_t instance; /* 1 + its number; 0: it was none's call */
	uint32_t call;     /* enum call */
	uint64_t address;  /* of a fault */
	uint32_t n_frames;
	/* The plugin's functions on the stack, the innermost first, as "name+0x1f" or,
	 * where its file has no names, "+0x1139" from the file's beginning. */
	char frames[PAGE_MAX_FRAMES][PAGE_FRAME_SIZE];
};

struct page {
	struct crash_record crash;
	struct call_place places[CHILD_MAX_INSTANCES];
};

/* A descriptor of a new page, which cannot change its size. Negative errno. */
int page_create(void);

/* Maps it; NULL where that fails. */
struct page *page_map(int fd);
void page_unmap(struct page *page);

#endif
