/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What states cost: `bench_states FOLDER` on an empty folder prints the CPU of a commit
 * with and without one key in it, and how long a start takes that finds 10,000 keys in a
 * snapshot and 256 MiB of frames behind it.
 */
#include "base/clock.h"
#include "base/file.h"
#include "base/macros.h"
#include "journal/journal.h"
#include "model/state.h"

#include "parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROUNDS = 9, COMMITS = 20000, SAMPLES = 10, COLLECTORS = 10, KEYS_EACH = 1000 };
#define BEHIND_BYTES (256ull << 20)

struct bench {
	uv_loop_t loop;
	struct journal *journal;
	struct journal_source *source;
	size_t n_waiting;
};

static void fail(const char *what)
{
	fprintf(stderr, "bench_states: %s\n", what);
	exit(1);
}

static double cpu_seconds(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void bench_open(struct bench *bench, const char *folder)
{
	static const struct journal_settings settings = {
		.max_size.bytes = 1ull << 40,
		.segment_size.bytes = 1ull << 40, /* no snapshot before the close */
		.max_age.ns = INT64_MAX,
		.sync = JOURNAL_SYNC_INTERVAL,
		.sync_interval.ns = NS_PER_SECOND,
	};
	struct journal_options options = {
		.folder = folder, .settings = &settings, .clock = &clock_system
	};
	struct source_view source = parts_source();
	struct buffer why = { 0 };

	*bench = (struct bench){ 0 };
	if (uv_loop_init(&bench->loop) < 0 ||
		journal_open(&bench->loop, &options, &bench->journal, &why) < 0)
		fail("cannot open the journal");
	bench->source = journal_source_create(bench->journal, &source);
}

static void bench_close(struct bench *bench)
{
	journal_source_destroy(bench->journal, bench->source);
	journal_close(bench->journal, NULL, NULL);
	uv_run(&bench->loop, UV_RUN_DEFAULT);
	uv_loop_close(&bench->loop);
}

static void on_done(void *context, int result, const struct part *part,
	const struct position *position)
{
	(void)part;
	(void)position;
	if (result < 0)
		fail("a part was lost");
	((struct bench *)context)->n_waiting--;
}

static void append(struct bench *bench, struct part *part)
{
	if (journal_append(bench->journal, bench->source, part, on_done, bench) < 0)
		fail("the journal takes no part");
	bench->n_waiting++;
	while (bench->n_waiting > 64)
		uv_run(&bench->loop, UV_RUN_ONCE);
}

static void settle(struct bench *bench)
{
	while (bench->n_waiting > 0)
		uv_run(&bench->loop, UV_RUN_ONCE);
}

/* CPU of a commit in µs. */
static double commit_cost(struct bench *bench, bool with_key)
{
	double begin = cpu_seconds();

	for (int i = 0; i < COMMITS; i++) {
		struct part *part = parts_make(0, SAMPLES, i, i == 0);

		if (with_key)
			state_pack_set(&part->state, slice_of("next"),
				(struct slice){ (char *)&i, sizeof(i) });
		append(bench, part);
	}
	settle(bench);
	return (cpu_seconds() - begin) / COMMITS * 1e6;
}

/* The least of a few rounds, since what disturbs only adds. */
static void print_commit_cost(struct bench *bench)
{
	double least[2] = { 1e9, 1e9 };

	for (int i = 0; i < 2 * ROUNDS; i++) {
		double cost = commit_cost(bench, i % 2);

		least[i % 2] = MIN(least[i % 2], cost);
	}
	printf("a commit of %d samples: %.3f µs of CPU, with one key %.3f µs: %.2f "
	       "times\n",
		SAMPLES, least[0], least[1], least[1] / least[0]);
}

static void make_keys(struct bench *bench)
{
	for (int i = 0; i < COLLECTORS; i++) {
		struct buffer operations = { 0 };
		char text[40];

		for (int k = 0; k < KEYS_EACH; k++) {
			snprintf(text, sizeof(text), "bookmark-%d", k);
			state_pack_set(&operations, slice_of(text), slice_of(text));
		}
		snprintf(text, sizeof(text), "collector-%d", i);
		bench->n_waiting++;
		if (journal_change_state(
			    bench->journal, text, &operations, on_done, bench) < 0)
			fail("the journal takes no change");
		buffer_finish(&operations);
	}
	settle(bench);
}

/* Frames of 1,000 samples and one key each, and then a death. */
static void fill_and_die(const char *folder)
{
	struct journal_extent extent = { 0 };
	struct position position;
	struct bench bench;
	uint64_t lost;

	bench_open(&bench, folder);
	position = journal_end(bench.journal);
	for (int i = 0; extent.size < BEHIND_BYTES; i++) {
		struct part *part = parts_make(0, 1000, i, i == 0);

		state_pack_set(&part->state, slice_of("next"),
			(struct slice){ (char *)&i, sizeof(i) });
		append(&bench, part);
		if (i % 100 == 0)
			journal_locate(bench.journal, &position, &extent, &lost);
	}
	settle(&bench);
	_exit(0);
}

int main(int argc, char **argv)
{
	struct bench bench;
	int64_t begin_ns;
	double begin;
	int status = 1;
	pid_t pid;

	if (argc != 2)
		fail("name an empty folder");
	bench_open(&bench, argv[1]);
	print_commit_cost(&bench);
	make_keys(&bench);
	bench_close(&bench);
	for (int i = 0; i < 2; i++) {
		begin = cpu_seconds();
		begin_ns = clock_monotonic_ns(&clock_system);
		bench_open(&bench, argv[1]);
		printf("a start with %s behind the snapshot: %.0f ms, of CPU %.0f ms\n",
			i == 0 ? "nothing" : "256 MiB",
			(double)(clock_monotonic_ns(&clock_system) - begin_ns) / 1e6,
			(cpu_seconds() - begin) * 1e3);
		bench_close(&bench);
		if (i > 0)
			break;
		fflush(stdout);
		pid = fork();
		if (pid == 0)
			fill_and_die(argv[1]);
		waitpid(pid, &status, 0);
		if (status != 0)
			fail("could not fill the journal");
	}
	return 0;
}
