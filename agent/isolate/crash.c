/* SPDX-License-Identifier: Apache-2.0 */
#include "crash.h"

#include "base/macros.h"
#include "symbols.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH     64
#define HANDLER_STACK (64u << 10)

static const int fatal_signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP };

static struct {
	struct page *page;
	int file;
	uintptr_t base, end; /* of the plugin's file in memory */
} watch;

/* ---- in the handler, where little is safe (signal-safety(7)) ------------ */

/* The plugin's own functions among those that are on the stack. backtrace(3) was called
 * before, so that it has all it needs. */
static void record_frames(struct crash_record *crash)
{
	struct symbol symbols[PAGE_MAX_FRAMES];
	void *frames[MAX_DEPTH];
	int depth = backtrace(frames, MAX_DEPTH);
	uint32_t n = 0;

	for (int i = 0; i < depth && n < PAGE_MAX_FRAMES; i++) {
		uintptr_t at = (uintptr_t)frames[i];

		if (at >= watch.base && at < watch.end)
			symbols[n++] = (struct symbol){ .address = at - watch.base };
	}
	symbols_find(watch.file, symbols, n);
	for (uint32_t i = 0; i < n; i++)
		symbol_to_text(&symbols[i], crash->frames[i], PAGE_FRAME_SIZE);
	crash->n_frames = n;
}

static void on_fatal_signal(int number, siginfo_t *info, void *context)
{
	struct crash_record *crash = &watch.page->crash;
	const struct call_place *place = call_current_place();
	const struct call_place *places = watch.page->places;

	(void)context;
	if (atomic_exchange(&crash->is_written, 1) == 0) {
		crash->signal = (uint32_t)number;
		crash->address = (uint64_t)(uintptr_t)info->si_addr;
		if (place >= places && place < places + CHILD_MAX_INSTANCES) {
			crash->instance = 1 + (uint32_t)(place - places);
			crash->call = atomic_load(&place->call);
		}
		record_frames(crash);
		atomic_store(&crash->is_written, 2);
	}
	raise(number); /* the handler is gone: SA_RESETHAND */
}

/* ---- before ------------------------------------------------------------ */

static int find_extent(struct dl_phdr_info *info, size_t size, void *context)
{
	uintptr_t wanted = *(const uintptr_t *)context;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uintptr_t begin = info->dlpi_addr + segment->p_vaddr;

		if (segment->p_type != PT_LOAD || wanted < begin ||
			wanted >= begin + segment->p_memsz)
			continue;
		watch.base = info->dlpi_addr;
		for (int k = 0; k < info->dlpi_phnum; k++) {
			const ElfW(Phdr) *other = &info->dlpi_phdr[k];

			if (other->p_type == PT_LOAD)
				watch.end =
					MAX(watch.end, info->dlpi_addr + other->p_vaddr +
							       other->p_memsz);
		}
		return 1;
	}
	return 0;
}

/* A stack that ran over leaves none for the handler. */
static void use_other_stack(void)
{
	stack_t stack = { .ss_sp = malloc(HANDLER_STACK), .ss_size = HANDLER_STACK };

	if (stack.ss_sp && sigaltstack(&stack, NULL) < 0)
		free(stack.ss_sp);
}

void crash_watch(struct page *page, int file, const void *loaded)
{
	struct sigaction action = {
		.sa_sigaction = on_fatal_signal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK | (int)SA_RESETHAND | SA_NODEFER,
	};
	uintptr_t wanted = (uintptr_t)loaded;
	void *frames[1];

	watch.page = page;
	watch.file = file;
	dl_iterate_phdr(find_extent, &wanted);
	backtrace(frames, 1); /* it loads what it needs at its first call */
	use_other_stack();
	for (size_t i = 0; i < LENGTH(fatal_signals); i++)
		sigaction(fatal_signals[i], &action, NULL);
}
