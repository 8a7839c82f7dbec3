/* SPDX-License-Identifier: Apache-2.0 */
#include "cursor.h"

#include "base/bytes.h"
#include "base/checksum.h"
#include "base/cleanup.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char slot_magic[4] = { 'r', 'k', 'c', 'u' };

enum { READ_TRIES = 3 };

static void position_put(uint8_t *to, const struct position *position)
{
	put_u64(to, position->epoch);
	put_u64(to + 8, position->sequence);
	put_u32(to + 16, position->index);
}

static struct position position_get(const uint8_t *from)
{
	return (struct position){ get_u64(from), get_u64(from + 8), get_u32(from + 16) };
}

static void slot_put(uint8_t *to, uint64_t counter, const struct cursor_record *record)
{
	memset(to, 0, CURSOR_SLOT_SIZE);
	memcpy(to, slot_magic, sizeof(slot_magic));
	put_u64(to + 8, counter);
	position_put(to + 16, &record->acknowledged);
	put_u32(to + 40, record->has_batch);
	put_u32(to + 44, record->n_records);
	put_u64(to + 48, record->shape);
	position_put(to + 56, &record->end);
	put_u32(to + 76, record->note_size);
	memcpy(to + 80, record->note, record->note_size);
	put_u64(to + CURSOR_SLOT_SIZE - 16, record->lost_frames);
	put_u64(to + CURSOR_SLOT_SIZE - 8, record->lost_samples);
	put_u32(to + 4, crc32c(0, to + 8, CURSOR_SLOT_SIZE - 8));
}

static bool slot_get(
	const uint8_t *from, uint64_t *ret_counter, struct cursor_record *ret_record)
{
	uint32_t note_size = get_u32(from + 76);

	if (memcmp(from, slot_magic, sizeof(slot_magic)) != 0 ||
		get_u32(from + 4) != crc32c(0, from + 8, CURSOR_SLOT_SIZE - 8) ||
		note_size > CURSOR_NOTE_LIMIT)
		return false;
	*ret_counter = get_u64(from + 8);
	ret_record->acknowledged = position_get(from + 16);
	ret_record->has_batch = get_u32(from + 40) != 0;
	ret_record->n_records = get_u32(from + 44);
	ret_record->shape = get_u64(from + 48);
	ret_record->end = position_get(from + 56);
	ret_record->lost_frames = get_u64(from + CURSOR_SLOT_SIZE - 16);
	ret_record->lost_samples = get_u64(from + CURSOR_SLOT_SIZE - 8);
	ret_record->note_size = note_size;
	memcpy(ret_record->note, from + 80, note_size);
	return true;
}

static int read_slots(struct cursor *cursor, struct cursor_record *ret_record)
{
	uint8_t slots[2][CURSOR_SLOT_SIZE] = { { 0 } };
	struct cursor_record record;
	uint64_t counter;
	ssize_t n = file_read_at(cursor->fd, slots, sizeof(slots), 0);

	if (n < 0)
		return (int)n;
	for (size_t i = 0; i < 2; i++) {
		if (slot_get(slots[i], &counter, &record) && counter > cursor->counter) {
			cursor->counter = counter;
			*ret_record = record;
		}
	}
	return cursor->counter > 0 ? 0 : -EBADMSG;
}

int cursor_open(struct cursor *cursor, const char *path, struct cursor_record *ret_record)
{
	*cursor = (struct cursor){ .fd = open(path, O_RDWR | O_CLOEXEC) };
	if (cursor->fd < 0)
		return -errno;
	return read_slots(cursor, ret_record);
}

int cursor_read(const char *path, struct cursor_record *ret_record)
{
	struct cursor cursor = { .fd = open(path, O_RDONLY | O_CLOEXEC) };
	int r = -EBADMSG;

	if (cursor.fd < 0)
		return -errno;
	/* Both slots may be written while one read looks at them, but not each time. */
	for (int i = 0; r == -EBADMSG && i < READ_TRIES; i++)
		r = read_slots(&cursor, ret_record);
	cursor_close(&cursor);
	return r;
}

static int sync_folder_of(const char *path)
{
	CLEANUP_FREE char *folder = strdup(path);

	return folder ? folder_sync(dirname(folder)) : -ENOMEM;
}

int cursor_settle(const struct cursor *cursor, const char *path)
{
	return fdatasync(cursor->fd) < 0 ? -errno : sync_folder_of(path);
}

static int create_file(int fd, const struct cursor_record *record)
{
	uint8_t slots[2][CURSOR_SLOT_SIZE] = { { 0 } };

	slot_put(slots[1], 1, record);
	if (file_write_at(fd, slots, sizeof(slots), 0) < 0 || fsync(fd) < 0)
		return -errno;
	return 0;
}

int cursor_create(
	struct cursor *cursor, const char *path, const struct cursor_record *record)
{
	CLEANUP_FREE char *new_path = NULL;
	int r;

	*cursor = (struct cursor){ .fd = -1 };
	if (asprintf(&new_path, "%s.new", path) < 0)
		return -ENOMEM;
	cursor->fd = open(new_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	if (cursor->fd < 0)
		return -errno;
	r = create_file(cursor->fd, record);
	if (r == 0 && rename(new_path, path) < 0)
		r = -errno;
	if (r == 0)
		r = sync_folder_of(path);
	cursor->counter = 1;
	if (r < 0)
		cursor_close(cursor);
	return r;
}

int cursor_write(struct cursor *cursor, const struct cursor_record *record, bool sync)
{
	uint64_t counter = cursor->counter + 1;
	uint8_t slot[CURSOR_SLOT_SIZE];
	int r;

	slot_put(slot, counter, record);
	r = file_write_at(
		cursor->fd, slot, sizeof(slot), (off_t)(counter % 2 * CURSOR_SLOT_SIZE));
	if (r < 0)
		return r;
	cursor->counter = counter;
	return sync && fdatasync(cursor->fd) < 0 ? -errno : 0;
}

void cursor_close(struct cursor *cursor)
{
	if (cursor->fd >= 0)
		close(cursor->fd);
	cursor->fd = -1;
}
