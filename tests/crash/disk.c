/* SPDX-License-Identifier: Apache-2.0 */
/* The log of disk.h, and who waits for it. */
#include "disk.h"

#include "base/checksum.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FD = 4096 };

/* Long before the time of this machine, so that no two are the same by chance. */
#define FIRST_TIME_NS UINT64_C(1000000000000000000)

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	char *folder; /* NULL: nothing is watched */
	bool is_sealed;
	size_t folder_size;
	struct disk_entry *entries;
	size_t n, capacity;
	uint32_t n_files;
	size_t dies_at;
	enum disk_gate gate;
	bool at_gate;
	bool takes_turns, is_told;
	pthread_t listener;
} disk = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
	.dies_at = SIZE_MAX,
};

/* Read without the lock, so that calls for other files cost nothing. */
static atomic_uint file_of_fd[MAX_FD];

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static void entry_free(struct disk_entry *entry)
{
	free(entry->name);
	free(entry->other);
	free(entry->bytes);
}

/* ---- watching ---------------------------------------------------------- */

void disk_watch(const char *folder)
{
	disk_unwatch();
	disk.folder_size = strlen(folder);
	disk.folder = must(strdup(folder));
	disk.dies_at = SIZE_MAX;
}

void disk_seal(void)
{
	disk.is_sealed = true;
}

void disk_unwatch(void)
{
	for (size_t i = 0; i < disk.n; i++)
		entry_free(&disk.entries[i]);
	free(disk.entries);
	free(disk.folder);
	disk.entries = NULL;
	disk.folder = NULL;
	disk.n = disk.capacity = 0;
	disk.n_files = 0;
	disk.is_sealed = false;
	disk_forget_all();
	for (size_t i = 0; i < MAX_FD; i++)
		file_of_fd[i] = 0;
}

const char *disk_name(const char *path)
{
	if (!disk.folder || disk.is_sealed ||
		strncmp(path, disk.folder, disk.folder_size) != 0)
		return NULL;
	if (path[disk.folder_size] == '\0')
		return path + disk.folder_size;
	return path[disk.folder_size] == '/' ? path + disk.folder_size + 1 : NULL;
}

size_t disk_size(void)
{
	size_t n;

	pthread_mutex_lock(&disk.lock);
	n = disk.n;
	pthread_mutex_unlock(&disk.lock);
	return n;
}

const struct disk_entry *disk_entry(size_t i)
{
	return &disk.entries[i];
}

/* Tells contents apart. */
static uint32_t sum_of(const struct disk_entry *entry)
{
	return entry->bytes ? crc32c(0, entry->bytes, entry->size) : 0;
}

void disk_print(void)
{
	static const char *const kinds[] = { "create", "folder", "rename", "remove",
		"write", "size", "time", "sync", "sync folder", "mark" };

	for (size_t i = 0; i < disk.n; i++) {
		const struct disk_entry *entry = &disk.entries[i];

		printf("%4zu %-11s %s%s%s file %u mark %u offset %llu size %zu (%08x)\n",
			i, kinds[entry->kind], entry->name ? entry->name : "",
			entry->other ? " -> " : "", entry->other ? entry->other : "",
			entry->file, entry->mark, (unsigned long long)entry->offset,
			entry->size, sum_of(entry));
	}
}

/* ---- the log ----------------------------------------------------------- */

static bool is_dead(void)
{
	return disk.n >= disk.dies_at;
}

static bool is_held(enum disk_kind kind)
{
	return disk.gate == DISK_GATE_CHANGES ||
	       (disk.gate == DISK_GATE_SYNCS && kind == DISK_SYNC);
}

static bool waits_for_turn(void)
{
	return disk.is_told && !pthread_equal(pthread_self(), disk.listener);
}

bool disk_begin(enum disk_kind kind)
{
	pthread_mutex_lock(&disk.lock);
	while (is_held(kind) || waits_for_turn()) {
		disk.at_gate |= is_held(kind);
		pthread_cond_broadcast(&disk.changed);
		pthread_cond_wait(&disk.changed, &disk.lock);
	}
	return !is_dead();
}

static void entry_add(const struct disk_entry *entry)
{
	struct disk_entry *copy;

	if (disk.n == disk.capacity) {
		disk.capacity = disk.capacity ? disk.capacity * 2 : 256;
		disk.entries = must(
			realloc(disk.entries, disk.capacity * sizeof(*disk.entries)));
	}
	copy = &disk.entries[disk.n++];
	*copy = *entry;
	if (entry->name)
		copy->name = must(strdup(entry->name));
	if (entry->other)
		copy->other = must(strdup(entry->other));
	if (entry->bytes) {
		copy->bytes = must(malloc(entry->size + 1));
		memcpy(copy->bytes, entry->bytes, entry->size);
	}
	if (is_dead())
		pthread_cond_broadcast(&disk.changed);
}

