/* SPDX-License-Identifier: Apache-2.0 */
/* What is found after the power went: disk.h says what may be. */
#include "disk.h"

#include "base/buffer.h"
#include "base/macros.h"
#include "base/random.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_NAMES = 256, PATH_SIZE = 512 };

struct name {
	const char *text;
	uint32_t file; /* 0: a folder */
};

struct loss {
	struct random random;
	size_t n; /* entries before the power went */
	/* Of a hundred writes that were not synced, how many are there, and of a
	 * hundred of the others how many changed the size. */
	uint64_t kept, grown;
	/* Names: all changes before this entry are there, or each by chance. */
	bool names_in_order;
	size_t names_until;
	struct name names[MAX_NAMES];
	size_t n_names;
};

static bool chance(struct loss *loss, uint64_t percent)
{
	return random_below(&loss->random, 100) < percent;
}

static void must_be(bool ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	abort();
}

/* ---- names ------------------------------------------------------------- */

static bool stands_in(const char *name, const char *folder)
{
	size_t n = strlen(folder);

	if (n == 0)
		return !strchr(name, '/');
	return strncmp(name, folder, n) == 0 && name[n] == '/' &&
	       !strchr(name + n + 1, '/');
}

/* Whether a folder of entry i was synced behind it. */
static bool is_synced(const struct loss *loss, size_t i)
{
	const struct disk_entry *entry = disk_entry(i);

	for (size_t j = i + 1; j < loss->n; j++) {
		const struct disk_entry *sync = disk_entry(j);

		if (sync->kind == DISK_SYNC_FOLDER &&
			(stands_in(entry->name, sync->name) ||
				(entry->other && stands_in(entry->other, sync->name))))
			return true;
	}
	return false;
}

static bool name_is_kept(struct loss *loss, size_t i)
{
	if (is_synced(loss, i))
		return true;
	return loss->names_in_order ? i < loss->names_until : chance(loss, loss->kept);
}

static void name_remove(struct loss *loss, const char *text)
{
	for (size_t i = 0; i < loss->n_names; i++) {
		if (strcmp(loss->names[i].text, text) == 0)
			loss->names[i--] = loss->names[--loss->n_names];
	}
}

static void name_add(struct loss *loss, const char *text, uint32_t file)
{
	name_remove(loss, text);
	must_be(loss->n_names < MAX_NAMES, "names");
	loss->names[loss->n_names++] = (struct name){ text, file };
}

static void find_names(struct loss *loss)
{
	for (size_t i = 0; i < loss->n; i++) {
		const struct disk_entry *entry = disk_entry(i);

		if (entry->kind > DISK_REMOVE || !name_is_kept(loss, i))
			continue;
		if (entry->kind == DISK_REMOVE || entry->kind == DISK_RENAME)
			name_remove(loss, entry->name);
		if (entry->kind == DISK_RENAME)
			name_add(loss, entry->other, entry->file);
		else if (entry->kind != DISK_REMOVE)
			name_add(loss, entry->name, entry->file);
	}
}

/* ---- contents ---------------------------------------------------------- */

static void grow(struct buffer *bytes, size_t size)
{
	size_t before = bytes->size;
	uint8_t *room;

	if (size <= before)
		return;
	room = buffer_reserve(bytes, size - before);
	must_be(room, "memory");
	memset(room, 0, size - before);
	buffer_advance(bytes, size - before);
}

static void put(
	struct buffer *bytes, const struct disk_entry *entry, size_t begin, size_t end)
{
	grow(bytes, (size_t)entry->offset + end);
	memcpy(bytes->data + entry->offset + begin, entry->bytes + begin, end - begin);
}

static void resize(struct buffer *bytes, size_t size)
{
	if (size < bytes->size)
		buffer_cut(bytes, size);
	grow(bytes, size);
}

static void apply(struct buffer *bytes, const struct disk_entry *entry)
{
	if (entry->kind == DISK_WRITE)
		put(bytes, entry, 0, entry->size);
	else
		resize(bytes, (size_t)entry->offset);
}

/* Sector by sector, as the disk has them. */
static void apply_torn(
	struct loss *loss, struct buffer *bytes, const struct disk_entry *entry)
{
	size_t begin = 0;

	while (begin < entry->size) {
		size_t sector = ((size_t)entry->offset + begin) % DISK_SECTOR;
		size_t end = MIN(begin + DISK_SECTOR - sector, entry->size);

		if (chance(loss, 50))
			put(bytes, entry, begin, end);
		begin = end;
	}
}

static void apply_by_chance(
	struct loss *loss, struct buffer *bytes, const struct disk_entry *entry)
{
	if (chance(loss, loss->kept))
		apply(bytes, entry);
	else if (entry->kind == DISK_WRITE && loss->kept > 0 && chance(loss, 50))
		apply_torn(loss, bytes, entry);
	if (entry->kind == DISK_WRITE && chance(loss, loss->grown))
		grow(bytes, (size_t)(entry->offset + entry->size));
}

