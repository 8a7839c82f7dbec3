/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes the journal's records to a file, through the same feed and encoders as a
 * sink, but without cursor, batch or agent. Changes nothing and is safe beside a
 * running agent. Memory stays bounded, whatever the size of the journal.
 */
#ifndef DELIVER_EXPORT_H
#define DELIVER_EXPORT_H

#include "encode/encoder.h"
#include "journal/format.h"

#include <stdbool.h>

struct export_options {
	const char *state_dir;
	const struct encoder_type *format;
	/* The first record. Where its segment is gone, from the oldest on if
	 * from_may_be_gone, as a cursor's may be. */
	const struct position *from; /* NULL: the oldest */
	bool from_may_be_gone;
	const struct position *to; /* the last frame; NULL: as far as there is */
	int fd;
};

struct export_result {
	uint64_t n_records;
	uint64_t n_damaged; /* frames that were passed over */
	uint64_t n_unknown; /* records of series that nobody defined */
	uint64_t n_gone;    /* frames that were removed before they could be read */
};

/* 0 or a negative errno, with the reason in words in why. Blocks. */
int journal_export(const struct export_options *options, struct export_result *ret_result,
	struct buffer *why);

#endif