uint64_t disk_time_ns(size_t i)
{
	return FIRST_TIME_NS + i * UINT64_C(1000000000);
}

uint64_t disk_next_time_ns(void)
{
	return disk_time_ns(disk.n);
}

void disk_end(const struct disk_entry *entry)
{
	if (entry && !is_dead())
		entry_add(entry);
	pthread_mutex_unlock(&disk.lock);
}

bool disk_mark(uint32_t mark, uint64_t value)
{
	struct disk_entry entry = { .kind = DISK_MARK, .mark = mark, .offset = value };
	bool alive;

	pthread_mutex_lock(&disk.lock);
	alive = !is_dead();
	if (alive)
		entry_add(&entry);
	pthread_mutex_unlock(&disk.lock);
	return alive;
}

void disk_kill_at(size_t n_entries)
{
	pthread_mutex_lock(&disk.lock);
	disk.dies_at = n_entries;
	pthread_mutex_unlock(&disk.lock);
}

bool disk_is_dead(void)
{
	bool dead;

	pthread_mutex_lock(&disk.lock);
	dead = is_dead();
	pthread_mutex_unlock(&disk.lock);
	return dead;
}

void disk_revive(void)
{
	disk_kill_at(SIZE_MAX);
}

/* ---- the gate ---------------------------------------------------------- */

void disk_close_gate(enum disk_gate gate)
{
	pthread_mutex_lock(&disk.lock);
	disk.gate = gate;
	disk.at_gate = false;
	pthread_mutex_unlock(&disk.lock);
}

void disk_wait_at_gate(void)
{
	pthread_mutex_lock(&disk.lock);
	while (!disk.at_gate && !is_dead())
		pthread_cond_wait(&disk.changed, &disk.lock);
	pthread_mutex_unlock(&disk.lock);
}

void disk_open_gate(void)
{
	pthread_mutex_lock(&disk.lock);
	disk.gate = DISK_GATE_OPEN;
	pthread_cond_broadcast(&disk.changed);
	pthread_mutex_unlock(&disk.lock);
}

/* ---- turns ------------------------------------------------------------- */

static void set_turns(bool takes_turns)
{
	pthread_mutex_lock(&disk.lock);
	disk.listener = pthread_self();
	disk.takes_turns = takes_turns;
	disk.is_told = false;
	pthread_cond_broadcast(&disk.changed);
	pthread_mutex_unlock(&disk.lock);
}

void disk_begin_turns(void)
{
	set_turns(true);
}

void disk_end_turns(void)
{
	set_turns(false);
}

void disk_was_told(void)
{
	pthread_mutex_lock(&disk.lock);
	if (disk.takes_turns && !pthread_equal(pthread_self(), disk.listener))
		disk.is_told = true;
	pthread_mutex_unlock(&disk.lock);
}

bool disk_is_told(void)
{
	bool told;

	pthread_mutex_lock(&disk.lock);
	told = disk.is_told;
	pthread_mutex_unlock(&disk.lock);
	return told;
}

void disk_wait_for_turn(void)
{
	pthread_mutex_lock(&disk.lock);
	while (waits_for_turn())
		pthread_cond_wait(&disk.changed, &disk.lock);
	pthread_mutex_unlock(&disk.lock);
}

void disk_go_on(void)
{
	pthread_mutex_lock(&disk.lock);
	disk.is_told = false;
	pthread_cond_broadcast(&disk.changed);
	pthread_mutex_unlock(&disk.lock);
}

/* ---- which file is which ----------------------------------------------- */

uint32_t disk_new_file(void)
{
	return ++disk.n_files;
}

uint32_t disk_file_of_fd(int fd)
{
	return fd >= 0 && fd < MAX_FD ? file_of_fd[fd] : 0;
}

void disk_set_fd(int fd, uint32_t file)
{
	if (fd >= 0 && fd < MAX_FD)
		file_of_fd[fd] = file;
}

/* What the last entry about a name made of it. */
uint32_t disk_file_of_name(const char *name)
{
	for (size_t i = disk.n; i > 0; i--) {
		const struct disk_entry *entry = &disk.entries[i - 1];

		if (entry->kind == DISK_RENAME && strcmp(entry->other, name) == 0)
			return entry->file;
		if ((entry->kind == DISK_REMOVE || entry->kind == DISK_RENAME) &&
			strcmp(entry->name, name) == 0)
			return 0;
		if (entry->kind == DISK_CREATE && strcmp(entry->name, name) == 0)
			return entry->file;
	}
	return 0;
}
