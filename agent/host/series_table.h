/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The series of one instance: packed definitions and their numbers. A number that
 * was given back is given out again only once the part is closed in which it may
 * still have samples.
 */
#ifndef HOST_SERIES_TABLE_H
#define HOST_SERIES_TABLE_H

#include "base/index.h"
#include "base/pack.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct series_entry {
	char *packed; /* owned; NULL: the number is free */
	uint32_t size, metric;
	uint64_t hash;
	uint32_t mark;    /* of the last part with samples of it */
	uint32_t counted; /* the last call of emit that counted its definition */
	bool known;       /* to whoever reads the parts */
	bool is_dropped;  /* its samples are left out */
	bool is_judged;   /* is_dropped says whether they are */
};

struct series_table {
	struct series_entry *items; /* owned */
	size_t n, capacity, n_live, limit;
	struct index index;
	uint32_t *free; /* owned: n_free numbers, the first n_reusable at hand */
	size_t n_free, n_reusable, free_capacity;
};

void series_table_init(struct series_table *table, size_t limit);
void series_table_finish(struct series_table *table);

/* The number of a definition, a new one where it is not there yet. 0; -ENOSPC: at
 * the limit; -ENOMEM. */
int series_table_add(struct series_table *table, uint32_t metric, struct slice packed,
	uint32_t *ret_number);

/* NULL where the number is not given out. */
static inline struct series_entry *series_table_at(
	struct series_table *table, uint32_t number)
{
	return number < table->n && table->items[number].packed ? &table->items[number]
								: NULL;
}

void series_table_forget(struct series_table *table, uint32_t number);

/* The part is closed: numbers given back meanwhile may be given out again. */
void series_table_close_part(struct series_table *table);

#endif
