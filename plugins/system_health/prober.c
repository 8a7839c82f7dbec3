/* SPDX-License-Identifier: Apache-2.0 */
#include "prober.h"

#include "monotonic.h"
#include "report.h"
#include "worker.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How often a wait looks whether the run was cancelled. */
#define WAIT_STEP_NS INT64_C(50000000)

/* What is still to be asked in this run. */
struct round {
	const char **paths;    /* owned array of the probes' paths */
	struct probe **probes; /* owned, in the same order */
	size_t n;
	size_t at;           /* all before have been dealt with */
	int64_t patience_ns; /* for a single mount */
	int64_t end_ns;
	struct report *report;
};

static const char *stuck_path(const struct worker *worker)
{
	return worker->questions[worker->stuck_at].path;
}

/* Notes and tells that the worker's thread is at a mount that does not answer. */
static void tell_stuck(
	const struct prober *prober, struct worker *worker, struct report *report)
{
	if (worker->told)
		return;
	pthread_mutex_lock(&worker->lock);
	worker->stuck_at = worker->next < worker->n ? worker->next : worker->n - 1;
	pthread_mutex_unlock(&worker->lock);
	worker->told = true;
	report->host->log(report->host, RK_LOG_WARNING,
		"the mount '%s' does not answer%s", stuck_path(worker),
		prober->n_hung < PROBER_HUNG_LIMIT
			? "; it is left out until it does"
			: ", nor do others: no mount is asked until one of them does");
}

static void tell_answers_again(struct worker *worker, struct report *report)
{
	report->host->log(report->host, RK_LOG_NOTICE, "the mount '%s' answers again",
		stuck_path(worker));
	worker->told = false;
}

/* Leaves the busy worker behind, or keeps it where too many hang already. */
static void leave_behind(struct prober *prober, struct report *report)
{
	struct worker *worker = prober->worker;

	tell_stuck(prober, worker, report);
	if (prober->n_hung == PROBER_HUNG_LIMIT)
		return;
	worker_leave(worker);
	prober->hung[prober->n_hung++] = worker;
	prober->worker = NULL;
}

/* Frees those whose mount has answered after all. */
static void welcome_back(struct prober *prober, struct report *report)
{
	size_t kept = 0;

	for (size_t i = 0; i < prober->n_hung; i++) {
		struct worker *worker = prober->hung[i];

		if (!worker_has_ended(worker)) {
			prober->hung[kept++] = worker;
			continue;
		}
		tell_answers_again(worker, report);
		worker_unref(worker);
	}
	prober->n_hung = kept;
	if (prober->worker && prober->worker->told && !worker_is_busy(prober->worker))
		tell_answers_again(prober->worker, report);
}

static bool hangs(const struct prober *prober, const char *path)
{
	for (size_t i = 0; i < prober->n_hung; i++) {
		if (strcmp(stuck_path(prober->hung[i]), path) == 0)
			return true;
	}
	return false;
}

/* Makes sure of a thread that waits for questions. 0, -EBUSY where all hang, or why
 * none could be started. */
static int make_worker(struct prober *prober)
{
	if (prober->worker)
		return worker_is_busy(prober->worker) ? -EBUSY : 0;
	return worker_create(prober->ask ? prober->ask : statfs, &prober->worker);
}

/* Waits until all is answered, or one question has been open for too long, or the
 * time or the run is over. Takes the answers. Returns how many. */
static size_t wait_for_answers(struct worker *worker, struct round *round)
{
	size_t n = round->n - round->at;
	size_t answered;

	pthread_mutex_lock(&worker->lock);
	while (worker->next < n && !report_is_over(round->report)) {
		int64_t now_ns = monotonic_ns();
		int64_t due_ns = worker->asked_ns + round->patience_ns;
		struct timespec due;

		due_ns = due_ns < round->end_ns ? due_ns : round->end_ns;
		if (now_ns >= due_ns)
			break;
		if (due_ns > now_ns + WAIT_STEP_NS)
			due_ns = now_ns + WAIT_STEP_NS;
		due.tv_sec = due_ns / NS_PER_SECOND;
		due.tv_nsec = due_ns % NS_PER_SECOND;
		pthread_cond_timedwait(&worker->changed, &worker->lock, &due);
	}
	answered = worker->next;
	for (size_t i = 0; i < answered; i++) {
		struct probe *probe = round->probes[round->at + i];

		assert(probe);
		probe->answered = true;
		probe->result = worker->questions[i].result;
		probe->space = worker->questions[i].space;
	}
	pthread_mutex_unlock(&worker->lock);
	return answered;
}

/* Asks all that is left, up to the first that does not answer. 0 or a negative
 * errno. */
static int ask_on(struct prober *prober, struct round *round)
{
	size_t answered;
	int r = make_worker(prober);

	if (r == 0)
		r = worker_give(
			prober->worker, round->paths + round->at, round->n - round->at);
	if (r < 0)
		return r;
	answered = wait_for_answers(prober->worker, round);
	round->at += answered;
	if (round->at == round->n || report_is_over(round->report) ||
		monotonic_ns() >= round->end_ns)
		return 0;
	leave_behind(prober, round->report);
	round->at++;
	return 0;
}

static int ask_all(struct prober *prober, struct round *round)
{
	while (round->at < round->n && monotonic_ns() < round->end_ns &&
		!report_is_over(round->report)) {
		int r = ask_on(prober, round);

		if (r < 0)
			return r == -EBUSY ? 0 : r;
	}
	return 0;
}

int prober_ask(struct prober *prober, struct probe *probes, size_t n, int64_t timeout_ns,
	struct report *report)
{
	struct round round = {
		.paths = calloc(n + 1, sizeof(*round.paths)),
		.probes = calloc(n + 1, sizeof(*round.probes)),
		.patience_ns = timeout_ns / 2,
		.end_ns = monotonic_ns() + timeout_ns,
		.report = report,
	};
	int r = round.paths && round.probes ? 0 : -ENOMEM;

	welcome_back(prober, report);
	/* A run that ended early has left its worker to its question. */
	if (prober->worker && worker_is_busy(prober->worker))
		leave_behind(prober, report);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (hangs(prober, probes[i].path))
			continue;
		round.paths[round.n] = probes[i].path;
		round.probes[round.n++] = &probes[i];
	}
	if (r == 0)
		r = ask_all(prober, &round);
	free(round.paths);
	free(round.probes);
	return r;
}

void prober_stop(struct prober *prober)
{
	for (size_t i = 0; i < prober->n_hung; i++)
		worker_unref(prober->hung[i]);
	prober->n_hung = 0;
	if (!prober->worker)
		return;
	if (worker_is_busy(prober->worker)) {
		worker_leave(prober->worker);
		worker_unref(prober->worker);
	} else {
		worker_end(prober->worker);
	}
	prober->worker = NULL;
}
