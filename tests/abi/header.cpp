/* SPDX-License-Identifier: Apache-2.0 */
/* The SDK's headers alone, as C++17, and a sample made with them. */
#include <rookery/csv.h>
#include <rookery/ext/http.h>
#include <rookery/ext/loop.h>
#include <rookery/ext/metrics.h>
#include <rookery/ext/state.h>
#include <rookery/glob.h>
#include <rookery/json.h>
#include <rookery/number.h>
#include <rookery/plugin.h>
#include <rookery/unit.h>
#include <rookery/zone.h>

rk_sample header_makes_a_sample()
{
	rk_sample sample{};

	sample.value.real = 1.5;
	sample.series = RK_NO_SERIES;
	return sample;
}

int header_asks_for_a_timer(const rk_host *host, void (*on_due)(void *context))
{
	auto loop = static_cast<const rk_loop *>(host->extension(host, RK_LOOP));
	rk_timer *timer = nullptr;

	if (!loop || loop->timer_create(host, on_due, nullptr, &timer) < 0)
		return -1;
	loop->timer_set(timer, 1000000, 0);
	return 0;
}

int header_defines_a_metric(const rk_host *host, const rk_metric *metric)
{
	auto metrics = static_cast<const rk_metrics *>(host->extension(host, RK_METRICS));

	return metrics ? metrics->define(host, metric) : -1;
}

int header_asks_for_an_extension(const rk_host *host, rk_run *run)
{
	auto state = static_cast<const rk_state *>(host->extension(host, RK_STATE));
	char bytes[8];

	return state ? state->get(host, "key", bytes, sizeof(bytes)) +
			       state->set(run, "key", bytes, sizeof(bytes)) +
			       state->remove(run, "key")
		     : 0;
}

rk_number header_counts_exactly()
{
	return rk_decimal(1234, 2);
}
