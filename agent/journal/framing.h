/* SPDX-License-Identifier: Apache-2.0 */
/* From parts to frames: which definitions a segment still lacks, and the bytes.
 * The writer's thread alone. */
#ifndef JOURNAL_FRAMING_H
#define JOURNAL_FRAMING_H

struct journal_append;
struct journal_source;
struct writer;

/* Adds the frame of a part to writer->frames, and what it defines to
 * writer->definitions. 0, or -ENOMEM and then nothing was added. */
int framing_add(struct writer *writer, struct journal_append *append);

/* Frees the source. */
void framing_forget_source(struct journal_source *source);

#endif
