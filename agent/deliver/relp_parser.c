/* SPDX-License-Identifier: Apache-2.0 */
#include "relp_parser.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>

enum { IN_TXNR, IN_COMMAND, IN_DATALEN, IN_DATA, AT_END };

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool enter(struct relp_parser *parser, int state)
{
	parser->state = state;
	parser->n = 0;
	return true;
}

static bool take_txnr(struct relp_parser *parser, uint8_t c)
{
	struct relp_frame *frame = &parser->frame;

	if (c == ' ' && parser->n > 0) {
		frame->command[0] = '\0';
		return enter(parser, IN_COMMAND);
	}
	if (parser->n++ == 0)
		frame->txnr = 0;
	frame->txnr = frame->txnr * 10 + (uint32_t)(c - '0');
	return is_digit(c) && parser->n <= 9;
}

static bool take_command(struct relp_parser *parser, uint8_t c)
{
	struct relp_frame *frame = &parser->frame;

	if (c == ' ' && parser->n > 0) {
		parser->data_size = 0;
		return enter(parser, IN_DATALEN);
	}
	if (!isalnum(c) || parser->n == RELP_MAX_COMMAND)
		return false;
	frame->command[parser->n++] = (char)c;
	frame->command[parser->n] = '\0';
	return true;
}

/* Ends with a blank, or with the frame where there is no data. */
static bool take_datalen(struct relp_parser *parser, uint8_t c)
{
	struct relp_frame *frame = &parser->frame;

	frame->size = 0;
	frame->data[0] = '\0';
	if (c == '\n' && parser->n > 0 && parser->data_size == 0)
		return enter(parser, IN_TXNR);
	if (c == ' ' && parser->n > 0)
		return enter(parser, parser->data_size > 0 ? IN_DATA : AT_END);
	if (!is_digit(c) || parser->n++ == 9)
		return false;
	parser->data_size = parser->data_size * 10 + (size_t)(c - '0');
	return parser->data_size <= RELP_MAX_DATA;
}

static bool take_data(struct relp_parser *parser, uint8_t c)
{
	struct relp_frame *frame = &parser->frame;

	frame->data[frame->size++] = (char)c;
	frame->data[frame->size] = '\0';
	return frame->size < parser->data_size || enter(parser, AT_END);
}

static bool take_end(struct relp_parser *parser, uint8_t c)
{
	return c == '\n' && enter(parser, IN_TXNR);
}

int relp_parser_take(struct relp_parser *parser, const uint8_t **at, const uint8_t *end)
{
	static bool (*const take[])(struct relp_parser * parser, uint8_t c) = {
		[IN_TXNR] = take_txnr,
		[IN_COMMAND] = take_command,
		[IN_DATALEN] = take_datalen,
		[IN_DATA] = take_data,
		[AT_END] = take_end,
	};

	while (*at < end) {
		uint8_t c = *(*at)++;
		bool ends = c == '\n' &&
			    (parser->state == IN_DATALEN || parser->state == AT_END);

		if (!take[parser->state](parser, c))
			return -EPROTO;
		if (ends)
			return 1;
	}
	return 0;
}

int relp_code(const struct relp_frame *frame)
{
	int code = 0;

	for (int i = 0; i < 3; i++) {
		if (!is_digit((uint8_t)frame->data[i]))
			return -1;
		code = code * 10 + (frame->data[i] - '0');
	}
	return code;
}
