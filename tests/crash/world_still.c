/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the threads of a world come to rest: the writer goes on when the loop has heard
 * what it was told, a job is done when the writer is still, and what a sink does on a
 * thread of its own between two jobs. So nothing in the log of the disk is chance.
 */
#include "world.h"

#include "campaign.h"
#include "disk.h"
#include "journal/internal.h"
#include "parts.h"

#include <dlfcn.h>
#include <pthread.h>

/* ---- stillness --------------------------------------------------------- */

/* Between a call that tells something and the note of it. */
static pthread_mutex_t telling = PTHREAD_MUTEX_INITIALIZER;

/* The writer tells the loop something. */
int uv_async_send(uv_async_t *async)
{
	static __typeof__(uv_async_send) *_Atomic real;
	int r;

	if (!real)
		real = __extension__(__typeof__(uv_async_send) *)
			dlsym(RTLD_NEXT, "uv_async_send");
	pthread_mutex_lock(&telling);
	r = real(async);
	disk_was_told();
	pthread_mutex_unlock(&telling);
	return r;
}

/* It shares what it knows of its segment without a change of the disk before that. */
void __wrap_commit_add(struct writer *writer, struct journal_append *append);
void __real_commit_add(struct writer *writer, struct journal_append *append);

void __wrap_commit_add(struct writer *writer, struct journal_append *append)
{
	disk_wait_for_turn();
	__real_commit_add(writer, append);
}

/* One turn of the loop, which hears what it was told before the writer goes on. */
void world_turn(struct world *world)
{
	bool told;

	pthread_mutex_lock(&telling);
	told = disk_is_told();
	pthread_mutex_unlock(&telling);
	uv_run(&world->loop, told ? UV_RUN_NOWAIT : UV_RUN_ONCE);
	if (told)
		disk_go_on();
}

/* The writer has done all that it was given when it has told three times since: of
 * what it had told before, of what it was at, and of what came then. Where it changed
 * the disk meanwhile, what it told may have given it more to do. */
void world_wait_for_writer(struct world *world)
{
	struct source_view view = parts_source();

	for (int i = 0; i < 3;) {
		uint64_t before = world->n_news;
		size_t size = disk_size();

		journal_source_destroy(
			world->journal, journal_source_create(world->journal, &view));
		while (world->n_news == before)
			world_turn(world);
		i = disk_size() == size ? i + 1 : 0;
	}
}

/* A job of the delivery waits until the writer is still: which of them changes the
 * disk first would else be chance. */
static struct {
	uv_loop_t *loop;
	uv_work_t *work;
	uv_work_cb on_work;
	uv_after_work_cb on_done;
	bool cancelled;
} held_job;

int uv_queue_work(
	uv_loop_t *loop, uv_work_t *work, uv_work_cb on_work, uv_after_work_cb on_done)
{
	must(!held_job.work, "two jobs at once");
	held_job.loop = loop;
	held_job.work = work;
	held_job.on_work = on_work;
	held_job.on_done = on_done;
	held_job.cancelled = false;
	return 0;
}

/* A thread has taken it, or none has. */
int uv_cancel(uv_req_t *request)
{
	if ((uv_req_t *)held_job.work != request || !world_coin())
		return UV_EBUSY;
	held_job.cancelled = true;
	return 0;
}

/* Does the job that waits, where there is one. */
bool world_do_job(struct world *world)
{
	static __typeof__(uv_queue_work) *real;
	uv_work_t *work = held_job.work;

	if (!work)
		return false;
	if (!real)
		real = __extension__(__typeof__(uv_queue_work) *)
			dlsym(RTLD_NEXT, "uv_queue_work");
	held_job.work = NULL;
	if (held_job.cancelled) {
		held_job.on_done(work, UV_ECANCELED);
		return true;
	}
	must(real(held_job.loop, work, held_job.on_work, held_job.on_done) == 0,
		"cannot start a job");
	while (world->loop.active_reqs.count > 0)
		world_turn(world);
	return true;
}

static bool sink_answers(const struct world *world)
{
	return world->sink && world->sink->answers && !world->sink->held;
}

/* Notes what consumers may read by now. */
static void note_readable(struct world *world)
{
	for (size_t i = 0; i < world->ledger->n_parts; i++) {
		struct ledger_part *part = &world->ledger->parts[i];

		if (part->readable || part->gone || part->position.epoch == 0)
			continue;
		list_each(link, &world->journal->segments)
		{
			const struct segment_info *info =
				container_of(link, struct segment_info, link);

			if (info->epoch == part->position.epoch &&
				info->first_sequence <= part->position.sequence &&
				part->position.sequence < info->extent.readable_end)
				part->readable =
					ledger_mark(world->ledger, MARK_READABLE, i);
		}
	}
}

/* Some of it between two jobs, the rest when there is no job. */
static bool do_background(struct world *world, uint64_t percent)
{
	return world->background && random_below(&world->random, 100) < percent &&
	       world->background(world);
}

void world_settle(struct world *world)
{
	disk_begin_turns();
	for (;;) {
		world_wait_for_writer(world);
		if (world_do_job(world)) {
			do_background(world, 30);
			continue;
		}
		if (sink_answers(world))
			world_sink_answer(world->sink);
		else if (world->sending)
			world_turn(world);
		else if (!do_background(world, 100))
			break;
	}
	disk_end_turns();
	note_readable(world);
}
