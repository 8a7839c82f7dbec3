/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include "cases.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *folder_make(void)
{
	char *folder = strdup("/tmp/rookery-test-XXXXXX");

	assert_non_null(mkdtemp(folder));
	return folder;
}

static int remove_one(
	const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

void folder_remove(char *folder)
{
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(folder);
}
