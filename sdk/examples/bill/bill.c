/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports what each day costs, out of a file that a vendor's API might have given:
 *
 *	{ "currency": "USD", "days": [ { "day": "2026-11-21", "cost": "12.340" }, ... ] }
 *
 * It shows what the library for plugins does: JSON with exact amounts, and days of the
 * zone in which the vendor counts them.
 */
#include <rookery/json.h>
#include <rookery/plugin.h>
#include <rookery/zone.h>

#include <errno.h>
#include <stdio.h>

#define MAX_SIZE 65536

struct bill {
	const char *path, *zone_name;
	const struct rk_host *host;
	struct rk_zone *zone;
};

/* clang-format off */
static const struct rk_option options[] = {
	{ .name = "path", RK_FIELD(struct bill, path), .flags = RK_REQUIRED | RK_PATH_READ,
		.help = "The file with the vendor's answer." },
	{ .name = "zone", RK_FIELD(struct bill, zone_name), .preset = "UTC",
		.help = "The time zone of the vendor's days, such as America/New_York." },
};

static const char *const labels[] = { "cost.currency", NULL };

static const struct rk_metric metrics[] = {
	{ .name = "example.cost", .kind = RK_DELTA, .confidence = RK_EXACT,
		.unit = "{currency}", .labels = labels, .help = "What a day costs." },
};
/* clang-format on */

static int bill_start(void *self, const struct rk_host *host)
{
	struct bill *bill = self;
	struct rk_error error;
	int r = rk_zone_open(bill->zone_name, NULL, &bill->zone, &error);

	bill->host = host;
	if (r < 0)
		host->log(host, RK_LOG_ERROR, "%s", error.text);
	return r < 0 ? -EINVAL : 0;
}

static void bill_stop(void *self)
{
	struct bill *bill = self;

	rk_zone_destroy(bill->zone);
}

static int bill_read(
	const struct bill *bill, struct rk_json **ret_answer, struct rk_error *error)
{
	char text[MAX_SIZE];
	FILE *file = fopen(bill->path, "re");
	size_t n = file ? fread(text, 1, sizeof(text), file) : 0;

	if (file)
		fclose(file);
	return rk_json_parse(text, n, ret_answer, error);
}

/* One sample for each day, from its beginning to its end in the zone. */
static int bill_emit(const struct bill *bill, const struct rk_json *answer,
	struct rk_run *run, struct rk_error *error)
{
	struct rk_label currency = { .name = "cost.currency" };
	struct rk_json_each each = { 0 };
	struct rk_sample sample = { 0 };
	int r = rk_json_text(answer, "/currency", &currency.value, error);

	if (r == 0)
		sample.series = bill->host->series(bill->host, 0, &currency, 1);
	while (r == 0 && rk_json_next(rk_json_at(answer, "/days"), &each)) {
		struct rk_span day = { 0, 0 };
		int64_t ns = 0;

		r = rk_json_time(each.value, "/day", RK_TIME_DAY, bill->zone, &ns, error);
		if (r == 0)
			r = rk_json_number(each.value, "/cost", &sample.value, error);
		if (r == 0)
			r = rk_zone_day(bill->zone, ns, &day);
		sample.start_ns = day.start_ns;
		sample.time_ns = day.end_ns;
		if (r == 0)
			r = bill->host->emit(run, &sample, 1);
	}
	return r;
}

static void bill_collect(void *self, struct rk_run *run)
{
	const struct bill *bill = self;
	struct rk_error error = { .text = "the host does not take it" };
	struct rk_json *answer = NULL;
	int r = bill_read(bill, &answer, &error);

	if (r == 0)
		r = bill_emit(bill, answer, run, &error);
	rk_json_destroy(answer);
	bill->host->done(run, r, r < 0 ? error.text : NULL);
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "bill",
	.summary = "Reports what each day costs.",
	.version = "1.0.0",
	.needs = RK_NEED_FILES, /* of the time zones */
	.interval = "1h",
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct bill),
	.start = bill_start,
	.collect = bill_collect,
	.stop = bill_stop,
};
