/* SPDX-License-Identifier: Apache-2.0 */
/* A journal in a folder of its own, for tests of it. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "journal/journal.h"

struct fixture {
	uv_loop_t loop;
	char *folder;
	struct journal *journal;
	struct journal_source *source;
	struct journal_settings settings;
	bool settled, closed, readable;
	int result, health;
	size_t n_health; /* how often that was told */
	struct position position;
	struct journal_consumer consumer;
};

/* With small segments, mode `commit` and no reserve. */
void fixture_init(struct fixture *fixture);
void fixture_finish(struct fixture *fixture);

void open_journal(struct fixture *fixture);
void close_journal(struct fixture *fixture);

void fixture_on_done(void *context, int result, const struct part *part,
	const struct position *position);

/* Appends and waits for what becomes of it. */
int append(struct fixture *fixture, struct part *part);

/* Reads on from a position: checks that values count up, returns how many. */
size_t read_from(struct fixture *fixture, struct position position, int64_t value);

size_t count_files(const char *folder, const char *suffix);

#endif
