/* SPDX-License-Identifier: Apache-2.0 */
/* Writes parts to standard output as NDJSON, without a journal: each goes through the
 * same frame, dictionary and encoder as on the long way. */
#ifndef COMMANDS_PART_PRINTER_H
#define COMMANDS_PART_PRINTER_H

#include "encode/encoder.h"

struct part_printer {
	struct source_view source;
	bool source_is_known;
	struct dictionary dictionary;
	struct encoder encoder;
	uint64_t n_samples, n_events;
	bool quiet; /* only count */
};

/* source: borrowed for as long as the printer is used. */
void part_printer_init(struct part_printer *printer, const struct source_view *source);
void part_printer_finish(struct part_printer *printer);

/* 0 or a negative errno. */
int part_printer_print(struct part_printer *printer, const struct part *part);

#endif
