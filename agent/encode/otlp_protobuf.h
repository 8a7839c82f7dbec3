/* SPDX-License-Identifier: Apache-2.0 */
/* The OpenTelemetry protocol over HTTP as Protocol Buffers: metrics, and events as logs.
 */
#ifndef ENCODE_OTLP_PROTOBUF_H
#define ENCODE_OTLP_PROTOBUF_H

#include "encoder.h"

extern const struct encoder_type encoder_otlp_protobuf;

#endif
