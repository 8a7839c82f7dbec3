/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of functions in an ELF file, for addresses within it. All of it is safe in a
 * handler of signals: it reads the file with pread(2) into its own stack and calls
 * nothing that may wait for a lock.
 */
#ifndef ISOLATE_SYMBOLS_H
#define ISOLATE_SYMBOLS_H

#include <stddef.h>
#include <stdint.h>

struct symbol {
	uint64_t address; /* from the file's beginning in memory */
	uint64_t begin;   /* of the function; 0: not found */
	char name[48];    /* cut off where it is longer */
};

/* Looks n addresses up at once; those that it finds nothing for stay without a name. */
void symbols_find(int file, struct symbol *symbols, size_t n);

/* "name+0x1f", or "+0x1139" without a name. */
void symbol_to_text(const struct symbol *symbol, char *to, size_t size);

#endif
