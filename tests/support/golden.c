/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include "cases.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SHOWN = 20 };

/* The whole file, owned by the caller; empty where there is none. */
static char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t capacity = 0;

	if (!file || getdelim(&text, &capacity, '\0', file) < 0) {
		free(text);
		text = strdup("");
	}
	if (file)
		fclose(file);
	return text;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

static bool has_line(const char *text, const char *line, size_t n)
{
	while (*text) {
		size_t size = strcspn(text, "\n");

		if (size == n && memcmp(text, line, n) == 0)
			return true;
		text += size + (text[size] == '\n');
	}
	return false;
}

/* Prints the lines of one text that the other does not have. */
static void show_missing(const char *text, const char *other, char sign)
{
	int shown = 0;

	while (*text && shown < MOST_SHOWN) {
		size_t size = strcspn(text, "\n");

		if (!has_line(other, text, size)) {
			fprintf(stderr, "%c %.*s\n", sign, (int)size, text);
			shown++;
		}
		text += size + (text[size] == '\n');
	}
}

void golden_compare(const char *path, const char *text)
{
	const char *mode = getenv("ROOKERY_GOLDEN");
	char *expected;
	bool equal;

	if (mode && strcmp(mode, "update") == 0)
		write_file(path, text);
	expected = read_file(path);
	equal = strcmp(expected, text) == 0;
	if (!equal) {
		show_missing(expected, text, '-');
		show_missing(text, expected, '+');
	}
	free(expected);
	if (!equal)
		fail_msg("differs from %s", path);
}
