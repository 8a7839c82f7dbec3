/* SPDX-License-Identifier: Apache-2.0 */
/* `rookery journal`: a table of subcommands, and what they share. */
#include "journal.h"

#include "base/macros.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "journal/cursors.h"
#include "journal/lock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int journal_target_init(struct journal_target *target)
{
	int status;

	if (target->state_dir && !target->common.config)
		return EXIT_FINE;
	status = setup_config(&target->setup, &target->common);
	if (status == EXIT_FINE && !target->state_dir)
		target->state_dir = target->setup.config->agent.state_dir;
	return status;
}

void journal_target_finish(struct journal_target *target)
{
	setup_finish(&target->setup);
}

int journal_target_run(const struct command *command, int argc, char **argv,
	int (*act)(const struct journal_target *target, bool as_json))
{
	struct journal_target target = { 0 };
	bool as_json = false;
	const struct command_option options[] = {
		JOURNAL_OPTIONS(&target),
		{ .name = "json", .flag = &as_json, .help = "as JSON" },
	};
	const struct command_line line = { command, options, LENGTH(options), 0 };
	int status;

	if (options_read(&line, argc, argv, &status) < 0)
		return status;
	status = journal_target_init(&target);
	if (status == EXIT_FINE)
		status = act(&target, as_json);
	journal_target_finish(&target);
	return status;
}

int journal_target_has_sink(const struct journal_target *target, const char *id)
{
	const struct config *config = target->setup.config;

	if (!config)
		return -1;
	for (size_t i = 0; i < config->n_sinks; i++) {
		if (text_equal(config->sinks[i].id, id))
			return 1;
	}
	return 0;
}

__attribute__((format(printf, 2, 0))) static void fails(
	const char *group, const char *format, va_list list)
{
	fprintf(stderr, "rookery %s: ", group);
	vfprintf(stderr, format, list);
	fputc('\n', stderr);
}

int journal_fails(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	fails("journal", format, list);
	va_end(list);
	return EXIT_FAILED;
}

int target_fails(const struct journal_target *target, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	fails(target->group ? target->group : "journal", format, list);
	va_end(list);
	return EXIT_FAILED;
}

/* What root creates in a folder of the agent's user, the agent cannot read. */
static int refuse_other_owner(const struct journal_target *target, const char *what)
{
	struct stat status;

	if (stat(target->state_dir, &status) < 0)
		return target_fails(target, "cannot %s: cannot read '%s': %s", what,
			target->state_dir, strerror(errno));
	if (status.st_uid == geteuid())
		return EXIT_FINE;
	return target_fails(target,
		"cannot %s: '%s' belongs to another user; run this as user "
		"%u (sudo -u '#%u' ...)",
		what, target->state_dir, (unsigned int)status.st_uid,
		(unsigned int)status.st_uid);
}

int journal_target_lock(const struct journal_target *target, const char *what)
{
	int holder = 0, fd;

	if (refuse_other_owner(target, what) != EXIT_FINE)
		return EXIT_FAILED;
	fd = lock_take(target->state_dir, &holder);
	if (fd >= 0)
		return EXIT_FINE;
	if (fd == -EWOULDBLOCK)
		return target_fails(target,
			"cannot %s: an agent (pid %d) uses '%s'; stop it "
			"first",
			what, holder, target->state_dir);
	return target_fails(target, "cannot %s: cannot lock '%s': %s", what,
		target->state_dir, strerror(-fd));
}

json_t *json_time(int64_t time_ns)
{
	struct timestamp_cache cache = { 0 };
	char text[TIMESTAMP_TEXT_SIZE];

	if (time_ns == 0)
		return json_null();
	return json_stringn(
		text, (size_t)(timestamp_to_text(&cache, text, time_ns) - text));
}

json_t *json_epoch(uint64_t epoch)
{
	char text[20];

	snprintf(text, sizeof(text), "%016" PRIx64, epoch);
	return json_string(text);
}

const char *cursor_problem(const struct known_cursor *cursor)
{
	return cursor->result == -EBADMSG ? "damaged" : strerror(-cursor->result);
}

void print_json(json_t *root)
{
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
}

static int journal_run(int argc, char **argv)
{
	static const struct command *const commands[] = {
		&command_journal_stat,
		&command_journal_list,
		&command_journal_check,
		&command_journal_repair,
		&command_journal_export,
		&command_journal_cursors,
	};
	static const struct command_group group = {
		.name = "rookery journal",
		.intro = "Looks into the journal of a state folder, checks, repairs and "
			 "exports it.",
		.commands = commands,
		.n = LENGTH(commands),
	};

	return command_group_run(&group, argc, argv);
}

const struct command command_journal = {
	.name = "journal",
	.summary = "look into the journal, check, repair or export it",
	.run = journal_run,
};
