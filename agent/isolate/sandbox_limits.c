/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the process may use: limits that it cannot raise again. Memory is bounded by
 * RLIMIT_DATA, which counts what can be written, and not by RLIMIT_AS, which counts the
 * 64 MiB of addresses too that the C library sets aside for each thread's arena.
 */
#include "sandbox_internal.h"

#include "base/buffer.h"
#include "base/macros.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

/* One limit, lowered to what there is already. */
static int bound(
	__rlimit_resource_t resource, const char *name, uint64_t most, struct buffer *why)
{
	struct rlimit limit;
	int r;

	if (getrlimit(resource, &limit) == 0) {
		limit.rlim_max = MIN(limit.rlim_max, most);
		limit.rlim_cur = limit.rlim_max;
		if (setrlimit(resource, &limit) == 0)
			return 0;
	}
	r = -errno;
	buffer_append_format(why, "cannot limit %s: %s", name, strerror(-r));
	return r;
}

static uint64_t or_default(uint64_t value, uint64_t preset)
{
	return value > 0 ? value : preset;
}

int sandbox_limit(const struct sandbox_limits *limits, struct buffer *why)
{
	const struct {
		__rlimit_resource_t resource;
		const char *name;
		uint64_t most;
	} bounds[] = {
		{ RLIMIT_CORE, "core dumps", 0 },
		{ RLIMIT_MEMLOCK, "locked memory", UINT64_C(1) << 20 },
		{ RLIMIT_MSGQUEUE, "message queues", 0 },
		{ RLIMIT_NOFILE, "descriptors", or_default(limits->files, 1024) },
		{ RLIMIT_NPROC, "processes", or_default(limits->processes, 4096) },
		{ RLIMIT_FSIZE, "the size of files",
			or_default(limits->file_size, UINT64_C(1) << 30) },
		{ RLIMIT_CPU, "processor time",
			or_default(limits->cpu_seconds, RLIM_INFINITY) },
		{ RLIMIT_DATA, "memory",
			SANDBOX_SANITIZED
				? RLIM_INFINITY
				: or_default(limits->memory, UINT64_C(1) << 30) },
	};
	int r = 0;

	/* A file that is too large is an error of the write, and not the end. */
	signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < LENGTH(bounds) && r == 0; i++)
		r = bound(bounds[i].resource, bounds[i].name, bounds[i].most, why);
	return r;
}
