/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin's file as the agent knows it: open, and described by a child that loaded it.
 * The agent itself has loaded nothing of it. */
#ifndef ISOLATE_PLUGIN_FILE_H
#define ISOLATE_PLUGIN_FILE_H

#include "base/checksum.h"
#include "model/description.h"

#include <stdbool.h>
#include <sys/stat.h>

/* Of the hash of a packed description. */
extern const struct hash_key plugin_hash_key;

struct plugin_file {
	char *name, *path; /* owned */
	int file;          /* owned; what children load, whatever the path becomes */
	struct description description;
	struct hash128 hash; /* of the packed description */
	char *refusal;       /* owned; why it is not to be used; NULL: it is */
	struct stat status;  /* when it was opened */
};

/* Whether that is what the file's child said. */
bool plugin_file_is_of(
	const struct plugin_file *plugin, const struct description *description);

#endif
