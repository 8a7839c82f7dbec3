/* SPDX-License-Identifier: Apache-2.0 */
/* The SDK's header alone, as C++17, and a sample made with it. */
#include <rookery/plugin.h>

rk_sample header_makes_a_sample()
{
	rk_sample sample{};

	sample.value.real = 1.5;
	sample.series = RK_NO_SERIES;
	return sample;
}
