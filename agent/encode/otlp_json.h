/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenTelemetry protocol over HTTP as JSON: metrics, and events as logs. */
#ifndef ENCODE_OTLP_JSON_H
#define ENCODE_OTLP_JSON_H

#include "encoder.h"

extern const struct encoder_type encoder_otlp_json;

#endif
