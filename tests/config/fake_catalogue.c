/* SPDX-License-Identifier: Apache-2.0 */
#include "fake_catalogue.h"

#include "config/report.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "base/text.h"
#include "model/description.h"

#include <stdlib.h>

struct mail_api {
	struct rk_choice provider;
	struct rk_secret api_key;
	const char *account;
};

struct file_sink {
	const char *path;
	struct rk_size rotate_size;
};

struct http_sink {
	const char *url;
	struct rk_secret token;
	struct rk_map headers;
	struct rk_duration timeout;
};

struct otlp_format {
	struct rk_secret key;
	struct rk_choice mode;
};

static const char *const modes[] = { "fast", "slow", "off", NULL };
static const char *const providers[] = { "sendgrid", "mailgun", NULL };

/* clang-format off */
static const struct rk_option tls_options[] = {
	{ .name = "ca_file", RK_FIELD(struct probe_tls, ca_file), .flags = RK_REQUIRED,
	  .help = "Certificates that are trusted." },
	{ .name = "verify", RK_FIELD(struct probe_tls, verify), .preset = "true",
	  .help = "Whether the peer's certificate is checked." },
};

static const struct rk_option price_options[] = {
	{ .name = "country", RK_FIELD(struct probe_price, country), .flags = RK_REQUIRED,
	  .help = "Where it counts." },
	{ .name = "fee", RK_FIELD(struct probe_price, fee), .preset = "0.10",
	  .range = "0..100", .help = "For a thousand." },
	{ .name = "token", RK_FIELD(struct probe_price, token),
	  .help = "Of the country." },
};

const struct rk_option probe_options[] = {
	{ .name = "verbose", RK_FIELD(struct probe, verbose), .preset = "false",
	  .help = "Whether it says more." },
	{ .name = "count", RK_FIELD(struct probe, count), .preset = "3",
	  .range = "1..100", .help = "How many." },
	{ .name = "share", RK_FIELD(struct probe, share), .preset = "0.5",
	  .range = "0..1", .help = "Which part." },
	{ .name = "fee", RK_FIELD(struct probe, fee), .preset = "0.85",
	  .help = "What it costs." },
	{ .name = "path", RK_FIELD(struct probe, path), .preset = "/proc",
	  .flags = RK_PATH_READ, .help = "Where it looks, a | b." },
	{ .name = "wait", RK_FIELD(struct probe, wait), .preset = "1500ms",
	  .range = "10ms..1h", .help = "How long it waits." },
	{ .name = "since", RK_FIELD(struct probe, since),
	  .help = "Where it begins." },
	{ .name = "limit", RK_FIELD(struct probe, limit), .preset = "64KiB",
	  .range = "1KiB..", .help = "How much it takes." },
	{ .name = "mode", RK_FIELD(struct probe, mode), .preset = "fast",
	  .choices = modes, .help = "How it goes." },
	{ .name = "token", RK_FIELD(struct probe, token),
	  .help = "What lets it in." },
	{ .name = "hosts", RK_FIELD(struct probe, hosts),
	  .preset = "[localhost, \"::1\"]", .help = "Whom it asks." },
	{ .name = "tags", RK_FIELD(struct probe, tags), .help = "What is added." },
	{ .name = "prices", RK_FIELD(struct probe, prices),
	  .columns = RK_COLUMNS(probe_price, price_options),
	  .help = "What each country costs." },
	{ .name = "tls", RK_GROUP(struct probe, tls),
	  .columns = RK_COLUMNS(probe_tls, tls_options), .help = "How it connects." },
	{ .name = "old", RK_FIELD(struct probe, old), .flags = RK_DEPRECATED,
	  .help = "Use count." },
};
const size_t n_probe_options = LENGTH(probe_options);

static const struct rk_option mail_api_options[] = {
	{ .name = "provider", RK_FIELD(struct mail_api, provider), .flags = RK_REQUIRED,
	  .choices = providers, .help = "Who sends." },
	{ .name = "api_key", RK_FIELD(struct mail_api, api_key), .flags = RK_REQUIRED,
	  .help = "The key of the account." },
	{ .name = "account", RK_FIELD(struct mail_api, account),
	  .help = "Which account." },
};

static const struct rk_option file_options[] = {
	{ .name = "path", RK_FIELD(struct file_sink, path), .flags = RK_REQUIRED,
	  .help = "The file; %Y, %m and %d stand for the date." },
	{ .name = "rotate_size", RK_FIELD(struct file_sink, rotate_size),
	  .preset = "100MiB", .help = "Size of a file." },
};

