/* SPDX-License-Identifier: Apache-2.0 */
#include "http_grant.h"

#include "base/macros.h"
#include "wipe.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <strings.h>

/* Of what a server says of its reasons, as much is told. */
enum { REASON_MOST = 200 };

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* What can stand in a header (RFC 6749, appendix A.12, without the blank). */
static bool is_token(const char *text)
{
	size_t n = 0;

	while (text[n] > ' ' && text[n] <= '~')
		n++;
	return n > 0 && n <= HTTP_GRANT_TOKEN_MOST && !text[n];
}

/* (RFC 6749, appendix A.17.) */
static bool is_refresh(const char *text)
{
	size_t n = 0;

	while (text[n] >= ' ' && text[n] <= '~')
		n++;
	return n > 0 && n <= HTTP_GRANT_TOKEN_MOST && !text[n];
}

/* A number of seconds, which some servers write as a text. */
static int64_t lifetime_of(const json_t *object)
{
	const json_t *value = json_object_get(object, "expires_in");
	double seconds = HTTP_GRANT_USUAL_S;
	char *end;

	if (json_is_number(value))
		seconds = json_number_value(value);
	if (json_is_string(value) && *json_string_value(value)) {
		double written = strtod(json_string_value(value), &end);

		seconds = *end ? seconds : written;
	}
	if (!(seconds > 0)) /* also NaN */
		return 0;
	return (int64_t)MIN(seconds, (double)HTTP_GRANT_MOST_S);
}

static int read_grant(
	const json_t *object, struct http_grant *ret_grant, struct buffer *why)
{
	const char *token = text_of(object, "access_token");
	const char *type = text_of(object, "token_type");
	const char *refresh = text_of(object, "refresh_token");

	if (!token) {
		buffer_append_text(why, "the answer has no 'access_token'");
		return -EBADMSG;
	}
	if (!is_token(token)) {
		buffer_append_text(why, "the token cannot stand in a header");
		return -EBADMSG;
	}
	if (refresh && !is_refresh(refresh)) {
		buffer_append_text(why, "the refresh token is too long or no text");
		return -EBADMSG;
	}
	if (type && strcasecmp(type, "bearer") != 0) {
		buffer_append_text(why, "the token is not of the type 'bearer'");
		return -EBADMSG;
	}
	ret_grant->lifetime_s = lifetime_of(object);
	ret_grant->token = strdup(token);
	ret_grant->refresh = refresh ? strdup(refresh) : NULL;
	if (ret_grant->token && (ret_grant->refresh || !refresh))
		return 0;
	http_grant_finish(ret_grant);
	return -ENOMEM;
}

int http_grant_read(
	const char *text, size_t n, struct http_grant *ret_grant, struct buffer *why)
{
	json_t *object = json_loadb(text, n, 0, NULL);
	int r = -EBADMSG;

	if (json_is_object(object))
		r = read_grant(object, ret_grant, why);
	else
		buffer_append_text(why, "the answer is no JSON object");
	json_decref(object);
	return r;
}

void http_grant_finish(struct http_grant *grant)
{
	wipe_text(grant->token);
	wipe_text(grant->refresh);
	*grant = (struct http_grant){ 0 };
}

static void append_reason(const char *text, struct buffer *why)
{
	buffer_append_text(why, ": ");
	for (size_t i = 0; i < REASON_MOST && text[i]; i++)
		buffer_append_byte(
			why, text[i] >= ' ' && text[i] <= '~' ? (uint8_t)text[i] : '?');
}

void http_grant_append_error(const char *text, size_t n, struct buffer *why)
{
	static const char *const keys[] = { "error", "error_description" };
	json_t *object = json_loadb(text, n, 0, NULL);

	for (size_t i = 0; i < LENGTH(keys); i++) {
		if (text_of(object, keys[i]))
			append_reason(text_of(object, keys[i]), why);
	}
	json_decref(object);
}
