/* SPDX-License-Identifier: Apache-2.0 */
#include "mail_exim.h"

#include "machine.h"
#include "monotonic.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	EXIM_TIME_DIGITS = 6,
	EXIM_BASE = 62,
	/* How often a long list looks at the time. */
	EXIM_CHECK = 256,
	EXIM_ENTRY_LIMIT = 1000000,
};

/* The lengths of the three parts of an id: up to Exim 4.96, and since 4.97. */
static const struct {
	size_t time, process, fraction;
} id_forms[] = {
	{ EXIM_TIME_DIGITS, 6, 2 },
	{ EXIM_TIME_DIGITS, 11, 4 },
};

/* A digit of base 62, in the order of ASCII; -1 for anything else. */
static int digit_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'A' && digit <= 'Z')
		return digit - 'A' + 10;
	if (digit >= 'a' && digit <= 'z')
		return digit - 'a' + 36;
	return -1;
}

static bool skip_digits(const char **at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (digit_value(**at) < 0)
			return false;
		++*at;
	}
	return true;
}

static bool skip_hyphen(const char **at)
{
	if (**at != '-')
		return false;
	++*at;
	return true;
}

/* What stands behind the id, NULL where there is none of this form. */
static const char *skip_id(const char *name, size_t form)
{
	const char *at = name;

	if (!skip_digits(&at, id_forms[form].time) || !skip_hyphen(&at) ||
		!skip_digits(&at, id_forms[form].process) || !skip_hyphen(&at) ||
		!skip_digits(&at, id_forms[form].fraction))
		return NULL;
	return at;
}

bool exim_file_parse(const char *name, struct exim_file *ret_file)
{
	const char *suffix = NULL;
	int64_t seconds = 0;

	for (size_t i = 0; i < RK_LEN(id_forms) && !suffix; i++)
		suffix = skip_id(name, i);
	if (!suffix || (strcmp(suffix, "-H") != 0 && strcmp(suffix, "-D") != 0))
		return false;
	for (size_t i = 0; i < EXIM_TIME_DIGITS; i++)
		seconds = seconds * EXIM_BASE + digit_value(name[i]);
	*ret_file = (struct exim_file){ (enum exim_kind)suffix[1], seconds };
	return true;
}

/* One pass over the spool. */
struct pass {
	struct mail_queue queue;
	struct report *report;
	int64_t due_ns;
	size_t entries;
	int result; /* -ETIMEDOUT, -EFBIG or -ECANCELED ends it early */
};

static bool pass_goes_on(struct pass *pass)
{
	if (++pass->entries > EXIM_ENTRY_LIMIT)
		pass->result = -EFBIG;
	if (pass->entries % EXIM_CHECK == 0) {
		if (monotonic_ns() > pass->due_ns)
			pass->result = -ETIMEDOUT;
		if (report_is_over(pass->report))
			pass->result = -ECANCELED;
	}
	return pass->result == 0;
}

static void count_file(struct pass *pass, int folder, const char *name)
{
	struct exim_file file;
	struct stat status;

	if (!exim_file_parse(name, &file))
		return;
	if (file.kind == EXIM_HEADER)
		mail_queue_add(&pass->queue, 0, file.received_s);
	else if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
		 status.st_size > 0)
		pass->queue.bytes += (uint64_t)status.st_size;
}

static DIR *open_folder(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
	int r = errno;

	if (fd >= 0 && !folder)
		close(fd);
	errno = r;
	return folder;
}

/* With split_spool_directory, messages are in folders of one character. */
static bool is_split_folder(const char *name)
{
	return digit_value(name[0]) >= 0 && name[1] == '\0';
}

static void count_folder(struct pass *pass, DIR *folder)
{
	const struct dirent *entry;

	while (pass_goes_on(pass) && (entry = readdir(folder)))
		count_file(pass, dirfd(folder), entry->d_name);
}

static void count_spool(struct pass *pass, DIR *input)
{
	const struct dirent *entry;

	while (pass_goes_on(pass) && (entry = readdir(input))) {
		DIR *folder;

		count_file(pass, dirfd(input), entry->d_name);
		if (!is_split_folder(entry->d_name))
			continue;
		folder = open_folder(dirfd(input), entry->d_name);
		if (folder) {
			count_folder(pass, folder);
			closedir(folder);
		}
	}
}

static DIR *open_input(const struct machine *machine)
{
	char spool[MACHINE_PATH_SIZE];
	DIR *input;
	int fd, r = machine_path(machine, machine->settings->mail.exim_spool, spool);

	if (r < 0) {
		errno = -r;
		return NULL;
	}
	fd = open(spool, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	input = open_folder(fd, "input");
	r = errno;
	close(fd);
	errno = r;
	return input;
}

static int explain_absence(
	const struct mail_settings *settings, struct report *report, int r)
{
	if (r == -ENOENT || r == -ENOTDIR)
		return report_fail(report, mail_absence(settings, MAIL_EXIM, r),
			"there is no Exim with its spool at '%s'", settings->exim_spool);
	if (r == -EACCES)
		return report_fail(report, mail_absence(settings, MAIL_EXIM, r),
			"not allowed to read Exim's spool at '%s'; its own group is",
			settings->exim_spool);
	return report_fail(report, r, "cannot read Exim's spool at '%s': %s",
		settings->exim_spool, strerror(-r));
}

static int mail_exim_collect(void *state, struct machine *machine, struct report *report)
{
	struct mail_exim *exim = state;
	const struct mail_settings *settings = &machine->settings->mail;
	struct pass pass = { .report = report };
	DIR *input;

	if (settings->server.index != MAIL_AUTO && settings->server.index != MAIL_EXIM)
		return 0;
	if (!schedule_is_due(&exim->schedule, settings->every.ns, report))
		return 0;
	input = open_input(machine);
	if (!input)
		return explain_absence(settings, report, -errno);
	pass.due_ns = monotonic_ns() + settings->timeout.ns;
	count_spool(&pass, input);
	closedir(input);
	if (pass.result == -ECANCELED)
		return pass.result;
	mail_report(report, &exim->queue, (struct mail_names){ "exim", "input" },
		&pass.queue, pass.result == 0);
	return report_fail(report, pass.result,
		"reading Exim's spool took too long after %zu files", pass.entries);
}

static void mail_exim_finish(void *state)
{
	(void)state; /* nothing is kept open */
}

const struct part mail_exim_part = {
	.name = "exim",
	.collect = mail_exim_collect,
	.finish = mail_exim_finish,
};
