/* SPDX-License-Identifier: Apache-2.0 */
/* Files that hold one secret each. */
#ifndef CONFIG_SECRET_FILE_H
#define CONFIG_SECRET_FILE_H

struct buffer;

/* Appends the file's content without the newline at its end. Refused are files that
 * others may read or write, that are no plain files, that are empty or too large,
 * and what is no text. 0, -ENOMEM, or -EINVAL and why. */
int secret_file_read(const char *path, struct buffer *to, struct buffer *why);

#endif
