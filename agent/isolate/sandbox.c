/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order in which a process gives up what it could do. Landlock and seccomp come
 * last, since each step before needs calls that they refuse; landlock comes before
 * seccomp, and the plugin is loaded behind all of them.
 */
#include "sandbox.h"

#include "base/buffer.h"
#include "sandbox_internal.h"

#include <errno.h>
#include <malloc.h>
#include <string.h>
#include <sys/random.h>

#if SANDBOX_SANITIZED
/* LeakSanitizer traces its own process from a clone of it when that ends, which the
 * sandbox is there to refuse: it does not look for leaks in a process that is in one. */
static bool entered;

RK_EXPORT int __lsan_is_turned_off(void); /* NOLINT(bugprone-reserved-identifier) */

int __lsan_is_turned_off(void) /* NOLINT(bugprone-reserved-identifier) */
{
	return entered;
}
#endif

int sandbox_enter(const struct sandbox_options *options, struct buffer *ret_missing,
	struct buffer *why)
{
	uint64_t cookie;
	int r;

	if (getrandom(&cookie, sizeof(cookie), 0) != sizeof(cookie)) {
		buffer_append_text(why, "the kernel gives no random bytes");
		return -EIO;
	}
	r = sandbox_limit(&options->limits, why);
	if (r == 0)
		r = sandbox_drop_privileges(options->needs, ret_missing, why);
	if (r < 0)
		return r;
	/* Programs that a plugin starts have no handler, and a trap would kill them. */
	if (!(options->needs & RK_NEED_EXEC)) {
		r = sandbox_watch_refusals(options, cookie);
		if (r < 0) {
			buffer_append_format(
				why, "cannot take SIGSYS over: %s", strerror(-r));
			return r;
		}
	}
	r = sandbox_confine_paths(options, ret_missing, why);
	if (r == 0)
		r = sandbox_filter_calls(options->needs, cookie, why);
	/* Building the filter took memory that the process never needs again. */
	malloc_trim(0);
#if SANDBOX_SANITIZED
	entered = true;
#endif
	return r;
}
