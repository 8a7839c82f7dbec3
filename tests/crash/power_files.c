/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oracle of power.c where the sink writes files: their lines are what the receiver
 * has. Compressed ones are read as zlib reads them; a .part is nobody's to read.
 */
#include "power.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"
#include "campaign.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FILE_LIMIT = 16u << 20 };

struct reading {
	struct ledger *ledger;
	struct ledger_batch *lines;     /* all, as one batch */
	const char *path;               /* of the file that is read */
	const struct dirent **found_in; /* by value: the file that has it */
	const struct dirent *entry;     /* that is read */
	bool recovered; /* the sink has cut off and removed what is to go */
};

/* ---- lines ------------------------------------------------------------- */

/* The value of a line, which ends at end; false: it is none. */
static bool read_line(const char *line, const char *end, int64_t *ret_value)
{
	static const char key[] = "\"value\":";
	const char *at = memmem(line, (size_t)(end - line), key, strlen(key));

	if (*line != '{' || end[-1] != '}' || memchr(line, '\0', (size_t)(end - line)) ||
		!at)
		return false;
	*ret_value = strtoll(at + strlen(key), NULL, 10);
	return true;
}

static void take_value(struct reading *reading, int64_t value)
{
	const struct ledger_part *part = ledger_part_of(reading->ledger, value);
	struct ledger_batch *lines = reading->lines;

	if (!part || !part->appended) {
		must_else(FAULT_INVENTED, !reading->recovered,
			"value %lld stands in '%s' and was never sent", (long long)value,
			reading->path);
		return;
	}
	if (reading->found_in[value]) {
		must_else(FAULT_DOUBLED, !reading->recovered,
			"value %lld stands in '%s' and in '%s'", (long long)value,
			reading->found_in[value]->d_name, reading->entry->d_name);
		return;
	}
	reading->found_in[value] = reading->entry;
	lines->values[lines->n_records++] = value;
}

static void take_lines(struct reading *reading, const struct buffer *bytes)
{
	const char *at = (const char *)bytes->data, *all = at + bytes->size;

	while (at < all) {
		const char *end = memchr(at, '\n', (size_t)(all - at));
		int64_t value;

		if (end && end > at && read_line(at, end, &value))
			take_value(reading, value);
		else
			must_else(FAULT_INVENTED, !reading->recovered,
				"'%s' has half a line at %zu", reading->path,
				(size_t)(at - (const char *)bytes->data));
		if (!end)
			return;
		at = end + 1;
	}
}

/* ---- files ------------------------------------------------------------- */

static void unpack(const char *path, struct buffer *to)
{
	gzFile file = gzopen(path, "rb");
	int n = 1;

	must(file, "cannot open '%s'", path);
	while (n > 0) {
		uint8_t *room = buffer_reserve(to, 16384);

		must(room, "out of memory");
		n = gzread(file, room, 16384);
		if (n > 0)
			buffer_advance(to, (size_t)n);
	}
	must_else(FAULT_LOST, n == 0 && !gzdirect(file), "'%s' is not whole", path);
	must_else(FAULT_LOST, gzclose(file) == Z_OK, "'%s' is not whole", path);
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);

	return n >= m && text_equal(name + n - m, end);
}

static void read_file(struct reading *reading)
{
	struct buffer bytes = { 0 };

	if (ends_with(reading->path, ".gz"))
		unpack(reading->path, &bytes);
	else
		must(file_read(reading->path, FILE_LIMIT, &bytes) == 0,
			"cannot read '%s'", reading->path);
	take_lines(reading, &bytes);
	buffer_finish(&bytes);
}

static int skip_others(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !ends_with(entry->d_name, ".part");
}

static void read_folder(struct reading *reading, const char *folder)
{
	struct dirent **entries = NULL;
	int n = scandir(folder, &entries, skip_others, alphasort);

	for (int i = 0; i < n; i++) {
		char *path = path_join(folder, entries[i]->d_name);

		must(path, "out of memory");
		reading->path = path;
		reading->entry = entries[i];
		read_file(reading);
		free(path);
	}
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
}

void power_read_files(struct world *world, bool recovered)
{
	struct ledger *ledger = world->ledger;
	size_t n = (size_t)ledger->next_value;
	struct ledger_batch lines = { .values = calloc(n + 1, sizeof(*lines.values)) };
	struct reading reading = {
		.ledger = ledger,
		.lines = &lines,
		.found_in = calloc(n + 1, sizeof(*reading.found_in)),
		.recovered = recovered,
	};

	if (!world->output_folder) {
		free(lines.values);
		free(reading.found_in);
		return;
	}
	must(lines.values && reading.found_in, "out of memory");
	read_folder(&reading, world->output_folder);
	free(reading.found_in);
	ledger_replace(ledger, &lines);
}
