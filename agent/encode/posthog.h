/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies for PostHog's endpoint /batch/, as its page on capture and batch describes
 * them (posthog.com/docs/api/capture). */
#ifndef ENCODE_POSTHOG_H
#define ENCODE_POSTHOG_H

#include "encoder.h"

extern const struct encoder_type encoder_posthog;

#endif
