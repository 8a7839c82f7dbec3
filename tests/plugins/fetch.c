/* SPDX-License-Identifier: Apache-2.0 */
/* Asks by rk.http/1 what its options say, and reports what came. */
#include <rookery/ext/http.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct fetch {
	const char *url, *method, *body, *auth_name, *region, *service, *token_url,
		*scope;
	const char *account, *ca_file, *proxy, *parameter;
	struct rk_choice scheme, paging;
	struct rk_secret secret, token;
	struct rk_map query, headers;
	struct rk_duration timeout, patience;
	struct rk_size max_body;
	struct rk_number rate;
	int64_t attempts, redirects, times, burst, max_pages, items, cancel_after;
	bool repeatable, in_body, accept_failure, log_body;

	const struct rk_host *host;
	const struct rk_http *http;
	struct rk_run *run;
	struct rk_http_request *request;
	struct rk_http_pages *pages;
	int64_t n_done;
	uint32_t status, attempts_made, size, cached, first_byte, ends;
};

/* clang-format off */
static const char *const schemes[] = { "none", "bearer", "basic", "header", "query",
	"aws_sigv4", "oauth2", NULL };
static const char *const pagings[] = { "none", "links", "cursors", "numbers", "offsets",
	NULL };

static const struct rk_option options[] = {
	{ .name = "url", RK_FIELD(struct fetch, url), .flags = RK_REQUIRED, .help = "Where." },
	{ .name = "method", RK_FIELD(struct fetch, method), .help = "How." },
	{ .name = "body", RK_FIELD(struct fetch, body), .help = "What is sent." },
	{ .name = "query", RK_FIELD(struct fetch, query), .help = "Parameters." },
	{ .name = "headers", RK_FIELD(struct fetch, headers), .help = "Headers." },
	{ .name = "scheme", RK_FIELD(struct fetch, scheme), .preset = "none",
	  .choices = schemes, .help = "Who asks." },
	{ .name = "auth_name", RK_FIELD(struct fetch, auth_name), .help = "Its name." },
	{ .name = "secret", RK_FIELD(struct fetch, secret), .help = "Its secret." },
	{ .name = "token", RK_FIELD(struct fetch, token), .help = "Its token." },
	{ .name = "region", RK_FIELD(struct fetch, region), .help = "Of AWS." },
	{ .name = "service", RK_FIELD(struct fetch, service), .help = "Of AWS." },
	{ .name = "token_url", RK_FIELD(struct fetch, token_url), .help = "Of OAuth 2.0." },
	{ .name = "scope", RK_FIELD(struct fetch, scope), .help = "Of OAuth 2.0." },
	{ .name = "in_body", RK_FIELD(struct fetch, in_body), .preset = "false",
	  .help = "Whether the client stands in the body." },
	{ .name = "timeout", RK_FIELD(struct fetch, timeout), .preset = "20s",
	  .help = "Of an attempt." },
	{ .name = "patience", RK_FIELD(struct fetch, patience), .preset = "1m",
	  .help = "Of the whole." },
	{ .name = "max_body", RK_FIELD(struct fetch, max_body), .preset = "1MiB",
	  .help = "Of the answer." },
	{ .name = "attempts", RK_FIELD(struct fetch, attempts), .preset = "1",
	  .help = "How often." },
	{ .name = "redirects", RK_FIELD(struct fetch, redirects), .preset = "0",
	  .help = "To be followed." },
	{ .name = "repeatable", RK_FIELD(struct fetch, repeatable), .preset = "false",
	  .help = "Whatever the method is." },
	{ .name = "account", RK_FIELD(struct fetch, account), .help = "Whose rate." },
	{ .name = "rate", RK_FIELD(struct fetch, rate), .preset = "1", .help = "A second." },
	{ .name = "burst", RK_FIELD(struct fetch, burst), .preset = "1", .help = "At once." },
	{ .name = "ca_file", RK_FIELD(struct fetch, ca_file), .flags = RK_PATH_READ,
	  .help = "Authorities." },
	{ .name = "proxy", RK_FIELD(struct fetch, proxy), .help = "Through which." },
	{ .name = "times", RK_FIELD(struct fetch, times), .preset = "1",
	  .help = "How many requests, one behind the other." },
	{ .name = "paging", RK_FIELD(struct fetch, paging), .preset = "none",
	  .choices = pagings, .help = "One page after the other." },
	{ .name = "parameter", RK_FIELD(struct fetch, parameter), .help = "Of paging." },
	{ .name = "max_pages", RK_FIELD(struct fetch, max_pages), .preset = "0",
	  .help = "At most." },
	{ .name = "items", RK_FIELD(struct fetch, items), .preset = "1",
	  .help = "How many a page has whose body is not empty." },
	{ .name = "accept_failure", RK_FIELD(struct fetch, accept_failure),
	  .preset = "false", .help = "Whether the run succeeds in spite of a failure." },
	{ .name = "log_body", RK_FIELD(struct fetch, log_body), .preset = "false",
	  .help = "Whether each body is logged." },
	{ .name = "cancel_after", RK_FIELD(struct fetch, cancel_after), .preset = "0",
	  .help = "Cancels the request behind this many." },
};

