/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

static struct unpack unpack_slice_start(struct slice slice)
{
	return unpack_start(slice.at, slice.n);
}

void record_reader_begin(struct record_reader *reader, const struct frame_view *view)
{
	*reader = (struct record_reader){
		.view = *view,
		.codec = sample_codec_start(view->base_ns),
		.from = unpack_slice_start(
			view->n_samples > 0 ? view->samples : view->events),
	};
}

bool record_reader_next(struct record_reader *reader, struct record *ret_record)
{
	if (record_reader_left(reader) == 0)
		return false;
	ret_record->is_event = reader->index >= reader->view.n_samples;
	if (ret_record->is_event)
		event_unpack(&reader->from, &ret_record->event);
	else
		sample_unpack(&reader->codec, &reader->from, &ret_record->sample);
	if (reader->from.failed)
		return false;
	if (++reader->index == reader->view.n_samples)
		reader->from = unpack_slice_start(reader->view.events);
	return true;
}
