/* SPDX-License-Identifier: Apache-2.0 */
/* Each header is a byte that says whether it is a secret, its name and its value, both
 * with their NUL. */
#include "http_fields.h"

#include "base/cleanup.h"
#include "wipe.h"

#include <ctype.h>
#include <errno.h>
#include <strings.h>

int http_fields_add(struct http_fields *fields, const struct http_field *field)
{
	size_t n_name = strlen(field->name) + 1, n_value = strlen(field->value) + 1;

	if (fields->n >= HTTP_FIELDS_MOST ||
		fields->bytes.size + n_name + n_value > HTTP_FIELDS_SIZE)
		return -EMSGSIZE;
	wipe_reserve(&fields->bytes, 1 + n_name + n_value);
	buffer_append_byte(&fields->bytes, field->is_secret);
	buffer_append(&fields->bytes, field->name, n_name);
	buffer_append(&fields->bytes, field->value, n_value);
	if (buffer_failed(&fields->bytes))
		return -ENOMEM;
	fields->n++;
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

int http_fields_add_line(struct http_fields *fields, const char *line, size_t n)
{
	const char *colon = memchr(line, ':', n);
	CLEANUP_FREE char *name = colon ? strndup(line, (size_t)(colon - line)) : NULL;
	CLEANUP_FREE char *value = NULL;
	const char *end = line + n;

	if (!colon)
		return 0;
	while (++colon < end && is_blank(*colon))
		;
	while (end > colon && is_blank(end[-1]))
		end--;
	value = strndup(colon, (size_t)(end - colon));
	if (!name || !value)
		return -ENOMEM;
	if (!http_is_token(name))
		return 0;
	return http_fields_add(fields, &(struct http_field){ name, value, false });
}

bool http_fields_next(
	const struct http_fields *fields, size_t *at, struct http_field *ret_field)
{
	const char *text = (const char *)fields->bytes.data;

	if (*at >= fields->bytes.size)
		return false;
	ret_field->is_secret = text[*at];
	ret_field->name = text + *at + 1;
	ret_field->value = ret_field->name + strlen(ret_field->name) + 1;
	*at = (size_t)(ret_field->value - text) + strlen(ret_field->value) + 1;
	return true;
}

const char *http_fields_find(
	const struct http_fields *fields, const char *name, size_t which)
{
	struct http_field field;

	for (size_t at = 0; http_fields_next(fields, &at, &field);) {
		if (strcasecmp(field.name, name) == 0 && which-- == 0)
			return field.value;
	}
	return NULL;
}

void http_fields_clear(struct http_fields *fields)
{
	buffer_clear(&fields->bytes);
	fields->n = 0;
}

void http_fields_finish(struct http_fields *fields)
{
	wipe_buffer(&fields->bytes);
	fields->n = 0;
}

bool http_is_token(const char *text)
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) ||
		(text[n] && strchr("!#$%&'*+-.^_`|~", text[n])))
		n++;
	return n > 0 && !text[n];
}

bool http_is_value(const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}
