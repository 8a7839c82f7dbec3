/* SPDX-License-Identifier: Apache-2.0 */
/* The layout is that of the System V ABI, "Object Files", in elf(5). */
#include "symbols.h"

#include "base/macros.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define MAX_SECTIONS 256
#define MAX_SYMBOLS  1000000u
#define CHUNK        128

static bool read_at(int file, void *to, size_t n, uint64_t offset)
{
	return pread(file, to, n, (off_t)offset) == (ssize_t)n;
}

/* The table of all symbols, or that of the exported ones where the file was stripped,
 * and the names that go with it. */
static bool find_tables(int file, ElfW(Shdr) * ret_symbols, ElfW(Shdr) * ret_names)
{
	ElfW(Shdr) sections[MAX_SECTIONS];
	const ElfW(Shdr) *found = NULL;
	ElfW(Ehdr) header;

	if (!read_at(file, &header, sizeof(header), 0) ||
		header.e_shentsize != sizeof(sections[0]) ||
		header.e_shnum > MAX_SECTIONS ||
		!read_at(file, sections, header.e_shnum * sizeof(sections[0]),
			header.e_shoff))
		return false;
	for (size_t i = 0; i < header.e_shnum; i++) {
		if (sections[i].sh_type == SHT_SYMTAB ||
			(sections[i].sh_type == SHT_DYNSYM && !found))
			found = &sections[i];
	}
	if (!found || found->sh_link >= header.e_shnum)
		return false;
	*ret_symbols = *found;
	*ret_names = sections[found->sh_link];
	return true;
}

static bool is_function(const ElfW(Sym) * symbol)
{
	/* The type's encoding is the same in both classes of files. */
	return ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_value > 0;
}

static void take_name(
	int file, const ElfW(Shdr) * names, const ElfW(Sym) * from, struct symbol *symbol)
{
	ssize_t n;

	if (from->st_name >= names->sh_size)
		return;
	n = pread(file, symbol->name, sizeof(symbol->name) - 1,
		(off_t)(names->sh_offset + from->st_name));
	if (n <= 0)
		return;
	symbol->name[n] = '\0';
	symbol->begin = from->st_value;
}

void symbols_find(int file, struct symbol *symbols, size_t n)
{
	ElfW(Shdr) table, names;
	ElfW(Sym) chunk[CHUNK];
	size_t count;

	if (n == 0 || !find_tables(file, &table, &names))
		return;
	count = MIN(table.sh_size / sizeof(chunk[0]), (size_t)MAX_SYMBOLS);
	for (size_t i = 0; i < count; i += CHUNK) {
		size_t here = MIN(count - i, (size_t)CHUNK);

		if (!read_at(file, chunk, here * sizeof(chunk[0]),
			    table.sh_offset + i * sizeof(chunk[0])))
			return;
		for (size_t k = 0; k < here * n; k++) {
			const ElfW(Sym) *from = &chunk[k / n];
			struct symbol *symbol = &symbols[k % n];

			/* What a call returns to may be the next function. */
			if (is_function(from) && symbol->address > from->st_value &&
				symbol->address - from->st_value <= from->st_size)
				take_name(file, &names, from, symbol);
		}
	}
}

/* ---- text -------------------------------------------------------------- */

static size_t put_hex(char *to, size_t room, uint64_t value)
{
	char digits[16];
	size_t n = 0, at = 0;

	do {
		digits[n++] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value > 0);
	while (n > 0 && at < room)
		to[at++] = digits[--n];
	return at;
}

void symbol_to_text(const struct symbol *symbol, char *to, size_t size)
{
	size_t n = symbol->begin ? MIN(strlen(symbol->name), size - 1) : 0;

	memcpy(to, symbol->name, n);
	if (size - n > 3) {
		memcpy(to + n, "+0x", 3);
		n += 3;
		n += put_hex(to + n, size - 1 - n, symbol->address - symbol->begin);
	}
	to[n] = '\0';
}
