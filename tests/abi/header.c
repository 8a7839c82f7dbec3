/* SPDX-License-Identifier: Apache-2.0 */
/* The SDK's headers alone, as C11 without extensions. */
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

typedef int header_is_complete;
