/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"

#include "answer_reader.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "http_address.h"
#include "http_answer.h"
#include "http_aws.h"
#include "http_files.h"
#include "http_request.h"
#include "http_token.h"
#include "model/options.h"
#include "model/secrets.h"
#include "net/curl_loop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct http_sink {
	struct sink sink;
	struct arena arena; /* of the options */
	struct http_options options;
	const struct encoder_type *format;
	struct http_address addresses[2]; /* of samples, of events */
	struct curl_loop *curl;
	struct http_token token; /* with oauth2 */
	bool has_renewed;        /* the token, for what is being sent */
	struct transfer transfer;
	uv_timer_t
		turn; /* tells the result of a send that did not begin, or ends early */
	int result;
	struct curl_slist *headers;
	char error[CURL_ERROR_SIZE];
	struct buffer why;
	struct http_answer answer;
	struct answer_reader reader;
	const struct http_packing *packing;
	/* The job's that prepares: the body, where it is packed, and its hash. */
	struct buffer packed;
	char hash[HTTP_AWS_HASH_SIZE];
	/* Before each send, on a thread of the pool: */
	uv_work_t look;
	const struct batch *batch; /* that is to be sent then */
	bool looking, is_cancelled;
	struct http_files files;
};

static struct http_sink *http_sink_of(struct sink *sink)
{
	return container_of(sink, struct http_sink, sink);
}

/* A receiver may repeat what it was shown. The delivery and the reader of answers hide
 * what is configured; the token only this sink knows. */
static void hide_token(const struct http_sink *http, char *text)
{
	if (http->token.grant.token && text)
		secret_hide(http->token.grant.token, text);
}

static void tell(struct http_sink *http, struct sink_answer *answer)
{
	struct buffer *why = &http->why;

	if (answer->why && answer->why != (const char *)why->data) {
		buffer_clear(why);
		buffer_append_text(why, answer->why);
	}
	if (answer->verdict == SINK_FAILED)
		http_files_append_fault(&http->files, &http->options.tls, why);
	if (buffer_text(why)) {
		hide_token(http, (char *)why->data);
		answer->why = buffer_text(why);
	}
	for (uint32_t i = 0; i < answer->n_refused; i++)
		hide_token(http, answer->refused[i].why);
	http->sink.listener->on_sent(http->sink.listener, answer);
}

/* ---- before sending ----------------------------------------------------- */

/* A receiver that honours ids needs nothing of ours to know a batch again. */
static void http_note(struct sink *sink, struct sink_note *note)
{
	(void)sink;
	note->size = 0;
}

static int http_recover(struct sink *sink, const struct sink_note *note, bool has_batch)
{
	(void)sink;
	(void)note;
	(void)has_batch;
	return 0;
}

/* What is sent of it. */
static const struct buffer *body_of(
	const struct http_sink *http, const struct batch *batch)
{
	return http->packing->pack ? &http->packed : &batch->bytes;
}

static int http_prepare(
	struct sink *sink, const struct batch *batch, struct sink_note *note)
{
	struct http_sink *http = http_sink_of(sink);
	int r = 0;

	http_note(sink, note);
	if (http->packing->pack)
		r = http->packing->pack(&batch->bytes, &http->packed);
	if (r == 0 && http->options.aws_sigv4.region)
		r = http_aws_hash(body_of(http, batch), http->hash);
	return r;
}

/* ---- sending ------------------------------------------------------------ */

static void on_turn(uv_timer_t *turn)
{
	struct http_sink *http = container_of(turn, struct http_sink, turn);

	sink_tell_sent(&http->sink, http->result);
}

static void tell_later(struct http_sink *http, int result)
{
	http->result = result;
	uv_timer_start(&http->turn, on_turn, 0, 0);
}

/* ---- the token ---------------------------------------------------------------- */

static void fetch_token(struct http_sink *http)
{
	int r = http_token_fetch(&http->token);

	http->has_renewed = true;
	if (r < 0)
		tell_later(http, r);
}

static void start_transfer(struct http_sink *http);

static void on_token_done(struct http_token *token, const struct sink_answer *failure)
{
	struct http_sink *http = container_of(token, struct http_sink, token);
	struct sink_answer answer;

	if (!failure) {
		start_transfer(http);
		return;
	}
	buffer_clear(&http->why);
	buffer_append_format(&http->why, "cannot get a token: %s",
		failure->why ? failure->why : strerror(-failure->error));
	answer = *failure;
	answer.why = buffer_text(&http->why);
	tell(http, &answer);
}

/* A token that is refused may have been taken back before its time: another one is
 * fetched, once for what is being sent. */
static bool can_renew(const struct http_sink *http)
{
	return http->options.oauth2.token_url && !http->has_renewed;
}

/* ---- the answer ------------------------------------------------------------------ */

