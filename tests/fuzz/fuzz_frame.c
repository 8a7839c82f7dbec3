/* SPDX-License-Identifier: Apache-2.0 */
/* The content of frames, whose checksums hold: what a child process may send, and
 * what a disk can hold. Pieces of the input are frames one after the other. */
#include "model/dictionary.h"
#include "model/record.h"
#include "model/state.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_frame(struct dictionary *dictionary, struct state *state,
	const uint8_t *bytes, size_t size)
{
	struct frame_view view;
	struct record_reader reader;
	struct record record;

	if (frame_unpack(bytes, size, &view) < 0)
		return;
	/* Numbers are bounded, but a million of them are no test. */
	if (view.source > 1000)
		return;
	dictionary_learn(dictionary, &view);
	record_reader_begin(&reader, &view);
	while (record_reader_next(&reader, &record)) {
		struct known_source *source = dictionary_source(dictionary, view.source);
		struct hash128 id;

		if (source && record.is_event)
			(void)event_id(source->view.identity, &record.event, &id);
		else if (source)
			(void)known_source_series(source, record.sample.series);
	}
	state_apply(state, view.state);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dictionary dictionary = { 0 };
	struct state state = { 0 };

	while (size > 1) {
		size_t n = data[0] < size - 1 ? data[0] : size - 1;

		read_frame(&dictionary, &state, data + 1, n);
		data += 1 + n;
		size -= 1 + n;
	}
	dictionary_clear(&dictionary);
	state_finish(&state);
	return 0;
}
