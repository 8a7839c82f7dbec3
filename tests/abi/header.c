/* SPDX-License-Identifier: Apache-2.0 */
/* The SDK's headers alone, as C11 without extensions. */
#include <rookery/ext/loop.h>
#include <rookery/ext/metrics.h>
#include <rookery/ext/state.h>
#include <rookery/plugin.h>

typedef int header_is_complete;
