/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plugin that waits for nothing: asks for a page by rk.http/1, and tells how long each
 * part of the answer took and when the server's certificate ends. The tests of the SDK
 * build and run it, against the exchange in recorded/.
 */
#include <rookery/ext/http.h>
#include <rookery/plugin.h>

#include <errno.h>

struct probe {
	const char *url; /* the options write these before start */
	struct rk_secret token;
	const struct rk_host *host;
	const struct rk_http *http;
	struct rk_run *run;              /* the open one */
	struct rk_http_request *request; /* NULL: nothing is asked */
	uint32_t total, phases[4], certificate;
};

/* clang-format off */
static const struct rk_option options[] = {
	{ .name = "url", RK_FIELD(struct probe, url), .flags = RK_REQUIRED,
	  .help = "The page to ask for." },
	{ .name = "token", RK_FIELD(struct probe, token),
	  .help = "The bearer token to ask with." },
};

static const char *const labels[] = { "probe.phase", NULL };

enum { DURATION, PHASE, CERTIFICATE };

static const struct rk_metric metrics[] = {
	[DURATION] = { .name = "example.probe.duration", .kind = RK_GAUGE,
		.confidence = RK_EXACT, .unit = "s", .help = "How long the whole took." },
	[PHASE] = { .name = "example.probe.phase.duration", .kind = RK_GAUGE,
		.confidence = RK_EXACT, .unit = "s", .labels = labels,
		.help = "How long one part of it took." },
	[CERTIFICATE] = { .name = "example.probe.certificate.remaining", .kind = RK_GAUGE,
		.confidence = RK_EXACT, .unit = "s",
		.help = "How long the server's certificate is valid still." },
};
/* clang-format on */

static int probe_start(void *self, const struct rk_host *host)
{
	static const char *const phases[] = { "dns", "connect", "tls", "first_byte" };
	struct probe *probe = self;

	probe->host = host;
	probe->http = host->extension(host, RK_HTTP);
	if (!probe->http)
		return -ENOTSUP;
	probe->total = host->series(host, DURATION, NULL, 0);
	probe->certificate = host->series(host, CERTIFICATE, NULL, 0);
	for (size_t i = 0; i < RK_LEN(phases); i++) {
		struct rk_label label = { "probe.phase", phases[i] };

		probe->phases[i] = host->series(host, PHASE, &label, 1);
	}
	return 0;
}

/* Seconds with nine decimals are nanoseconds: nothing is rounded. */
static void emit(struct probe *probe, uint32_t series, int64_t ns)
{
	struct rk_sample sample = { .series = series };

	sample.value.form = RK_DECIMAL;
	sample.value.digits = ns;
	sample.value.scale = 9;
	probe->host->emit(probe->run, &sample, 1);
}

/* Later, on a turn of the loop. */
static void on_answer(void *context, const struct rk_http_answer *answer)
{
	struct probe *probe = context;
	int64_t phases[] = { answer->dns_ns, answer->connect_ns, answer->tls_ns,
		answer->first_byte_ns };

	probe->request = NULL;
	if (answer->result < 0) {
		probe->host->done(probe->run, answer->result, answer->why);
		return;
	}
	emit(probe, probe->total, answer->total_ns);
	for (size_t i = 0; i < RK_LEN(phases); i++)
		emit(probe, probe->phases[i], phases[i]);
	if (answer->certificate_ends_ns > 0)
		emit(probe, probe->certificate,
			answer->certificate_ends_ns - probe->host->now_ns(probe->host));
	probe->host->done(probe->run, 0, NULL);
}

/* Returns at once; the run stays open. */
static void probe_collect(void *self, struct rk_run *run)
{
	struct probe *probe = self;
	struct rk_http_auth auth = {
		.size = sizeof(auth),
		.scheme = probe->token.text ? RK_HTTP_BEARER : RK_HTTP_NO_AUTH,
		.secret = probe->token,
	};
	struct rk_http_order order = {
		.size = sizeof(order),
		.url = probe->url,
		.auth = &auth,
		.run = run,
		.on_done = on_answer,
		.context = probe,
	};
	int r;

	probe->run = run;
	r = probe->http->start(probe->host, &order, &probe->request);
	if (r < 0)
		probe->host->done(run, r, "cannot ask for the page");
}

static void probe_cancel(void *self, struct rk_run *run)
{
	struct probe *probe = self;

	if (probe->request)
		probe->http->cancel(probe->request);
	probe->request = NULL;
	probe->host->done(run, -ECANCELED, NULL);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "probe",
	.summary = "Asks for a page and tells how long that took.",
	.version = "1.0.0",
	.needs = RK_NEED_NET,
	.interval = "1m",
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct probe),
	.start = probe_start,
	.collect = probe_collect,
	.cancel = probe_cancel,
};