static const struct rk_metric metrics[] = {
	{ .name = "test.http.status", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "1",
	  .help = "Of each answer." },
	{ .name = "test.http.attempts", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "1",
	  .help = "Of each answer." },
	{ .name = "test.http.size", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "By",
	  .help = "Of each body." },
	{ .name = "test.http.cached", .kind = RK_GAUGE, .confidence = RK_EXACT, .unit = "1",
	  .help = "Whether it had not changed." },
	{ .name = "test.http.first_byte", .kind = RK_GAUGE, .confidence = RK_EXACT,
	  .unit = "ns", .help = "How long it took." },
	{ .name = "test.http.certificate.ends", .kind = RK_GAUGE, .confidence = RK_EXACT,
	  .unit = "s", .help = "Unix time." },
};
/* clang-format on */

static int fetch_start(void *self, const struct rk_host *host)
{
	struct fetch *fetch = self;
	uint32_t *series[] = { &fetch->status, &fetch->attempts_made, &fetch->size,
		&fetch->cached, &fetch->first_byte, &fetch->ends };

	fetch->host = host;
	fetch->http = host->extension(host, RK_HTTP);
	for (uint32_t i = 0; i < RK_LEN(series); i++)
		*series[i] = host->series(host, i, NULL, 0);
	return fetch->http ? 0 : -ENOTSUP;
}

static void emit(struct fetch *fetch, uint32_t series, int64_t digits)
{
	struct rk_sample sample = { .series = series };

	sample.value.form = RK_DECIMAL;
	sample.value.digits = digits;
	fetch->host->emit(fetch->run, &sample, 1);
}

static void end(struct fetch *fetch, int result, const char *why)
{
	struct rk_run *run = fetch->run;

	if (fetch->pages)
		fetch->http->pages_end(fetch->pages);
	fetch->pages = NULL;
	fetch->request = NULL;
	fetch->run = NULL;
	fetch->host->done(run, result, why);
}

static void ask(struct fetch *fetch);

static void report(struct fetch *fetch, const struct rk_http_answer *answer)
{
	emit(fetch, fetch->status, answer->status);
	emit(fetch, fetch->attempts_made, answer->attempts);
	emit(fetch, fetch->size, (int64_t)answer->body_size);
	emit(fetch, fetch->cached, answer->from_cache);
	emit(fetch, fetch->first_byte, answer->first_byte_ns);
	if (answer->certificate_ends_ns > 0)
		emit(fetch, fetch->ends, answer->certificate_ends_ns / 1000000000);
	if (fetch->log_body)
		fetch->host->log(fetch->host, RK_LOG_NOTICE, "%s at %lld: %s",
			answer->url, (long long)fetch->host->now_ns(fetch->host),
			answer->body ? (const char *)answer->body : "-");
}

/* The vendor's own words count for the budget of all. */
static void heed_limit(struct fetch *fetch, const struct rk_http_answer *answer)
{
	struct rk_http_limit limit = { .size = sizeof(limit) };

	if (fetch->account && fetch->http->limit(answer, &limit) == 0 &&
		limit.remaining == 0 && limit.reset_ns > 0)
		fetch->http->penalize(fetch->host, fetch->account, limit.reset_ns);
}

static void turn_page(struct fetch *fetch, const struct rk_http_answer *answer)
{
	size_t n_items = answer->body_size > 0 ? (size_t)fetch->items : 0;
	int r = fetch->http->pages_next(fetch->pages, answer,
		fetch->http->header(answer, "X-Cursor", 0), n_items);

	if (r > 0)
		ask(fetch);
	else
		end(fetch, r, r < 0 ? "its pages have no end" : NULL);
}

