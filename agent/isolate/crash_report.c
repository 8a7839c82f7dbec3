/* SPDX-License-Identifier: Apache-2.0 */
/* The agent's side: what a dead child's page says. */
#include "crash.h"

#include "base/buffer.h"
#include "base/macros.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>

/* Whether an address says something: of a fault, not of who sent the signal. */
static bool has_address(uint32_t signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL ||
	       signal == SIGFPE;
}

static void append_frames(const struct crash_record *crash, struct buffer *to)
{
	uint32_t n = MIN(crash->n_frames, (uint32_t)PAGE_MAX_FRAMES);

	for (uint32_t i = 0; i < n; i++) {
		char frame[PAGE_FRAME_SIZE];

		memcpy(frame, crash->frames[i], sizeof(frame));
		frame[sizeof(frame) - 1] = '\0';
		buffer_append_format(to, "%s%s", i ? " < " : ", in ", frame);
	}
}

void crash_tell(const struct page *page, struct buffer *to)
{
	struct crash_record crash;
	const char *name;

	if (atomic_load(&page->crash.is_written) == 0)
		return;
	memcpy(&crash, &page->crash, sizeof(crash));
	name = crash.signal < NSIG ? sigabbrev_np((int)crash.signal) : NULL;
	buffer_append_format(to, "SIG%s", name ? name : "?");
	if (has_address(crash.signal))
		buffer_append_format(to, " at 0x%" PRIx64, crash.address);
	if (crash.call != CALL_NONE)
		buffer_append_format(to, " in %s", call_name(crash.call));
	append_frames(&crash, to);
}

uint32_t crash_instance(const struct page *page, size_t n_instances)
{
	uint32_t found = 0;

	if (atomic_load(&page->crash.is_written) > 0)
		return page->crash.instance <= n_instances ? page->crash.instance : 0;
	for (size_t i = 0; i < n_instances; i++) {
		if (atomic_load(&page->places[i].call) == CALL_NONE)
			continue;
		if (found)
			return 0; /* several were: nobody knows */
		found = 1 + (uint32_t)i;
	}
	return found;
}
