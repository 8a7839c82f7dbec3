/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Damage. A round fills a journal of several lives, delivers a part of it, changes bits
 * in segments, .series files and the cursor, and opens it again: that never fails, every
 * frame whose bytes are whole is delivered, and every other one that the receiver lacks
 * lies in the quarantine.
 *
 *	flip --seed S --rounds N
 */
#include "base/cleanup.h"
#include "base/file.h"
#include "campaign.h"
#include "journal/segments.h"
#include "journal/tail.h"
#include "model/record.h"
#include "world.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FRAMES = 512, MAX_FILES = 64 };

static struct campaign campaign = { .name = "flip", .n_rounds = 150 };

/* One frame as it was written. */
struct written {
	size_t file; /* its segment */
	uint64_t begin, end;
	size_t part;
	bool damaged;
};

/* One file, and whether something in it was changed. */
struct changed {
	char *path; /* owned */
	bool is_changed;
	bool frame_is_changed; /* ... within a frame */
};

struct journey {
	struct world world;
	struct ledger ledger;
	struct written frames[MAX_FRAMES];
	size_t n_frames;
	struct changed files[MAX_FILES];
	size_t n_files;
};

static struct {
	uint64_t flips, frames, damaged, delivered;
} sums;

/* ---- what is there ----------------------------------------------------- */

static void live(struct world *world)
{
	uint64_t steps = 4 + random_below(&world->random, 14);

	must(world_open_journal(world) == 0 && world_open_delivery(world) == 0,
		"cannot be opened");
	while (steps-- > 0) {
		if (random_below(&world->random, 12) == 0)
			world_deliver(world);
		else
			world_append(world, 1, 12);
	}
	world_close_delivery(world);
	world_close_journal(world);
}

static void note_frame(struct journey *journey, const struct tail *tail,
	const struct frame *frame, const struct frame_view *view)
{
	struct written *written = &journey->frames[journey->n_frames++];
	struct record_reader reader;
	struct record record;
	struct ledger_part *part;

	(void)tail;
	must(journey->n_frames < MAX_FRAMES, "too many frames");
	record_reader_begin(&reader, view);
	must(record_reader_next(&reader, &record), "an empty frame");
	part = ledger_part_of(&journey->ledger, record.sample.value.digits);
	must(part, "nobody wrote that");
	*written = (struct written){
		.file = journey->n_files,
		.begin = frame->offset,
		.end = frame->offset + FRAME_HEADER_SIZE + frame->header.size,
		.part = (size_t)(part - journey->ledger.parts),
	};
}

static void add_file(struct journey *journey, char *path)
{
	must(path && journey->n_files < MAX_FILES, "too many files");
	journey->files[journey->n_files++] = (struct changed){ .path = path };
}

/* Segments and their .series files in turn, then the cursor. */
static void find_files(struct journey *journey)
{
	struct segments_scan scan;
	struct list segments;

	list_init(&segments);
	must(segments_find(journey->world.journal_folder, false, &segments, &scan) == 0,
		"the journal cannot be read");
	list_each(link, &segments)
	{
		const char *path = container_of(link, struct segment_info, link)->path;
		struct tail tail = { .reader.fd = -1 };
		struct frame_view view;
		struct frame frame;
		char *series = NULL;

		must(tail_open(&tail, path) == 0, "a segment cannot be read");
		while (tail_next(&tail, UINT64_MAX, &frame, &view) > 0)
			note_frame(journey, &tail, &frame, &view);
		tail_close(&tail);
		add_file(journey, strdup(path));
		must(asprintf(&series, "%.*sseries", (int)strlen(path) - 7, path) > 0,
			"memory");
		add_file(journey, series);
	}
	segments_scan_finish(&scan);
	segments_free(&segments);
	add_file(journey, world_cursor_path(&journey->world));
}

/* ---- damage ------------------------------------------------------------ */

static void mark_damage(
	struct journey *journey, size_t file, uint64_t begin, uint64_t end)
{
	journey->files[file].is_changed = true;
	for (size_t i = 0; i < journey->n_frames; i++) {
		struct written *frame = &journey->frames[i];

		if (frame->file == file && begin < frame->end && end > frame->begin)
			frame->damaged = journey->files[file].frame_is_changed = true;
	}
}

/* A few bits, or a stretch of up to a sector. */
static void flip(struct journey *journey)
{
	struct random *random = &journey->world.random;
	size_t file = (size_t)random_below(random, journey->n_files);
	size_t n = random_below(random, 4) ? 1 : 1 + (size_t)random_below(random, 512);
	CLEANUP_CLOSE int fd = open(journey->files[file].path, O_RDWR | O_CLOEXEC);
	struct stat status;
	uint64_t begin;

	must(fd >= 0 && fstat(fd, &status) == 0, "a file is gone");
	begin = random_below(random, (uint64_t)status.st_size);
	for (size_t i = 0; i < n && begin + i < (uint64_t)status.st_size; i++) {
		uint8_t byte;

		must(file_read_at(fd, &byte, 1, (off_t)(begin + i)) == 1, "no byte");
		byte ^= (uint8_t)(1 + random_below(random, 255));
		must(file_write_at(fd, &byte, 1, (off_t)(begin + i)) == 0, "no byte");
	}
	mark_damage(journey, file, begin, begin + n);
	sums.flips++;
}

