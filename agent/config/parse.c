/* SPDX-License-Identifier: Apache-2.0 */
#include "parse.h"

#include "build.h"
#include "syntax.h"

#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

/* Frees an event, and leaves no scalar of it behind. */
static void event_finish(yaml_event_t *event)
{
	if (event->type == YAML_SCALAR_EVENT)
		explicit_bzero(event->data.scalar.value, event->data.scalar.length);
	yaml_event_delete(event);
}

/* Returns 1 while there is more. */
static int parse_next(struct builder *builder, yaml_parser_t *parser)
{
	CLEANUP(event_finish) yaml_event_t event = { 0 };
	int r;

	if (!yaml_parser_parse(parser, &event)) {
		if (parser->error == YAML_MEMORY_ERROR)
			return -ENOMEM;
		syntax_report(parser, builder->document, builder->report);
		return -EINVAL;
	}
	r = builder_take(builder, &event);
	return r < 0 ? r : event.type != YAML_STREAM_END_EVENT;
}

/* libyaml does not overwrite what it has read. */
static void parser_finish(yaml_parser_t *parser)
{
	if (parser->buffer.start)
		explicit_bzero(parser->buffer.start,
			(size_t)(parser->buffer.end - parser->buffer.start));
	if (parser->raw_buffer.start)
		explicit_bzero(parser->raw_buffer.start,
			(size_t)(parser->raw_buffer.end - parser->raw_buffer.start));
	yaml_parser_delete(parser);
}

int parse_text(struct document_set *set, struct document *document, struct report *report)
{
	CLEANUP(builder_finish)
	struct builder builder = {
		.set = set,
		.document = document,
		.report = report,
	};
	CLEANUP(parser_finish) yaml_parser_t parser = { 0 };
	unsigned int n_before = set->n_nodes;
	int r;

	if (!yaml_parser_initialize(&parser))
		return -ENOMEM;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)document->text, document->size);
	do {
		r = parse_next(&builder, &parser);
	} while (r > 0);
	if (r < 0) {
		/* Its nodes are not used, so that they cost other files nothing. */
		set->n_nodes = n_before;
		return r;
	}
	if (builder.n_waiting > 0)
		document->root = builder.waiting[0];
	return 0;
}
