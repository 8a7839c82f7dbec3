/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include "secret_file.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/text.h"
#include "base/utf8.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static int refuse(struct buffer *why, const char *reason)
{
	buffer_append_text(why, reason);
	return -EINVAL;
}

static bool is_variable_name(const char *name)
{
	size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				"0123456789_");

	return n > 0 && name[n] == '\0' && !(name[0] >= '0' && name[0] <= '9');
}

/* Appends the variable's text. */
static int take_variable(struct reference *reference, const char *name, struct buffer *to,
	struct buffer *why)
{
	const char *text = getenv(name);

	reference->origin = ORIGIN_ENVIRONMENT;
	if (!text) {
		buffer_append_format(why,
			"the environment variable '%s' is not set; ${env:%s:-TEXT} gives "
			"it a default",
			name, name);
		return -EINVAL;
	}
	if (utf8_valid_prefix(text, strlen(text)) != strlen(text)) {
		buffer_append_format(
			why, "the environment variable '%s' is not UTF-8", name);
		return -EINVAL;
	}
	buffer_append_text(to, text);
	return 0;
}

static int resolve_environment(
	struct reference *reference, char *name, struct buffer *to, struct buffer *why)
{
	char *fallback = strstr(name, ":-");
	const char *text;

	if (fallback) {
		*fallback = '\0';
		fallback += strlen(":-");
		reference->has_default = true;
	}
	if (!is_variable_name(name)) {
		buffer_append_format(why, "'%s' cannot be a variable's name", name);
		return -EINVAL;
	}
	text = getenv(name);
	/* As in a shell, the default counts for an empty variable, too. */
	if (!fallback || (text && *text != '\0'))
		return take_variable(reference, name, to, why);
	buffer_append_text(to, fallback);
	return 0;
}

/* The path below the folder of the configuration file. */
static char *path_beside(const char *file, const char *path)
{
	const char *slash = file ? strrchr(file, '/') : NULL;
	CLEANUP_FREE char *folder = NULL;

	if (path[0] == '/' || !slash)
		return strdup(path);
	folder = strndup(file, (size_t)(slash - file) + 1);
	return folder ? path_join(folder, path) : NULL;
}

static int resolve_file(
	struct reference *reference, char *name, struct buffer *to, struct buffer *why)
{
	CLEANUP_FREE char *path = NULL;

	if (!reference->is_secret)
		return refuse(why, "${file:PATH} is for secrets alone");
	if (*name == '\0')
		return refuse(why, "${file:PATH} without a path");
	path = path_beside(reference->file, name);
	if (!path)
		return -ENOMEM;
	reference->origin = ORIGIN_SECRET_FILE;
	return secret_file_read(path, to, why);
}

static int resolve_credential(
	struct reference *reference, char *name, struct buffer *to, struct buffer *why)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	CLEANUP_FREE char *path = NULL;

	if (!reference->is_secret)
		return refuse(why, "${credential:NAME} is for secrets alone");
	if (*name == '\0' || strchr(name, '/') || text_equal(name, ".") ||
		text_equal(name, "..") || strlen(name) > NAME_MAX) {
		buffer_append_format(why, "'%s' cannot be a credential's name", name);
		return -EINVAL;
	}
	reference->origin = ORIGIN_CREDENTIAL;
	if (!folder || *folder == '\0') {
		buffer_append_format(why,
			"CREDENTIALS_DIRECTORY is not set, since credentials are only "
			"there in a unit; run this with systemd-run -P -p "
			"LoadCredential=%s:PATH",
			name);
		return -EINVAL;
	}
	path = path_join(folder, name);
	if (!path)
		return -ENOMEM;
	return secret_file_read(path, to, why);
}

static const struct {
	const char *prefix;
	int (*resolve)(struct reference *reference, char *name, struct buffer *to,
		struct buffer *why);
} kinds[] = {
	{ "env:", resolve_environment },
	{ "file:", resolve_file },
	{ "credential:", resolve_credential },
};

/* In a secret it may be a part of the secret. */
static int refuse_unknown(
	const struct reference *reference, const char *inner, struct buffer *why)
{
	if (reference->is_secret)
		return refuse(why, "an unknown reference; write $${ for a literal ${");
	buffer_append_format(why, "'${%s}' is unknown", inner);
	if (is_variable_name(inner))
		buffer_append_format(why, "; did you mean '${env:%s}'?", inner);
	else
		buffer_append_text(why, "; write $${ for a literal ${");
	return -EINVAL;
}

int reference_resolve(struct reference *reference, struct buffer *to, struct buffer *why)
{
	CLEANUP_FREE char *inner = NULL;

	reference->origin = ORIGIN_FILE;
	if (reference->text[reference->size - 1] != '}')
		return refuse(why, "'${' without '}'; write $${ for a literal ${");
	inner = strndup(reference->text + 2, reference->size - 3);
	if (!inner)
		return -ENOMEM;
	if (strlen(inner) != reference->size - 3)
		return refuse(why, "a reference cannot hold the character U+0000");
	if (strstr(inner, "${"))
		return refuse(why, "a reference cannot stand inside of another");
	for (size_t i = 0; i < LENGTH(kinds); i++) {
		size_t n = strlen(kinds[i].prefix);

		if (strncmp(inner, kinds[i].prefix, n) == 0)
			return kinds[i].resolve(reference, inner + n, to, why);
	}
	return refuse_unknown(reference, inner, why);
}