static void on_done(void *context, const struct rk_http_answer *answer)
{
	struct fetch *fetch = context;

	fetch->request = NULL;
	report(fetch, answer);
	heed_limit(fetch, answer);
	if (answer->result < 0 && !fetch->accept_failure)
		end(fetch, answer->result, answer->why);
	else if (answer->result < 0 && fetch->log_body)
		fetch->host->log(fetch->host, RK_LOG_NOTICE, "goes on in spite of: %s",
			answer->why);
	if (!fetch->run)
		return;
	if (fetch->pages)
		turn_page(fetch, answer);
	else if (++fetch->n_done < fetch->times)
		ask(fetch);
	else
		end(fetch, 0, NULL);
}

static double rate_of(const struct rk_number *rate)
{
	double value = (double)rate->digits;

	for (uint32_t i = 0; i < rate->scale; i++)
		value /= 10;
	return rate->form == RK_REAL ? rate->real : value;
}

static void ask(struct fetch *fetch)
{
	struct rk_http_auth auth = {
		.size = sizeof(auth),
		.scheme = fetch->scheme.index,
		.name = fetch->auth_name,
		.secret = fetch->secret,
		.token = fetch->token,
		.region = fetch->region,
		.service = fetch->service,
		.url = fetch->token_url,
		.scope = fetch->scope,
		.flags = fetch->in_body ? RK_HTTP_CLIENT_IN_BODY : 0,
	};
	struct rk_http_order order = {
		.size = sizeof(order),
		.flags = fetch->repeatable ? RK_HTTP_REPEATABLE : 0,
		.method = fetch->method,
		.url = fetch->pages ? fetch->http->pages_url(fetch->pages) : fetch->url,
		.query = fetch->query.items,
		.n_query = fetch->query.n,
		.headers = fetch->headers.items,
		.n_headers = fetch->headers.n,
		.body = fetch->body,
		.body_size = fetch->body ? strlen(fetch->body) : 0,
		.auth = &auth,
		.timeout_ns = fetch->timeout.ns,
		.patience_ns = fetch->patience.ns,
		.attempts = (uint32_t)fetch->attempts,
		.redirects = (uint32_t)fetch->redirects,
		.max_body = fetch->max_body.bytes,
		.run = fetch->run,
		.account = fetch->account,
		.per_second = rate_of(&fetch->rate),
		.burst = (uint32_t)fetch->burst,
		.ca_file = fetch->ca_file,
		.proxy = fetch->proxy,
		.on_done = on_done,
		.context = fetch,
	};
	int r = fetch->http->start(fetch->host, &order, &fetch->request);

	if (r < 0)
		end(fetch, r, "cannot ask");
	else if (fetch->cancel_after > 0 && fetch->n_done >= fetch->cancel_after) {
		fetch->http->cancel(fetch->request);
		end(fetch, 0, NULL);
	}
}

static void fetch_collect(void *self, struct rk_run *run)
{
	struct fetch *fetch = self;
	struct rk_http_pages_order pages = {
		.size = sizeof(pages),
		.paging = fetch->paging.index - 1,
		.url = fetch->url,
		.parameter = fetch->parameter,
		.first = fetch->paging.index == 3,
		.max_pages = (uint32_t)fetch->max_pages,
	};

	fetch->run = run;
	fetch->n_done = 0;
	if (fetch->paging.index > 0 &&
		fetch->http->pages_begin(fetch->host, &pages, &fetch->pages) < 0)
		end(fetch, -EINVAL, "cannot begin with pages");
	else
		ask(fetch);
}

static void fetch_cancel(void *self, struct rk_run *run)
{
	struct fetch *fetch = self;

	(void)run;
	if (fetch->request)
		fetch->http->cancel(fetch->request);
	end(fetch, -ECANCELED, NULL);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "fetch",
	.summary = "Asks by HTTP and reports what came.",
	.version = "1.0.0",
	.needs = RK_NEED_NET,
	.interval = "1h",
	.timeout = "2m",
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct fetch),
	.start = fetch_start,
	.collect = fetch_collect,
	.cancel = fetch_cancel,
};
