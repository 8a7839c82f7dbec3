/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Syslog messages (RFC 5424), each with its size in front as octet counting has it
 * (RFC 6587, section 3.4.1): "SIZE <PRI>1 TIME HOST APP - MSGID [DATA] MSG".
 *
 * The structured data has all that is known, in names that survive receivers; MSG is
 * the record as a line of ndjson, or a sentence. docs/FORMATS.md has it in full.
 */
#ifndef ENCODE_RFC5424_H
#define ENCODE_RFC5424_H

#include "encoder.h"

extern const struct encoder_type encoder_rfc5424;

/* The RFC's bounds on fields of the header, in bytes. */
enum { RFC5424_MAX_HOST = 255, RFC5424_MAX_APP_NAME = 48, RFC5424_MAX_MSGID = 32 };

#define RFC5424_APP_NAME "rookery"
/* Under the number that RFC 5612 sets aside for examples. */
#define RFC5424_SD_ID "rookery@32473"

/* encoder.options of this format. */
struct rfc5424_options {
	uint32_t facility;            /* its code */
	const char *app_name, *sd_id; /* borrowed */
	bool sentences;               /* MSG is one, not JSON */
};

/* Sets the encoder's options, which are borrowed, and their hash. */
void rfc5424_configure(struct encoder *encoder, const struct rfc5424_options *options);

/* The message that begins at *at, with its size read off; NULL where none begins there
 * or it does not end before end. *at is moved behind it. */
const char *rfc5424_next(const char **at, const char *end, size_t *ret_size);

#endif
