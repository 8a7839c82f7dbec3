/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "cases.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Sends standard error into a pipe; returns its reading end. */
static int capture(int *ret_saved)
{
	int ends[2];

	*ret_saved = dup(STDERR_FILENO);
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	return ends[0];
}

static void release(int reader, int saved)
{
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(reader);
}

static void read_all(int reader, char *text, size_t size)
{
	ssize_t n = read(reader, text, size - 1);

	text[n > 0 ? n : 0] = '\0';
}

static void a_message_is_one_line_whatever_it_holds(void **state)
{
	char text[4096];
	int saved, reader = capture(&saved);

	(void)state;
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_setup(LOG_LEVEL_INFO);
	log_warning("mail", "cannot open '%s'", "a\nb\033[2Jc\xff");
	log_debug("mail", "not at this level");
	read_all(reader, text, sizeof(text));
	release(reader, saved);
	assert_string_equal(text, "<4>mail: cannot open 'a b [2Jc '\n");
}

static void a_reader_that_does_not_read_blocks_nobody(void **state)
{
	char text[65536 * 2], *told;
	int saved, reader = capture(&saved);
	int flags = fcntl(STDERR_FILENO, F_GETFL);

	(void)state;
	fcntl(STDERR_FILENO, F_SETFL, flags & ~O_NONBLOCK);
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_setup(LOG_LEVEL_INFO);
	for (int i = 0; i < 5000; i++)
		log_info("flood", "a line of some length that fills the pipe %d", i);
	read_all(reader, text, sizeof(text));
	log_info("flood", "after");
	read_all(reader, text, sizeof(text));
	release(reader, saved);
	told = strstr(text, "lines dropped: nobody read them\n");
	assert_non_null(told);
	assert_non_null(strstr(told, "<6>flood: after\n"));
}

static void a_long_message_is_cut(void **state)
{
	static char longer[10000];
	char text[16384];
	int saved, reader = capture(&saved);

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	setenv("JOURNAL_STREAM", "1:2", 1);
	log_setup(LOG_LEVEL_INFO);
	log_info("x", "%s", longer);
	read_all(reader, text, sizeof(text));
	release(reader, saved);
	assert_true(strlen(text) < 4096);
	assert_int_equal(text[strlen(text) - 1], '\n');
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_message_is_one_line_whatever_it_holds),
	cmocka_unit_test(a_reader_that_does_not_read_blocks_nobody),
	cmocka_unit_test(a_long_message_is_cut),
};

CASES_MAIN(cases)
