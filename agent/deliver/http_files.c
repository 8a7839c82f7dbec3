/* SPDX-License-Identifier: Apache-2.0 */
#include "http_files.h"

#include "base/cleanup.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
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

static int64_t end_of(const X509 *certificate)
{
	struct tm end;

	return ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1 ? timegm(&end)
									   : 0;
}

/* When the first certificate of a file ends. */
static int64_t read_end(const char *path)
{
	CLEANUP_FCLOSE FILE *file = fopen(path, "re");
	X509 *certificate = file ? PEM_read_X509(file, NULL, NULL, NULL) : NULL;
	int64_t end_s = certificate ? end_of(certificate) : 0;

	X509_free(certificate);
	ERR_clear_error();
	return end_s;
}

void http_files_append_fault(
	const struct http_files *files, const struct http_tls *tls, struct buffer *why)
{
	if (tls->cert_file && files->cert_ends_s > 0 && files->cert_ends_s < time(NULL))
		buffer_append_format(
			why, "; our certificate '%s' has expired", tls->cert_file);
}

void http_files_look(struct http_files *files, const struct http_tls *tls)
{
	const char *const paths[HTTP_FILES] = { tls->ca_file, tls->cert_file,
		tls->key_file };

	for (size_t i = 0; i < HTTP_FILES; i++)
		look(files, i, paths[i]);
	if (files->have_changed && tls->cert_file)
		files->cert_ends_s = read_end(tls->cert_file);
}
