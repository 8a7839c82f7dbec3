/* SPDX-License-Identifier: Apache-2.0 */
#include "filesystem.h"

#include "escape.h"
#include "machine.h"
#include "mounts.h"
#include "options.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { FILESYSTEM_LIMIT = 256 };

/* The member's handles. */
enum {
	HANDLE_USED,
	HANDLE_FREE,
	HANDLE_RESERVED,
	HANDLE_UTILIZATION,
	HANDLE_LIMIT,
	HANDLE_INODES_USED,
	HANDLE_INODES_FREE,
	HANDLE_INODES_UTILIZATION,
	HANDLES
};

/* A mount that is reported: the number is valid for the run. */
struct chosen {
	struct member *member;
	struct scan number;
};

struct choice {
	struct chosen mounts[FILESYSTEM_LIMIT];
	size_t n;
};

bool filesystem_split(const struct statfs *answer, struct filesystem_space *ret_space)
{
	uint64_t unit = (uint64_t)(answer->f_frsize ? answer->f_frsize : answer->f_bsize);
	struct filesystem_space space = {
		.inodes = answer->f_files,
		.inodes_free = answer->f_ffree,
	};

	if (answer->f_blocks == 0 || answer->f_bfree > answer->f_blocks ||
		__builtin_mul_overflow(answer->f_blocks, unit, &space.total))
		return false;
	/* Beyond its quota or its reserve, a file system may claim less than none. */
	if (answer->f_bavail <= answer->f_bfree)
		space.free = answer->f_bavail * unit;
	space.used = (answer->f_blocks - answer->f_bfree) * unit;
	space.reserved = space.total - space.used - space.free;
	*ret_space = space;
	return true;
}

/* The key of a mount is its point, type, mode and device, each with a NUL behind,
 * so that a mount of which one changes is another series. */
struct mount_key {
	char text[2 * PATH_MAX];
	size_t size;
};

static bool key_append(struct mount_key *key, const struct scan *written)
{
	char *to = key->text + key->size;

	if (!escape_undo(written, to, sizeof(key->text) - key->size))
		return false;
	key->size += strlen(to) + 1;
	return true;
}

static bool make_key(const struct mount *mount, struct mount_key *key)
{
	const char *mode = mount->read_only ? "ro" : "rw";
	struct scan mode_text = scan_of(mode, 2);

	key->size = 0;
	return key_append(key, &mount->point) && key_append(key, &mount->type) &&
	       key_append(key, &mode_text) && key_append(key, &mount->device);
}

struct mount_texts {
	const char *point, *type, *mode, *device;
};

static struct mount_texts member_texts(const struct member *member)
{
	struct mount_texts texts = { .point = member->key };

	texts.type = texts.point + strlen(texts.point) + 1;
	texts.mode = texts.type + strlen(texts.type) + 1;
	texts.device = texts.mode + strlen(texts.mode) + 1;
	return texts;
}

static bool is_wanted(const struct machine *machine, const struct member *member)
{
	const struct filesystem_settings *settings = &machine->settings->filesystem;
	struct mount_texts texts = member_texts(member);

	return label_fits(texts.point) && label_fits(texts.type) &&
	       label_fits(texts.device) && filter_takes(&settings->types, texts.type) &&
	       filter_takes(&settings->points, texts.point);
}

/* What is mounted later on the same point hides what was there. */
static void hide(struct choice *choice, const char *point)
{
	size_t kept = 0;

	for (size_t i = 0; i < choice->n; i++) {
		if (strcmp(choice->mounts[i].member->key, point) != 0)
			choice->mounts[kept++] = choice->mounts[i];
	}
	choice->n = kept;
}

static bool has_number(const struct choice *choice, const struct scan *number)
{
	for (size_t i = 0; i < choice->n; i++) {
		const struct scan *other = &choice->mounts[i].number;

		if (scan_left(other) == scan_left(number) &&
			memcmp(other->at, number->at, scan_left(number)) == 0)
			return true;
	}
	return false;
}

/* Chooses the mounts to report from machine->text. */
static void choose(struct filesystem *filesystem, const struct machine *machine,
	struct choice *choice)
{
	struct scan text = machine_scan(machine);
	struct mount_key key;
	struct mount mount;

	while (mount_next(&text, &mount)) {
		struct member *member;

		if (!make_key(&mount, &key))
			continue;
		member = roster_take(&filesystem->mounts, key.text, key.size);
		if (member && member->fresh)
			member->wanted = is_wanted(machine, member);
		hide(choice, key.text);
		if (member && member->wanted && !has_number(choice, &mount.number) &&
			choice->n < FILESYSTEM_LIMIT)
			choice->mounts[choice->n++] =
				(struct chosen){ member, mount.number };
	}
}

static uint32_t mount_series(struct report *report, struct member *member, size_t handle,
	enum metric metric, const char *state)
{
	struct mount_texts texts = member_texts(member);
	const struct rk_label labels[] = {
		{ LABEL_FS_POINT, texts.point },
		{ LABEL_FS_TYPE, texts.type },
		{ LABEL_FS_MODE, texts.mode },
		{ LABEL_DEVICE, texts.device },
		{ LABEL_FS_STATE, state },
	};

