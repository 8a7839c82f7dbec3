/* SPDX-License-Identifier: Apache-2.0 */
/* The SDK's headers alone, as C++17, and a sample made with them. */
#include <rookery/csv.h>
#include <rookery/ext/http.h>
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
