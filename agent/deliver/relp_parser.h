/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames of RELP (https://github.com/rsyslog/librelp/blob/master/doc/relp.html):
 *
 *	TXNR SP COMMAND SP DATALEN [SP DATA] LF
 *
 * TXNR counts commands, 1 to 999,999,999; an answer has that of its command, and what
 * the server says unasked has 0.
 */
#ifndef DELIVER_RELP_PARSER_H
#define DELIVER_RELP_PARSER_H

#include <stddef.h>
#include <stdint.h>

#define RELP_MAX_TXNR 999999999u

enum {
	RELP_MAX_COMMAND = 32,
	RELP_MAX_DATA = 4096, /* that we read: what servers answer is short */
};

struct relp_frame {
	uint32_t txnr;
	char command[RELP_MAX_COMMAND + 1];
	char data[RELP_MAX_DATA + 1]; /* ends with a NUL */
	size_t size;
};

/* A zeroed struct is ready for the first byte. */
struct relp_parser {
	int state;
	unsigned int n; /* bytes of the part that is read */
	size_t data_size;
	struct relp_frame frame;
};

/* Reads up to the end of one frame and moves *at behind what it read. 1: the frame is
 * whole, and stays until the next call; 0: more is needed; -EPROTO: no frame. */
int relp_parser_take(struct relp_parser *parser, const uint8_t **at, const uint8_t *end);

/* The three digits that the data of an answer begins with; -1: it does not. */
int relp_code(const struct relp_frame *frame);

#endif
