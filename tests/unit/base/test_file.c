/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "base/file.h"

#include "cases.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char *make_folder(void)
{
	char *folder = strdup("/tmp/rookery-file-XXXXXX");

	assert_non_null(mkdtemp(folder));
	return folder;
}

static void a_file_is_read_up_to_its_limit(void **state)
{
	CLEANUP_FREE char *folder = make_folder();
	CLEANUP_FREE char *path = path_join(folder, "a");
	CLEANUP(buffer_finish) struct buffer content = { 0 };
	CLEANUP_CLOSE int fd = open(path, O_CREAT | O_RDWR, 0600);

	(void)state;
	assert_int_equal(file_write(fd, "hello", 5), 0);
	assert_int_equal(file_read(path, 5, &content), 0);
	assert_string_equal(buffer_text(&content), "hello");
	assert_int_equal(file_read(path, 4, &content), -EFBIG);
	assert_int_equal(file_read(folder, 100, &content), -EISDIR);
	unlink(path);
	assert_int_equal(file_read(path, 100, &content), -ENOENT);
	rmdir(folder);
}

static void a_fifo_without_writer_is_not_waited_for(void **state)
{
	CLEANUP_FREE char *folder = make_folder();
	CLEANUP_FREE char *path = path_join(folder, "fifo");
	CLEANUP(buffer_finish) struct buffer content = { 0 };

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(file_read(path, 5, &content), 0);
	assert_int_equal(content.size, 0);
	unlink(path);
	rmdir(folder);
}

static void folders_are_created_with_those_above(void **state)
{
	CLEANUP_FREE char *folder = make_folder();
	CLEANUP_FREE char *deep = path_join(folder, "a/b/c");
	CLEANUP_FREE char *file = path_join(folder, "a/b/file");
	struct stat status;

	(void)state;
	assert_int_equal(folder_create(deep, 0750), 0);
	assert_int_equal(folder_create(deep, 0750), 0);
	assert_int_equal(stat(deep, &status), 0);
	assert_true(S_ISDIR(status.st_mode));
	close(open(file, O_CREAT | O_WRONLY, 0600));
	assert_int_equal(folder_create(file, 0750), -ENOTDIR);
	assert_int_equal(folder_sync(deep), 0);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_file_is_read_up_to_its_limit),
	cmocka_unit_test(a_fifo_without_writer_is_not_waited_for),
	cmocka_unit_test(folders_are_created_with_those_above),
};

CASES_MAIN(cases)