static void find_content(struct loss *loss, uint32_t file, struct buffer *bytes)
{
	size_t synced = 0;

	for (size_t i = 0; i < loss->n; i++) {
		const struct disk_entry *entry = disk_entry(i);

		if (entry->file == file && entry->kind == DISK_SYNC)
			synced = i;
	}
	for (size_t i = 0; i < loss->n; i++) {
		const struct disk_entry *entry = disk_entry(i);

		if (entry->file != file ||
			(entry->kind != DISK_WRITE && entry->kind != DISK_SIZE))
			continue;
		if (i < synced)
			apply(bytes, entry);
		else
			apply_by_chance(loss, bytes, entry);
	}
}

/* When it was changed, as far as that is known again. */
static uint64_t find_time_ns(struct loss *loss, uint32_t file)
{
	uint64_t time_ns = 0;
	size_t synced = 0;

	for (size_t i = 0; i < loss->n; i++) {
		const struct disk_entry *entry = disk_entry(i);

		if (entry->file == file && entry->kind == DISK_SYNC && entry->with_time)
			synced = i;
	}
	for (size_t i = 0; i < loss->n; i++) {
		const struct disk_entry *entry = disk_entry(i);
		bool changes = entry->kind == DISK_CREATE || entry->kind == DISK_WRITE ||
			       entry->kind == DISK_SIZE || entry->kind == DISK_TIME;

		if (entry->file != file || !changes)
			continue;
		if (time_ns == 0 || i < synced || chance(loss, loss->kept))
			time_ns = entry->kind == DISK_TIME ? entry->offset
							   : disk_time_ns(i);
	}
	return time_ns;
}

/* ---- on the disk ------------------------------------------------------- */

static bool has_name(const struct loss *loss, const char *text, size_t n)
{
	for (size_t i = 0; i < loss->n_names; i++) {
		const struct name *name = &loss->names[i];

		if (name->file == 0 && strlen(name->text) == n &&
			memcmp(name->text, text, n) == 0)
			return true;
	}
	return false;
}

/* Whether all folders above a name are there. */
static bool is_reachable(const struct loss *loss, const char *text)
{
	for (const char *slash = strchr(text, '/'); slash; slash = strchr(slash + 1, '/'))
		if (!has_name(loss, text, (size_t)(slash - text)))
			return false;
	return true;
}

/* Shorter names first, so that a folder is there before what stands in it. */
static int compare_names(const void *a, const void *b)
{
	const struct name *first = a, *second = b;
	size_t n = strlen(first->text), m = strlen(second->text);

	return n == m ? strcmp(first->text, second->text) : n < m ? -1 : 1;
}

static void set_time(int fd, uint64_t time_ns)
{
	struct timespec time = {
		.tv_sec = (time_t)(time_ns / 1000000000u),
		.tv_nsec = (long)(time_ns % 1000000000u),
	};
	struct timespec times[2] = { time, time };

	must_be(futimens(fd, times) == 0, "cannot set a time");
}

static void write_file(struct loss *loss, const char *path, uint32_t file)
{
	struct buffer bytes = { 0 };
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0640);

	find_content(loss, file, &bytes);
	must_be(fd >= 0, path);
	must_be(write(fd, bytes.data, bytes.size) == (ssize_t)bytes.size, path);
	set_time(fd, find_time_ns(loss, file));
	disk_know(fd, file);
	close(fd);
	buffer_finish(&bytes);
}

static void make(struct loss *loss, const char *to)
{
	disk_forget_all();
	find_names(loss);
	qsort(loss->names, loss->n_names, sizeof(*loss->names), compare_names);
	for (size_t i = 0; i < loss->n_names; i++) {
		const struct name *name = &loss->names[i];
		char path[PATH_SIZE];

		if (!is_reachable(loss, name->text))
			continue;
		snprintf(path, sizeof(path), "%s/%s", to, name->text);
		if (name->file)
			write_file(loss, path, name->file);
		else
			must_be(mkdir(path, 0750) == 0, path);
	}
}

void disk_lose(uint64_t seed, size_t n_entries, const char *to)
{
	static const uint64_t kept[] = { 0, 0, 10, 50, 90, 100 };
	static const uint64_t grown[] = { 0, 0, 50, 100 };
	static struct loss loss;

	loss = (struct loss){ .n = n_entries };
	random_seed(&loss.random, seed);
	loss.kept = kept[random_below(&loss.random, LENGTH(kept))];
	loss.grown = grown[random_below(&loss.random, LENGTH(grown))];
	loss.names_in_order = chance(&loss, 50);
	loss.names_until = (size_t)random_below(&loss.random, n_entries + 1);
	if (loss.names_in_order && chance(&loss, 50))
		loss.names_until = chance(&loss, 50) ? 0 : n_entries;
	make(&loss, to);
}

void disk_keep(size_t n_entries, const char *to)
{
	static struct loss loss;

	loss = (struct loss){
		.n = n_entries,
		.kept = 100,
		.names_in_order = true,
		.names_until = n_entries,
	};
	make(&loss, to);
}