static size_t on_body(const char *bytes, size_t one, size_t n, void *context)
{
	struct http_sink *http = context;
	size_t taken = http_answer_on_body(bytes, one, n, &http->answer);

	if (answer_reader_is_wanted(&http->reader))
		return answer_reader_add(&http->reader, bytes, n) ? n : 0;
	return taken;
}

static void on_read(struct answer_reader *reader)
{
	struct http_sink *http = container_of(reader, struct http_sink, reader);
	struct sink_answer answer;

	if (http->is_cancelled) {
		sink_tell_sent(&http->sink, -ECANCELED);
		return;
	}
	http_answer_read(&http->answer, &http->why, &answer);
	answer_reader_tell(reader, &answer);
	tell(http, &answer);
}

/* What was taken is known only when the body was read. */
static void read_answer(struct http_sink *http, CURLcode result)
{
	int r = 0;

	if (result != CURLE_OK && !http->reader.is_cut)
		r = http_request_error(result);
	if (r == 0)
		r = answer_reader_start(
			&http->reader, http->turn.loop, http->batch->n_records);
	if (r < 0)
		sink_tell_sent(&http->sink, r);
}

static void on_done(struct transfer *transfer, CURLcode result)
{
	struct http_sink *http = container_of(transfer, struct http_sink, transfer);
	struct sink_answer answer = { .verdict = SINK_FAILED };
	bool is_whole = http->answer.is_whole;
	curl_off_t after = 0;
	long status = 0;

	curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &after);
	/* What a receiver says in whole headers counts, however the exchange ends: some
	 * answer before they have read all, and nobody needs all of a long answer. */
	if (status == 401 && is_whole && can_renew(http)) {
		fetch_token(http);
		return;
	}
	if (status >= 200 && is_whole) {
		http->answer.status = (int)status;
		http->answer.retry_after_s = after;
		http->answer.outdated = http->format->outdated;
		http_answer_read(&http->answer, &http->why, &answer);
	} else {
		answer.error = http_request_error(result);
		buffer_clear(&http->why);
		buffer_append_text(&http->why, result == CURLE_OK ? "the answer broke off"
					       : *http->error
						       ? http->error
						       : curl_easy_strerror(result));
		answer.why = buffer_text(&http->why);
	}
	if (answer.verdict != SINK_TAKEN || !answer_reader_is_wanted(&http->reader))
		tell(http, &answer);
	else
		read_answer(http, result);
}

/* ---- the request ------------------------------------------------------------------ */

/* "9d6039d805eb6013-17-0-120-5f1c...", as deliver/feed.h has it. */
static void put_id(char *to, size_t size, const struct batch *batch)
{
	snprintf(to, size, "%016" PRIx64 "-%" PRIu64 "-%u-%u-%016" PRIx64,
		batch->begin.epoch, batch->begin.sequence, batch->begin.index,
		batch->n_records, batch->shape);
}

/* With the batch's id, where the store wants that and configuration does not say it. */
static int set_url(struct http_sink *http, const struct batch *batch, const char *id)
{
	const struct http_address *address =
		&http->addresses[batch->has_events && http->options.events_url];
	const char *url = address->url, *name = http->format->id_parameter;
	CLEANUP_FREE char *longer = NULL;

	if (name && !strstr(url, name)) {
		if (asprintf(&longer, "%s%c%s=%s", url, strchr(url, '?') ? '&' : '?',
			    name, id) < 0)
			return -ENOMEM;
		url = longer;
	}
	curl_easy_setopt(http->transfer.easy, CURLOPT_CONNECT_TO, address->connect_to);
	return curl_easy_setopt(http->transfer.easy, CURLOPT_URL, url) == CURLE_OK
		       ? 0
		       : -ENOMEM;
}

static int set_request(struct http_sink *http, const struct batch *batch)
{
	const struct http_options *options = &http->options;
	const struct buffer *body = body_of(http, batch);
	CURL *easy = http->transfer.easy;
	char id[96];
	int r;

	put_id(id, sizeof(id), batch);
	if (http->token.grant.token)
		http_request_bear(easy, http->token.grant.token);
	curl_slist_free_all(http->headers);
	http->headers = http_request_headers(options, http->format, id, http->hash);
	if (!http->headers)
		return -ENOMEM;
	r = set_url(http, batch, id);
	if (r < 0)
		return r;
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, http->headers);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->size);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body->data);
	if (!http->files.have_changed)
		return 0;
	http->files.have_changed = false;
	return http_request_name_files(&options->tls, easy, curl_loop_number(http->curl));
}

static int open_easy(struct http_sink *http)
{
	CURL *easy = curl_easy_init();
	int r;

	if (!easy)
		return -ENOMEM;
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, http);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, http_answer_on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, &http->answer);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, http->error);
	r = http_request_apply(&http->options, easy, &http->why);
	if (r < 0)
		curl_easy_cleanup(easy);
	else
		http->transfer.easy = easy;
	return r;
}