	return report_series(report, &member->handles[handle], metric, labels,
		state ? RK_LEN(labels) : RK_LEN(labels) - 1);
}

static void report_space(struct report *report, struct member *member,
	const struct filesystem_space *space)
{
	const struct {
		size_t handle;
		enum metric metric;
		const char *state;
		uint64_t amount;
	} bytes[] = {
		{ HANDLE_USED, METRIC_FILESYSTEM_USAGE, "used", space->used },
		{ HANDLE_FREE, METRIC_FILESYSTEM_USAGE, "free", space->free },
		{ HANDLE_RESERVED, METRIC_FILESYSTEM_USAGE, "reserved", space->reserved },
		{ HANDLE_LIMIT, METRIC_FILESYSTEM_LIMIT, NULL, space->total },
	};

	for (size_t i = 0; i < RK_LEN(bytes); i++)
		report_amount(report,
			mount_series(report, member, bytes[i].handle, bytes[i].metric,
				bytes[i].state),
			bytes[i].amount);
	/* What is reserved is beyond the reach of all but root: to a mail server the
	 * file system is full without it. */
	report_ratio(report,
		mount_series(report, member, HANDLE_UTILIZATION,
			METRIC_FILESYSTEM_UTILIZATION, "used"),
		space->used, space->used + space->free);
}

/* Some file systems, btrfs and most of FUSE, make inodes as they need them. */
static void report_inodes(struct report *report, struct member *member,
	const struct filesystem_space *space)
{
	uint64_t used;

	if (space->inodes == 0 || space->inodes_free > space->inodes)
		return;
	used = space->inodes - space->inodes_free;
	report_amount(report,
		mount_series(report, member, HANDLE_INODES_USED,
			METRIC_FILESYSTEM_INODES_USAGE, "used"),
		used);
	report_amount(report,
		mount_series(report, member, HANDLE_INODES_FREE,
			METRIC_FILESYSTEM_INODES_USAGE, "free"),
		space->inodes_free);
	report_ratio(report,
		mount_series(report, member, HANDLE_INODES_UTILIZATION,
			METRIC_FILESYSTEM_INODES_UTILIZATION, "used"),
		used, space->inodes);
}

static int report_answer(
	struct report *report, const struct chosen *chosen, const struct probe *probe)
{
	struct filesystem_space space;

	if (!probe->answered)
		return 0;
	/* Mounts come and go between the list and the question, and some are for
	 * their owner alone. */
	if (probe->result == -ENOENT || probe->result == -EACCES)
		return 0;
	if (probe->result < 0)
		return report_fail(report, probe->result, "cannot ask the mount '%s': %s",
			probe->path, strerror(-probe->result));
	if (filesystem_split(&probe->space, &space)) {
		report_space(report, chosen->member, &space);
		report_inodes(report, chosen->member, &space);
	}
	return 0;
}

static int ask(struct filesystem *filesystem, const struct machine *machine,
	struct report *report, const struct choice *choice, struct probe *probes)
{
	int result = 0;
	int r = prober_ask(&filesystem->prober, probes, choice->n,
		machine->settings->filesystem.timeout.ns, report);

	if (r < 0)
		return report_fail(report, r, "cannot ask the mounts: %s", strerror(-r));
	for (size_t i = 0; i < choice->n; i++) {
		r = report_answer(report, &choice->mounts[i], &probes[i]);
		if (r < 0)
			result = r;
	}
	return result;
}

static int report_chosen(struct filesystem *filesystem, const struct machine *machine,
	struct report *report, const struct choice *choice)
{
	struct probe *probes = calloc(choice->n + 1, sizeof(*probes));
	char path[MACHINE_PATH_SIZE];
	size_t n = 0;
	int r = probes ? 0 : -ENOMEM;

	for (; n < choice->n && r == 0; n++) {
		r = machine_path(machine, choice->mounts[n].member->key, path);
		probes[n].path = r == 0 ? strdup(path) : NULL;
		if (r == 0 && !probes[n].path)
			r = -ENOMEM;
	}
	if (r == 0)
		r = ask(filesystem, machine, report, choice, probes);
	for (size_t i = 0; i < n; i++)
		free(probes[i].path);
	free(probes);
	return r;
}

static int filesystem_collect(void *state, struct machine *machine, struct report *report)
{
	struct filesystem *filesystem = state;
	struct choice choice = { .n = 0 };
	int r = machine_read_view(machine, report, &filesystem->source, "mountinfo");

	if (r < 0)
		return r;
	roster_begin(&filesystem->mounts, HANDLES, 0);
	choose(filesystem, machine, &choice);
	r = report_chosen(filesystem, machine, report, &choice);
	roster_end(&filesystem->mounts, report);
	if (r < 0)
		return r;
	return machine_understood(machine, report, "mountinfo", filesystem->mounts.n > 0);
}

static void filesystem_finish(void *state)
{
	struct filesystem *filesystem = state;

	prober_stop(&filesystem->prober);
	source_close(&filesystem->source);
	roster_finish(&filesystem->mounts);
}

const struct part filesystem_part = {
	.name = "filesystem",
	.collect = filesystem_collect,
	.finish = filesystem_finish,
};
