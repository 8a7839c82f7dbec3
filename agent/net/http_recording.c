/* SPDX-License-Identifier: Apache-2.0 */
/* What is written; http_recording_read.c reads it. */
#include "http_recording.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/timestamp.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>

static void cleanup_json(json_t **json)
{
	json_decref(*json);
}

void http_recorded_finish(struct http_recorded *recorded)
{
	free(recorded->method);
	free(recorded->url);
	buffer_finish(&recorded->body);
	http_reply_finish(&recorded->reply);
	*recorded = (struct http_recorded){ 0 };
}

static int write_file(const char *folder, const char *name, const void *bytes, size_t n)
{
	CLEANUP_FREE char *path = path_join(folder, name);
	CLEANUP_CLOSE int fd = -1;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	return fd < 0 ? -errno : file_write(fd, bytes, n);
}

/* ---- what is left out ----------------------------------------------------- */

static bool is_left_out(const struct http_field *field)
{
	static const char *const names[] = { "Authorization", "Proxy-Authorization",
		"Cookie", "Set-Cookie", "X-Amz-Security-Token" };

	for (size_t i = 0; i < LENGTH(names); i++) {
		if (strcasecmp(field->name, names[i]) == 0)
			return true;
	}
	return field->is_secret;
}

/* Appends a value without what stands behind the parameter's name in it: a server that
 * sends somebody on, or to the next page, repeats the parameters. */
static void append_value(struct buffer *line, const char *value, const char *parameter)
{
	size_t n = parameter ? strlen(parameter) : 0;

	while (*value) {
		bool begins = n > 0 && (*value == '?' || *value == '&') &&
			      strncmp(value + 1, parameter, n) == 0 &&
			      value[n + 1] == '=';

		buffer_append(line, value, begins ? n + 2 : 1);
		value += begins ? n + 2 : 1;
		if (begins) {
			buffer_append_byte(line, '-');
			value += strcspn(value, "&#>\" ;,");
		}
	}
}

static json_t *json_of_fields(const struct http_fields *fields, const char *parameter)
{
	json_t *list = json_array();
	struct http_field field;

	for (size_t at = 0; http_fields_next(fields, &at, &field);) {
		CLEANUP(buffer_finish) struct buffer line = { 0 };

		buffer_append_format(&line, "%s: ", field.name);
		append_value(&line, is_left_out(&field) ? "-" : field.value, parameter);
		if (buffer_text(&line))
			json_array_append_new(list, json_string(buffer_text(&line)));
	}
	return list;
}

/* A token endpoint's answer with other tokens, which can be sent all the same. */
static int write_grant(const char *folder, const char *name, const struct buffer *body)
{
	static const char *const tokens[] = { "access_token", "refresh_token",
		"id_token" };
	CLEANUP(cleanup_json)
	json_t *object = json_loadb((const char *)body->data, body->size, 0, NULL);
	CLEANUP_FREE char *text = NULL;

	if (!json_is_object(object))
		return write_file(folder, name, "", 0);
	for (size_t i = 0; i < LENGTH(tokens); i++) {
		if (json_object_get(object, tokens[i]))
			json_object_set_new(object, tokens[i], json_string("left-out"));
	}
	text = json_dumps(object, JSON_COMPACT);
	return text ? write_file(folder, name, text, strlen(text)) : -ENOMEM;
}

/* ---- the parts --------------------------------------------------------------- */

static json_t *json_of_time(int64_t time_ns)
{
	struct timestamp_cache cache = { 0 };
	char text[TIMESTAMP_TEXT_SIZE];

	return json_stringn(
		text, (size_t)(timestamp_to_text(&cache, text, time_ns) - text));
}

static json_t *json_of_request(const struct http_call *call, const char *body_file)
{
	json_t *request = json_pack("{s:s, s:s%, s:o}", "method", call->method, "url",
		(const char *)call->shown.data, call->shown.size, "headers",
		json_of_fields(&call->fields, call->secret_parameter));

	if (call->is_grant)
		json_object_set_new(request, "grant", json_true());
	else if (call->body_size > 0)
		json_object_set_new(request, "body_file", json_string(body_file));
	return request;
}

static json_t *json_of_answer(const struct http_exchange *exchange, const char *body_file)
{
	const struct http_reply *reply = &exchange->reply;
	const struct http_times *times = &reply->times;
	json_t *answer;

	if (reply->result < 0) {
		const char *name = strerrorname_np(-reply->result);

		return json_pack("{s:s, s:s, s:b}", "error", name ? name : "EIO", "why",
			reply->why, "can_pass", reply->can_pass);
	}
	answer = json_pack("{s:i, s:o, s:s}", "status", reply->status, "headers",
		json_of_fields(&reply->fields, exchange->call.secret_parameter),
		"body_file", body_file);
	json_object_set_new(answer, "times_ns",
		json_pack("{s:I, s:I, s:I, s:I, s:I}", "dns", (json_int_t)times->dns_ns,
			"connect", (json_int_t)times->connect_ns, "tls",
			(json_int_t)times->tls_ns, "first_byte",
			(json_int_t)times->first_byte_ns, "total",
			(json_int_t)times->total_ns));
	if (reply->certificate_ends_ns > 0)
		json_object_set_new(answer, "certificate_ends",
			json_of_time(reply->certificate_ends_ns));
	return answer;
}

static int write_bodies(const char *folder, const struct http_exchange *exchange,
	const char *request, const char *answer)
{
	const struct http_call *call = &exchange->call;
	const struct http_reply *reply = &exchange->reply;
	int r = 0;

	if (call->body_size > 0 && !call->is_grant)
		r = write_file(folder, request, call->body, call->body_size);
	if (r < 0 || reply->result < 0)
		return r;
	if (call->is_grant)
		return write_grant(folder, answer, &reply->body);
	return write_file(folder, answer, reply->body.data, reply->body.size);
}

int http_recording_write(const char *folder, unsigned int number,
	const struct http_exchange *exchange, int64_t asked_ns, int64_t answered_ns)
{
	CLEANUP(cleanup_json) json_t *all = json_object();
	CLEANUP_FREE char *text = NULL;
	char name[32], request[32], answer[32];
	int r;

	snprintf(name, sizeof(name), "%04u.json", number);
	snprintf(request, sizeof(request), "%04u.request", number);
	snprintf(answer, sizeof(answer), "%04u.answer", number);
	r = write_bodies(folder, exchange, request, answer);
	if (r < 0)
		return r;
	json_object_set_new(all, "asked", json_of_time(asked_ns));
	json_object_set_new(all, "answered", json_of_time(answered_ns));
	json_object_set_new(all, "request", json_of_request(&exchange->call, request));
	json_object_set_new(all, "answer", json_of_answer(exchange, answer));
	text = json_dumps(all, JSON_INDENT(2));
	return text ? write_file(folder, name, text, strlen(text)) : -ENOMEM;
}