/* ---- the oracle -------------------------------------------------------- */

/* Whether a series may be unknown: its definition was damaged where it stands, and in
 * the .series file. */
static bool may_be_unknown(const struct journey *journey, const struct written *frame)
{
	return journey->files[frame->file].frame_is_changed &&
	       journey->files[frame->file + 1].is_changed;
}

/* Whether a piece in the quarantine has these bytes of a segment. */
static bool is_set_aside(const struct journey *journey, const struct written *frame)
{
	CLEANUP_FREE char *folder =
		path_join(journey->world.journal_folder, "quarantine");
	const char *segment = strrchr(journey->files[frame->file].path, '/') + 1;
	DIR *directory = opendir(folder);
	struct dirent *entry;
	bool found = false;

	while (directory && !found && (entry = readdir(directory))) {
		CLEANUP_FREE char *path = path_join(folder, entry->d_name);
		size_t n = strlen(segment);
		struct stat status;
		uint64_t begin;

		if (strncmp(entry->d_name, segment, n) != 0 || entry->d_name[n] != '.' ||
			strstr(entry->d_name, ".reason"))
			continue;
		begin = strtoull(entry->d_name + n + 1, NULL, 10);
		found = stat(path, &status) == 0 && begin <= frame->begin &&
			begin + (uint64_t)status.st_size >= frame->end;
	}
	if (directory)
		closedir(directory);
	return found;
}

static void check(const struct journey *journey, const struct delivery_status *status)
{
	bool misses = false;

	for (size_t i = 0; i < journey->n_frames; i++) {
		const struct written *frame = &journey->frames[i];
		const struct ledger_part *part = &journey->ledger.parts[frame->part];
		bool arrived = ledger_has_all(&journey->ledger, part);

		sums.frames++;
		sums.damaged += frame->damaged;
		sums.delivered += arrived;
		campaign.samples += part->n;
		if (arrived)
			continue;
		misses = true;
		if (frame->damaged)
			must_else(FAULT_LOST, is_set_aside(journey, frame),
				"bytes %llu to %llu of '%s' are damaged and not set "
				"aside",
				(unsigned long long)frame->begin,
				(unsigned long long)frame->end,
				journey->files[frame->file].path);
		else
			must_else(FAULT_LOST,
				may_be_unknown(journey, frame) &&
					status->unknown_records + status->damaged_frames >
						0,
				"bytes %llu to %llu of '%s' are whole and not delivered",
				(unsigned long long)frame->begin,
				(unsigned long long)frame->end,
				journey->files[frame->file].path);
	}
	must_else(FAULT_LOST,
		!misses || status->damaged_frames + status->unknown_records > 0 ||
			journey->frames[journey->n_frames - 1].damaged,
		"something is missing and nothing was counted");
}

/* ---- rounds ------------------------------------------------------------ */

static void play(uint64_t seed)
{
	CLEANUP_FREE char *root = campaign_folder(&campaign, "state");
	static struct journey journey;
	struct world *world = &journey.world;
	struct delivery_status status;
	uint64_t n;

	memset(&journey, 0, sizeof(journey));
	world_init(world, root, JOURNAL_SYNC_COMMIT, seed, &journey.ledger);
	n = 1 + random_below(&world->random, 3);
	while (n-- > 0)
		live(world);
	find_files(&journey);
	n = 1 + random_below(&world->random, 8);
	while (n-- > 0)
		flip(&journey);
	/* What was acknowledged may come again, under other ids, where the cursor or
	 * its segment is damaged. */
	journey.ledger.may_double = true;
	must(world_open_journal(world) == 0, "the journal does not open");
	must(world_open_delivery(world) == 0, "the delivery does not open");
	campaign.restarts++;
	world_flush(world);
	delivery_status(world->delivery, &status);
	check(&journey, &status);
	world_close_delivery(world);
	world_close_journal(world);
	world_finish(world);
	for (size_t i = 0; i < journey.n_files; i++)
		free(journey.files[i].path);
	ledger_finish(&journey.ledger);
}

int main(int argc, char **argv)
{
	campaign_begin(&campaign, argc, argv);
	while (campaign_next(&campaign))
		play(campaign.seed);
	campaign_end(&campaign, "%llu flips, %llu frames: %llu damaged, %llu delivered",
		(unsigned long long)sums.flips, (unsigned long long)sums.frames,
		(unsigned long long)sums.damaged, (unsigned long long)sums.delivered);
	return 0;
}
