/* SPDX-License-Identifier: Apache-2.0 */
#include "mounts.h"

/* Options are "ro" or "rw", and more behind a comma. */
static bool is_read_only(struct scan options)
{
	struct scan first;

	if (scan_until(&options, ',', &first))
		return scan_is(&first, "ro");
	return scan_is(&options, "ro");
}

static bool skip_words(struct scan *line, int n)
{
	struct scan word;

	for (int i = 0; i < n; i++) {
		if (!scan_word(line, &word))
			return false;
	}
	return true;
}

/* Any number of fields such as "shared:2" ends with a lone hyphen. */
static bool skip_optional(struct scan *line)
{
	struct scan word;

	while (scan_word(line, &word)) {
		if (scan_is(&word, "-"))
			return true;
	}
	return false;
}

/* "27 1 8:1 / /var rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro" */
bool mount_next(struct scan *text, struct mount *ret_mount)
{
	struct scan line, options, all_options;

	while (scan_line(text, &line)) {
		struct mount mount;

		if (!skip_words(&line, 2) || !scan_word(&line, &mount.number) ||
			!skip_words(&line, 1) || !scan_word(&line, &mount.point) ||
			!scan_word(&line, &options) || !skip_optional(&line) ||
			!scan_word(&line, &mount.type) ||
			!scan_word(&line, &mount.device) ||
			!scan_word(&line, &all_options))
			continue;
		mount.read_only = is_read_only(options) || is_read_only(all_options);
		*ret_mount = mount;
		return true;
	}
	return false;
}
