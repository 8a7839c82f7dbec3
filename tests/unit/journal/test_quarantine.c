/* SPDX-License-Identifier: Apache-2.0 */
/* What is damaged is set aside with a reason, within a bound. */
#include "base/cleanup.h"
#include "base/file.h"
#include "cases.h"
#include "folder.h"
#include "journal/quarantine.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "00000000000000000001-0123456789abcdef.segment"

struct place {
	char *folder, *segment, *piece, *reason; /* owned */
};

static void place_init(struct place *place)
{
	int fd;

	place->folder = folder_make();
	place->segment = path_join(place->folder, NAME);
	place->piece = path_join(place->folder, "quarantine/" NAME ".2");
	place->reason = path_join(place->folder, "quarantine/" NAME ".2.reason");
	fd = open(place->segment, O_CREAT | O_WRONLY | O_CLOEXEC, 0640);
	assert_true(fd >= 0);
	assert_int_equal(file_write(fd, "0123456789", 10), 0);
	close(fd);
}

static void place_finish(struct place *place)
{
	folder_remove(place->folder);
	free(place->segment);
	free(place->piece);
	free(place->reason);
}

/* As if so much lay there already. */
static void fill(const struct place *place, uint64_t size)
{
	CLEANUP_FREE char *folder = path_join(place->folder, "quarantine");
	CLEANUP_FREE char *path = path_join(folder, "old");
	CLEANUP_CLOSE int fd = -1;

	assert_int_equal(folder_create(folder, 0750), 0);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0640);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
}

static void assert_content(const char *path, const char *part)
{
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[512] = "";

	assert_true(fd >= 0);
	assert_true(read(fd, text, sizeof(text) - 1) >= 0);
	if (*part)
		assert_non_null(strstr(text, part));
	else
		assert_string_equal(text, "");
}

static void a_piece_is_copied_with_its_reason(void **state)
{
	struct place place;

	(void)state;
	place_init(&place);
	assert_int_equal(
		quarantine_piece(place.folder, place.segment, 2, 6, "it is odd"), 1);
	assert_content(place.piece, "2345");
	assert_content(place.reason, "bytes 2 to 6 of " NAME ": it is odd\n");
	assert_int_equal(
		quarantine_piece(place.folder, place.segment, 2, 6, "it is odd"), 0);
	place_finish(&place);
}

static void what_fits_exactly_is_kept(void **state)
{
	struct place place;

	(void)state;
	place_init(&place);
	fill(&place, QUARANTINE_MAX_SIZE - 4);
	assert_int_equal(
		quarantine_piece(place.folder, place.segment, 2, 6, "it is odd"), 1);
	assert_content(place.piece, "2345");
	place_finish(&place);
}

static void beyond_the_bound_a_piece_is_known_without_its_bytes(void **state)
{
	struct place place;

	(void)state;
	place_init(&place);
	fill(&place, QUARANTINE_MAX_SIZE - 3);
	assert_int_equal(
		quarantine_piece(place.folder, place.segment, 2, 6, "it is odd"), 1);
	assert_content(place.piece, "");
	assert_content(place.reason, "The 4 bytes were not kept");
	assert_true(quarantine_has_piece(place.folder, place.segment, 2));
	place_finish(&place);
}

static void beyond_the_bound_a_file_is_known_without_its_bytes(void **state)
{
	CLEANUP_FREE char *moved = NULL;
	struct place place;

	(void)state;
	place_init(&place);
	fill(&place, QUARANTINE_MAX_SIZE);
	moved = path_join(place.folder, "quarantine/" NAME);
	assert_int_equal(
		quarantine_file(place.folder, place.segment, "no segment at all"), 0);
	assert_content(moved, "");
	assert_int_equal(access(place.segment, F_OK), -1);
	place_finish(&place);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_piece_is_copied_with_its_reason),
	cmocka_unit_test(what_fits_exactly_is_kept),
	cmocka_unit_test(beyond_the_bound_a_piece_is_known_without_its_bytes),
	cmocka_unit_test(beyond_the_bound_a_file_is_known_without_its_bytes),
};

CASES_MAIN(cases)
