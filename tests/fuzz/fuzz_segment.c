/* SPDX-License-Identifier: Apache-2.0 */
/* A segment file of any bytes behind a good header: whatever stands there, reading
 * ends, and what it says of offsets holds. */
#include "journal/tail.h"
#include "memory_file.h"
#include "model/record.h"

#include <assert.h>

static const struct segment_header header = {
	.version = JOURNAL_VERSION,
	.kind = SEGMENT_FRAMES,
	.epoch = 1,
	.first_sequence = 1,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes = malloc(SEGMENT_HEADER_SIZE + size);
	struct tail tail = { .reader.fd = -1 };
	struct memory_file file;
	struct frame frame;
	struct frame_view view;
	uint64_t last = 0;

	segment_header_put(bytes, &header);
	if (size > 0)
		__builtin_memcpy(bytes + SEGMENT_HEADER_SIZE, data, size);
	file = memory_file_make(bytes, SEGMENT_HEADER_SIZE + size);
	assert(tail_open(&tail, file.path) == 0);
	while (tail_next(&tail, SEGMENT_HEADER_SIZE + size, &frame, &view) > 0) {
		struct record_reader reader;
		struct record record;

		assert(tail.reader.offset > last);
		last = tail.reader.offset;
		record_reader_begin(&reader, &view);
		while (record_reader_next(&reader, &record))
			;
	}
	assert(tail.reader.offset <= SEGMENT_HEADER_SIZE + size);
	tail_close(&tail);
	close(file.fd);
	free(bytes);
	return 0;
}
