/* SPDX-License-Identifier: Apache-2.0 */
#include "http_files.h"

#include <sys/stat.h>

bool http_files_are_any(const struct http_tls *tls)
{
	return tls->ca_file || tls->cert_file || tls->key_file;
}

static void look(struct http_files *files, size_t i, const char *path)
{
	struct stat now;
	bool is_same;

	if (!path || stat(path, &now) < 0)
		return;
	is_same = now.st_ino == files->seen[i].inode &&
		  now.st_size == files->seen[i].size &&
		  now.st_mtim.tv_sec == files->seen[i].changed.tv_sec &&
		  now.st_mtim.tv_nsec == files->seen[i].changed.tv_nsec;
	files->have_changed |= !is_same;
	files->seen[i].changed = now.st_mtim;
	files->seen[i].inode = now.st_ino;
	files->seen[i].size = now.st_size;
}

void http_files_look(struct http_files *files, const struct http_tls *tls)
{
	const char *const paths[HTTP_FILES] = { tls->ca_file, tls->cert_file,
		tls->key_file };

	for (size_t i = 0; i < HTTP_FILES; i++)
		look(files, i, paths[i]);
}
