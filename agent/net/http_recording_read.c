/* SPDX-License-Identifier: Apache-2.0 */
#include "http_recording.h"

#include "base/cleanup.h"
#include "base/file.h"
#include "base/timestamp.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>

enum { LARGEST_BODY = 64 << 20, LAST_ERROR = 133 /* errno-base.h and errno.h */ };

/* One file on its way. */
struct reading {
	const char *folder;
	struct buffer *why;
};

static int refuse(const struct reading *reading, const char *what)
{
	buffer_append_text(reading->why, what);
	return -EINVAL;
}

static void cleanup_json(json_t **json)
{
	json_decref(*json);
}

/* ---- pieces ----------------------------------------------------------------- */

static int read_time(
	const struct reading *reading, const json_t *text, int64_t *ret_time_ns)
{
	*ret_time_ns = 0;
	if (!text)
		return 0;
	if (!json_is_string(text) || timestamp_from_text(json_string_value(text),
					     json_string_length(text), ret_time_ns) < 0)
		return refuse(reading, "a time is none, as in 2026-11-22T10:00:00Z");
	return 0;
}

static int read_body_file(
	const struct reading *reading, const char *name, struct buffer *to)
{
	CLEANUP_FREE char *path = path_join(reading->folder, name);
	int r;

	if (strchr(name, '/'))
		return refuse(reading, "'body_file' is not of the same folder");
	r = path ? file_read(path, LARGEST_BODY, to) : -ENOMEM;
	if (r < 0 && r != -ENOMEM)
		buffer_append_format(
			reading->why, "cannot read '%s': %s", name, strerror(-r));
	return r;
}

static int read_body(
	const struct reading *reading, const json_t *object, struct buffer *to)
{
	const json_t *file = json_object_get(object, "body_file");
	const json_t *body = json_object_get(object, "body");
	CLEANUP_FREE char *text = NULL;

	if (json_is_string(file))
		return read_body_file(reading, json_string_value(file), to);
	if (json_is_string(body)) {
		buffer_append(to, json_string_value(body), json_string_length(body));
	} else if (body) {
		text = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY);
		if (!text)
			return -ENOMEM;
		buffer_append_text(to, text);
	}
	return buffer_failed(to) ? -ENOMEM : 0;
}

static int read_fields(
	const struct reading *reading, const json_t *list, struct http_fields *fields)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < json_array_size(list); i++) {
		const json_t *line = json_array_get(list, i);

		if (!json_is_string(line))
			return refuse(reading, "a header is no text");
		r = http_fields_add_line(
			fields, json_string_value(line), json_string_length(line));
	}
	return r == -EMSGSIZE ? refuse(reading, "there are too many headers") : r;
}

/* ---- the parts ----------------------------------------------------------------- */

static int read_request(const struct reading *reading, const json_t *request,
	struct http_recorded *recorded)
{
	const char *method = json_string_value(json_object_get(request, "method"));
	const char *url = json_string_value(json_object_get(request, "url"));

	if (!method || !url)
		return refuse(reading, "'request' has no 'method' or no 'url'");
	recorded->method = strdup(method);
	recorded->url = strdup(url);
	recorded->is_grant = json_is_true(json_object_get(request, "grant"));
	if (!recorded->method || !recorded->url)
		return -ENOMEM;
	return read_body(reading, request, &recorded->body);
}

static int error_of(const char *name)
{
	for (int error = 1; error <= LAST_ERROR; error++) {
		const char *known = strerrorname_np(error);

		if (known && strcmp(known, name) == 0)
			return -error;
	}
	return 0;
}

static int read_error(
	const struct reading *reading, const json_t *answer, struct http_reply *reply)
{
	const char *why = json_string_value(json_object_get(answer, "why"));
	int error = error_of(json_string_value(json_object_get(answer, "error")));

	if (error == 0)
		return refuse(reading, "'error' is no name of an errno, as ETIMEDOUT");
	http_reply_fail(reply, error, "%s", why ? why : strerror(-error));
	reply->can_pass = json_is_true(json_object_get(answer, "can_pass"));
	return 0;
}

static int64_t number_of(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static int read_answer(
	const struct reading *reading, const json_t *answer, struct http_reply *reply)
{
	const json_t *times = json_object_get(answer, "times_ns");
	int64_t status = number_of(answer, "status");
	int r;

	if (json_is_string(json_object_get(answer, "error")))
		return read_error(reading, answer, reply);
	if (status < 200 || status > 999)
		return refuse(reading, "'answer' has no 'status' of 200 to 999");
	reply->status = (int)status;
	reply->times = (struct http_times){ number_of(times, "dns"),
		number_of(times, "connect"), number_of(times, "tls"),
		number_of(times, "first_byte"), number_of(times, "total") };
	r = read_time(reading, json_object_get(answer, "certificate_ends"),
		&reply->certificate_ends_ns);
	if (r == 0)
		r = read_fields(
			reading, json_object_get(answer, "headers"), &reply->fields);
	return r < 0 ? r : read_body(reading, answer, &reply->body);
}

int http_recording_read(const char *folder, const char *text, size_t n,
	struct http_recorded *ret_recorded, struct buffer *why)
{
	const struct reading reading = { folder, why };
	struct http_recorded recorded = { 0 };
	json_error_t error;
	CLEANUP(cleanup_json) json_t *all = json_loadb(text, n, 0, &error);
	int r;

	if (!json_is_object(all)) {
		buffer_append_format(why, "it is no JSON object: line %d: %s", error.line,
			all ? "something else" : error.text);
		return -EINVAL;
	}
	r = read_time(&reading, json_object_get(all, "asked"), &recorded.asked_ns);
	if (r == 0)
		r = read_time(&reading, json_object_get(all, "answered"),
			&recorded.answered_ns);
	if (r == 0)
		r = read_request(&reading, json_object_get(all, "request"), &recorded);
	if (r == 0)
		r = read_answer(
			&reading, json_object_get(all, "answer"), &recorded.reply);
	if (r < 0)
		http_recorded_finish(&recorded);
	else
		*ret_recorded = recorded;
	return r;
}
