/* SPDX-License-Identifier: Apache-2.0 */
/* Does on demand what well-behaved plugins do not. */
#include <rookery/plugin.h>

#include <math.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct odd {
	const struct rk_host *host;
	bool events, wrong, bytes, fail, partial, hang, hang_in_stop, busy, log_secret,
		twice;
	struct rk_secret secret;
	uint64_t runs;
};

/* clang-format off */
#define SWITCH(name_, text) \
	{ .name = #name_, RK_FIELD(struct odd, name_), .preset = "false", .help = text }

static const struct rk_option options[] = {
	SWITCH(events, "Emits events of all phases, some of them twice."),
	SWITCH(wrong, "Emits what is against the rules."),
	SWITCH(bytes, "Emits labels that are not UTF-8."),
	SWITCH(fail, "Fails each run."),
	SWITCH(partial, "Ends each run with RK_PARTIAL."),
	SWITCH(hang, "Never ends a run."),
	SWITCH(hang_in_stop, "Never ends stop."),
	SWITCH(busy, "Looks busy for a second in each run, and obeys a cancel."),
	SWITCH(twice, "Calls done twice, and emits in between."),
	SWITCH(log_secret, "Logs its secret and gives it as the reason of a failure."),
	{ .name = "secret", RK_FIELD(struct odd, secret), .help = "Anything." },
};

static const char *const labels[] = { "text", NULL };

enum { METRIC_GOOD, METRIC_TEXT };

static const struct rk_metric metrics[] = {
	[METRIC_GOOD] = { .name = "odd.good", .kind = RK_GAUGE, .confidence = RK_APPROXIMATE,
		.unit = "1", .help = "A number." },
	[METRIC_TEXT] = { .name = "odd.text", .kind = RK_CUMULATIVE, .confidence = RK_EXACT,
		.unit = "1", .labels = labels, .help = "A number with a text beside it." },
};
/* clang-format on */

static void emit(struct odd *odd, struct rk_run *run, struct rk_sample sample)
{
	odd->host->emit(run, &sample, 1);
}

static void emit_events(struct odd *odd, struct rk_run *run)
{
	static const struct rk_label subject[] = { { "vendor.name", "sendgrid" } };
	static const struct rk_label evidence[] = { { "minutes", "12" } };
	static const uint32_t phases[] = { RK_END, RK_BEGIN, RK_BEGIN, RK_UPDATE, RK_END,
		RK_END, RK_ONCE };
	struct rk_event event = {
		.size = sizeof(event),
		.severity = RK_HIGH,
		.follow_up = true,
		.type = "vendor.incident",
		.insight = "The vendor reports a delay.",
		.action = "Wait.",
		.labels = subject,
		.n_labels = RK_LEN(subject),
		.details = evidence,
		.n_details = RK_LEN(evidence),
	};

	for (size_t i = 0; i < RK_LEN(phases); i++) {
		event.phase = phases[i];
		event.key = phases[i] == RK_ONCE ? NULL : "inc-1";
		odd->host->event(run, &event);
	}
}

static void emit_wrong_twice(struct odd *odd, struct rk_run *run, uint32_t good)
{
	static const struct rk_label undeclared[] = { { "colour", "red" } };
	static const struct rk_label tenant[] = { { "tenant", "acme" } };
	const struct rk_host *host = odd->host;
	struct rk_event event = { .size = sizeof(event), .type = "a.b" };
	char number[2] = "a";

	emit(odd, run, (struct rk_sample){ .series = good, .value = { .real = 1 } });
	for (int i = 0; i < 2; i++) {
		emit(odd, run,
			(struct rk_sample){ .series = good, .value = { .real = NAN } });
		emit(odd, run,
			(struct rk_sample){
				.series = good, .value = { .real = INFINITY } });
		emit(odd, run,
			(struct rk_sample){
				.series = good, .time_ns = 5, .start_ns = 5 });
		emit(odd, run, (struct rk_sample){ .series = 4711 });
		host->series(host, METRIC_GOOD, undeclared, 1);
		host->series(host, METRIC_GOOD, tenant, 1);
		host->event(run, &event);
	}
	emit(odd, run,
		(struct rk_sample){
			.series = good, .value = { .real = 2 }, .confidence = RK_EXACT });
	for (; number[0] < 'z'; number[0]++) {
		struct rk_label label = { "text", number };

		host->series(host, METRIC_TEXT, &label, 1);
	}
}

static void emit_bytes(struct odd *odd, struct rk_run *run)
{
	static const char *const texts[] = { ("a\xff"
					      "b"),
		"quote \" back \\\\ tab \t", "\xc0\xaf/" };

	for (size_t i = 0; i < RK_LEN(texts); i++) {
		struct rk_label label = { "text", texts[i] };

		emit(odd, run,
			(struct rk_sample){ .series = odd->host->series(
						    odd->host, METRIC_TEXT, &label, 1) });
	}
}

static void look_busy(const struct odd *odd, const struct rk_run *run)
{
	static const struct timespec step = { .tv_nsec = 5000000 };

	for (int i = 0; i < 200 && !odd->host->cancelled(run); i++)
		nanosleep(&step, NULL);
}

static void odd_collect(void *self, struct rk_run *run)
{
	struct odd *odd = self;
	const struct rk_host *host = odd->host;
	uint32_t good = host->series(host, METRIC_GOOD, NULL, 0);

	while (odd->hang)
		pause();
	if (odd->busy)
		look_busy(odd, run);
	if (odd->log_secret) {
		host->log(host, RK_LOG_ERROR, "the key is %s!", odd->secret.text);
		host->done(run, -1, odd->secret.text);
		return;
	}
	if (odd->fail) {
		host->done(run, -5, "the source is closed");
		return;
	}
	if (odd->events)
		emit_events(odd, run);
	if (odd->wrong)
		emit_wrong_twice(odd, run, good);
	else
		emit(odd, run,
			(struct rk_sample){ .series = good,
				.value = { .digits = (int64_t)++odd->runs,
					.form = RK_DECIMAL } });
	if (odd->bytes)
		emit_bytes(odd, run);
	host->done(run, odd->partial ? RK_PARTIAL : 0,
		odd->partial ? "one of two is missing" : NULL);
	if (odd->twice) {
		emit(odd, run, (struct rk_sample){ .series = good });
		host->done(run, 0, NULL);
	}
}

static int odd_start(void *self, const struct rk_host *host)
{
	((struct odd *)self)->host = host;
	return 0;
}

static void odd_stop(void *self)
{
	while (((struct odd *)self)->hang_in_stop)
		pause();
}

static void odd_check(
	const void *self, const struct rk_host *host, struct rk_faults *faults)
{
	const struct odd *odd = self;

	if (odd->fail && odd->partial)
		host->fault(faults, "partial", "does not go with '%s'", "fail");
}

const struct rk_plugin rk_plugin_entry = {
	RK_PLUGIN_ABI,
	.name = "odd",
	.summary = "Does what others do not.",
	.version = "1",
	.flags = RK_BLOCKING,
	.interval = "50ms",
	.timeout = "10s",
	.options = options,
	.n_options = RK_LEN(options),
	.metrics = metrics,
	.n_metrics = RK_LEN(metrics),
	.state_size = sizeof(struct odd),
	.check = odd_check,
	.start = odd_start,
	.collect = odd_collect,
	.stop = odd_stop,
};
