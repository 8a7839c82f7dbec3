/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a recorded exchange: it is read or refused with a reason. */
#include "net/http_recording.h"

#include <assert.h>
#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_recorded recorded = { 0 };
	struct buffer why = { 0 };
	int r = http_recording_read(
		"/nonexistent", (const char *)data, size, &recorded, &why);

	if (r == 0)
		assert(recorded.method && recorded.url &&
			recorded.reply.fields.n <= HTTP_FIELDS_MOST &&
			(recorded.reply.result < 0 || recorded.reply.status >= 200));
	else if (r == -EINVAL)
		assert(why.size > 0);
	http_recorded_finish(&recorded);
	buffer_finish(&why);
	return 0;
}
