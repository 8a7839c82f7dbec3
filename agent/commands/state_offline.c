/* SPDX-License-Identifier: Apache-2.0 */
#include "state_offline.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/file.h"
#include "journal/journal.h"
#include "journal/lock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- reading ----------------------------------------------------------- */

int state_offline_read(const char *state_dir, struct recovery *recovery)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	CLEANUP_FREE char *folder = path_join(state_dir, "journal");
	int r = folder ? recovery_look(folder, recovery, &why) : -ENOMEM;

	if (r < 0)
		fprintf(stderr, "rookery state: %s\n",
			why.size > 0 ? buffer_text(&why) : strerror(-r));
	return r;
}

/* ---- changing ---------------------------------------------------------- */

struct changing {
	uv_loop_t loop;
	struct journal *journal;
	int result;
};

static void on_done(void *context, int result, const struct part *part,
	const struct position *position)
{
	struct changing *changing = context;

	(void)part;
	(void)position;
	changing->result = result;
	journal_close(changing->journal, NULL, NULL);
}

static void begin_change(struct changing *changing, const struct state_change *change)
{
	CLEANUP(buffer_finish) struct buffer operations = { 0 };
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	int r = state_change_pack(
		journal_states(changing->journal), change, &operations, &why);

	if (r == 0)
		r = journal_change_state(changing->journal, change->collector,
			&operations, on_done, changing);
	if (r == 0)
		return;
	if (why.size > 0)
		fprintf(stderr, "rookery state: %s\n", buffer_text(&why));
	else
		fprintf(stderr, "rookery state: cannot change it: %s\n", strerror(-r));
	changing->result = r;
	journal_close(changing->journal, NULL, NULL);
}

/* The journal of an agent that is not there: nothing of it is ever removed here. */
static int change_journal(const char *folder, const struct state_change *change)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	const struct journal_settings settings = {
		.max_size.bytes = UINT64_MAX,
		.segment_size.bytes = UINT64_MAX,
		.max_age.ns = INT64_MAX,
		.sync = JOURNAL_SYNC_COMMIT,
	};
	const struct journal_options options = {
		.folder = folder,
		.settings = &settings,
		.clock = &clock_system,
	};
	struct changing changing = { 0 };
	int r = uv_loop_init(&changing.loop);

	if (r < 0)
		return r;
	r = journal_open(&changing.loop, &options, &changing.journal, &why);
	if (r < 0)
		fprintf(stderr, "rookery state: %s\n",
			why.size > 0 ? buffer_text(&why) : strerror(-r));
	else
		begin_change(&changing, change);
	uv_run(&changing.loop, UV_RUN_DEFAULT);
	uv_loop_close(&changing.loop);
	return r < 0 ? r : changing.result;
}

/* What root creates here, the agent's user could not read. */
static int check_owner(const char *state_dir)
{
	struct stat status;

	if (stat(state_dir, &status) < 0) {
		int r = -errno;

		fprintf(stderr, "rookery state: cannot look at '%s': %s\n", state_dir,
			strerror(-r));
		return r;
	}
	if (status.st_uid == geteuid())
		return 0;
	fprintf(stderr, "rookery state: '%s' belongs to user %u: run this as that user\n",
		state_dir, (unsigned int)status.st_uid);
	return -EPERM;
}

int state_offline_change(const char *state_dir, const struct state_change *change)
{
	CLEANUP_FREE char *folder = path_join(state_dir, "journal");
	int holder = 0, lock, r;

	if (!folder)
		return -ENOMEM;
	r = check_owner(state_dir);
	if (r < 0)
		return r;
	lock = lock_take(state_dir, &holder);
	if (lock == -EWOULDBLOCK)
		fprintf(stderr,
			"rookery state: an agent (pid %d) uses '%s': stop it first\n",
			holder, state_dir);
	else if (lock < 0)
		fprintf(stderr, "rookery state: cannot lock '%s': %s\n", state_dir,
			strerror(-lock));
	if (lock < 0)
		return lock;
	r = change_journal(folder, change);
	lock_release(lock);
	return r;
}