static void start_transfer(struct http_sink *http)
{
	int r = http->transfer.easy ? 0 : open_easy(http);

	http->answer = (struct http_answer){ 0 };
	answer_reader_begin(&http->reader);
	*http->error = '\0';
	if (r == 0)
		r = set_request(http, http->batch);
	if (r == 0)
		r = curl_loop_start(http->curl, &http->transfer);
	if (r < 0)
		tell_later(http, r);
}

static void start(struct http_sink *http)
{
	http->has_renewed = false;
	if (http->options.oauth2.token_url && !http_token_is_good(&http->token))
		fetch_token(http);
	else
		start_transfer(http);
}

/* ---- looking at files first ----------------------------------------------- */

static void look_on_work(uv_work_t *look)
{
	struct http_sink *http = container_of(look, struct http_sink, look);

	http_files_look(&http->files, &http->options.tls);
}

static void look_on_done(uv_work_t *look, int status)
{
	struct http_sink *http = container_of(look, struct http_sink, look);

	(void)status;
	http->looking = false;
	if (http->is_cancelled)
		sink_tell_sent(&http->sink, -ECANCELED);
	else
		start(http);
}

static void http_send(struct sink *sink, const struct batch *batch)
{
	struct http_sink *http = http_sink_of(sink);
	uv_loop_t *loop = http->turn.loop;

	http->batch = batch;
	http->is_cancelled = false;
	http->looking = http_files_are_any(&http->options.tls) &&
			uv_queue_work(loop, &http->look, look_on_work, look_on_done) == 0;
	if (!http->looking)
		start(http);
}

static void http_cancel(struct sink *sink)
{
	struct http_sink *http = http_sink_of(sink);

	http->is_cancelled = true;
	if (http->looking || http->reader.is_reading)
		return;
	if (http->transfer.easy)
		curl_loop_cancel(http->curl, &http->transfer);
	http_token_cancel(&http->token);
	tell_later(http, -ECANCELED);
}

/* ---- making and ending -------------------------------------------------- */

static void http_free(struct http_sink *http)
{
	if (http->transfer.easy)
		curl_easy_cleanup(http->transfer.easy);
	http_token_finish(&http->token);
	curl_slist_free_all(http->headers);
	buffer_finish(&http->why);
	buffer_finish(&http->packed);
	answer_reader_finish(&http->reader);
	for (size_t i = 0; i < LENGTH(http->addresses); i++)
		http_address_finish(&http->addresses[i]);
	arena_wipe(&http->arena);
	arena_finish(&http->arena);
	free(http);
}

static void on_turn_closed(uv_handle_t *handle)
{
	struct http_sink *http =
		container_of((uv_timer_t *)handle, struct http_sink, turn);
	struct sink_listener *listener = http->sink.listener;

	http_free(http);
	listener->on_closed(listener);
}

static void http_close(struct sink *sink)
{
	uv_close((uv_handle_t *)&http_sink_of(sink)->turn, on_turn_closed);
}

static const struct sink_ops http_ops = {
	.recover = http_recover,
	.prepare = http_prepare,
	.send = http_send,
	.note = http_note,
	.cancel = http_cancel,
	.close = http_close,
};

static int init_addresses(struct http_sink *http, struct buffer *why)
{
	const struct http_options *options = &http->options;
	int r = http_address_init(&http->addresses[0], options->url, options, why);

	if (r == 0 && options->events_url)
		r = http_address_init(
			&http->addresses[1], options->events_url, options, why);
	return r;
}

static void init_token(struct http_sink *http, const struct sink_options *options)
{
	http->token.options = &http->options;
	http->token.curl = options->curl;
	http->token.loop = options->loop;
	http->token.on_done = on_token_done;
}

static int http_create(
	const struct sink_options *options, struct sink **ret_sink, struct buffer *why)
{
	struct http_sink *http = calloc(1, sizeof(*http));
	int r;

	if (!http)
		return -ENOMEM;
	http->sink = (struct sink){ &http_ops, options->listener };
	http->format = http->reader.format = options->format;
	http->reader.settings = options->settings;
	http->reader.on_read = on_read;
	http->curl = options->curl;
	http->transfer.on_done = on_done;
	r = options_fill(&http->arena, options->settings->options, http_option_table,
		sizeof(http_option_table[0]), &http->options);
	if (r == 0)
		r = init_addresses(http, why);
	if (r < 0) {
		http_free(http);
		return r;
	}
	http->packing = http_request_packing(&http->options, http->format);
	init_token(http, options);
	uv_timer_init(options->loop, &http->turn);
	*ret_sink = &http->sink;
	return 0;
}

const struct transport transport_http = {
	.name = "http",
	.summary = "An HTTP or HTTPS endpoint.",
	.options = http_option_table,
	.n_options = HTTP_OPTIONS,
	.sends_bodies = true,
	.check = http_options_check,
	.create = http_create,
};