static const struct rk_option http_options[] = {
	{ .name = "url", RK_FIELD(struct http_sink, url), .flags = RK_REQUIRED,
	  .help = "Where it is sent." },
	{ .name = "token", RK_FIELD(struct http_sink, token),
	  .help = "A bearer token." },
	{ .name = "headers", RK_FIELD(struct http_sink, headers),
	  .help = "Headers that are added." },
	{ .name = "timeout", RK_FIELD(struct http_sink, timeout), .preset = "30s",
	  .range = "1s..10m", .help = "How long a request may take." },
};

static const struct rk_option otlp_options[] = {
	{ .name = "key", RK_FIELD(struct otlp_format, key), .flags = RK_REQUIRED,
	  .help = "What stands in each body." },
	{ .name = "mode", RK_FIELD(struct otlp_format, mode), .preset = "fast",
	  .choices = modes, .help = "How it goes." },
};
/* clang-format on */

static const char *const labels[] = { "esp.vendor", "cost.currency" };

static const struct metric metrics[] = {
	{ .name = "probe.size",
		.unit = "By",
		.kind = RK_GAUGE,
		.labels = labels,
		.n_labels = LENGTH(labels) },
};

static struct arena arena;

static struct description plugins[] = {
	{ .name = "broken" },
	{ .name = "lazy", .summary = "Never says when.", .version = "1.0" },
	{ .name = "mail_api",
		.summary = "Asks who sends mail.",
		.version = "2.1",
		.interval = "1h",
		.timeout = "1m" },
	{ .name = "probe",
		.summary = "Has an option of every type.",
		.version = "1.0",
		.interval = "10s",
		.timeout = "5s",
		.metrics = metrics,
		.n_metrics = LENGTH(metrics) },
	{ .name = "ticker",
		.summary = "Never ends.",
		.version = "1.0",
		.flags = RK_STREAM },
	/* It is not among the names. */
	{ .name = "odd", .interval = "often", .timeout = "5s" },
};

static const char *const plugin_names[] = { "broken", "lazy", "mail_api", "probe",
	"ticker", NULL };

static struct sink_type sink_types[] = {
	{ .name = "file", .summary = "Files on this machine." },
	{ .name = "http", .summary = "An endpoint that takes POST requests." },
};

static const char *const formats[] = { "influx", "ndjson", "otlp_json", NULL };

static struct format_type format_types[] = { { .name = "otlp_json" } };

static const struct description *find_plugin(
	const struct catalogue *catalogue, const char *name, struct buffer *why)
{
	(void)catalogue;
	if (text_equal(name, "broken")) {
		buffer_append_text(why, "it is of ABI 2.0, this agent takes 1.0");
		return NULL;
	}
	if (text_equal(name, "proben"))
		buffer_append_text(why, "it is in neither of two folders");
	for (size_t i = 0; i < LENGTH(plugins); i++) {
		if (text_equal(plugins[i].name, name))
			return &plugins[i];
	}
	return NULL;
}

static void check(const struct catalogue *catalogue, const char *plugin,
	const struct values *values, struct report *report)
{
	const struct value *prices;

	(void)catalogue;
	if (!text_equal(plugin, "probe"))
		return;
	if (values_find(values, "count")->integer > 50 &&
		values_find(values, "mode")->choice == 1)
		report_error(report, values_find_place(values, "count"), 1,
			"'count' over 50 takes too long with mode slow");
	prices = values_find(values, "prices");
	for (size_t i = 0; i < prices->table.n; i++) {
		CLEANUP(buffer_finish) struct buffer path = { 0 };
		const char *text;

		buffer_append_format(&path, "prices[%zu].country", i);
		text = buffer_text(&path);
		if (text && text_equal(values_find(values, text)->text, "xx"))
			report_error(
				report, values_find_place(values, text), 1, "no country");
	}
}

static void copy(const struct rk_option *options, size_t n, struct option_set *to)
{
	if (option_set_copy(&arena, options, sizeof(*options), n, to) < 0)
		abort();
}

const struct catalogue *fake_catalogue(void)
{
	static const struct catalogue catalogue = {
		.plugin = find_plugin,
		.check = check,
		.plugins = plugin_names,
		.sink_types = sink_types,
		.n_sink_types = LENGTH(sink_types),
		.formats = formats,
		.format_types = format_types,
		.n_format_types = LENGTH(format_types),
	};

	if (!arena.blocks) {
		copy(mail_api_options, LENGTH(mail_api_options), &plugins[2].options);
		copy(probe_options, LENGTH(probe_options), &plugins[3].options);
		copy(file_options, LENGTH(file_options), &sink_types[0].options);
		copy(http_options, LENGTH(http_options), &sink_types[1].options);
		copy(otlp_options, LENGTH(otlp_options), &format_types[0].options);
	}
	return &catalogue;
}
