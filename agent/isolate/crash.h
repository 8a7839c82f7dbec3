/* SPDX-License-Identifier: Apache-2.0 */
/* What a child leaves behind when it crashes, written by its own handler of signals
 * into the page that it shares with the agent. */
#ifndef ISOLATE_CRASH_H
#define ISOLATE_CRASH_H

#include "page.h"

struct buffer;

/* From now on a fatal signal is recorded, once; the process then dies of it as it would
 * have. file: the plugin's, open, where names are looked for; loaded: an address within
 * it. For the whole process, and for good. */
void crash_watch(struct page *page, int file, const void *loaded);

/* Appends what is known of a crash, such as "SIGSEGV at 0x0 in collect, in spoil+0x12 <
 * load_all+0x40"; nothing where nothing was recorded. The page may be hostile. */
void crash_tell(const struct page *page, struct buffer *to);

/* Whose call it was: 1 + the number of an instance; 0: nobody knows. Where nothing was
 * recorded, since the process was killed, it is the one that was being called. */
uint32_t crash_instance(const struct page *page, size_t n_instances);

#endif
