/* SPDX-License-Identifier: Apache-2.0 */
#include "part_printer.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "model/record.h"

#include <errno.h>
#include <stdlib.h>

static void forget(void *context, void *made)
{
	(void)context;
	free(made);
}

void part_printer_init(struct part_printer *printer, const struct source_view *source)
{
	*printer = (struct part_printer){
		.source = *source,
		.dictionary.forget = forget,
	};
	encoder_init(
		&printer->encoder, encoder_type_find("ndjson"), SINK_DECIMALS_NUMBER);
}

void part_printer_finish(struct part_printer *printer)
{
	dictionary_clear(&printer->dictionary);
}

static struct slice slice_of_buffer(const struct buffer *buffer)
{
	return (struct slice){ (const char *)buffer->data, buffer->size };
}

static int pack(struct part_printer *printer, const struct part *part, struct buffer *to)
{
	CLEANUP(buffer_finish) struct buffer source = { 0 };

	frame_pack_source_number(to, 0);
	if (!printer->source_is_known) {
		source_pack(&source, &printer->source);
		frame_pack_section(to, FRAME_SOURCE, slice_of_buffer(&source));
	}
	frame_pack_section(to, FRAME_SERIES, slice_of_buffer(&part->definitions));
	frame_pack_part(to, part);
	if (buffer_failed(to) || buffer_failed(&source))
		return -ENOMEM;
	printer->source_is_known = true;
	return 0;
}

static int encode(
	struct part_printer *printer, const struct frame_view *view, struct buffer *to)
{
	struct known_source *source =
		dictionary_source(&printer->dictionary, view->source);
	int64_t observed_ns = clock_wall_ns(&clock_system);
	struct record_reader reader;
	struct record record;
	int r = 0;

	record_reader_begin(&reader, view);
	while (r == 0 && record_reader_next(&reader, &record)) {
		if (record.is_event)
			r = encoder_add_event(&printer->encoder, to, source,
				&record.event, observed_ns);
		else
			r = encoder_add_sample(&printer->encoder, to, source,
				known_source_series(source, record.sample.series),
				&record.sample, observed_ns);
	}
	return r;
}

int part_printer_print(struct part_printer *printer, const struct part *part)
{
	CLEANUP(buffer_finish) struct buffer content = { 0 };
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	struct frame_view view;
	int r = pack(printer, part, &content);

	printer->n_samples += part->n_samples;
	printer->n_events += part->n_events;
	if (r < 0 || printer->quiet)
		return r;
	r = frame_unpack(content.data, content.size, &view);
	if (r == 0)
		r = dictionary_learn(&printer->dictionary, &view);
	if (r == 0)
		r = encode(printer, &view, &text);
	return r < 0 ? r : file_write(STDOUT_FILENO, text.data, text.size);
}
