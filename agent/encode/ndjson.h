/* SPDX-License-Identifier: Apache-2.0 */
/* One JSON object a line, as docs/DATA-MODEL.md describes it. */
#ifndef ENCODE_NDJSON_H
#define ENCODE_NDJSON_H

#include "encoder.h"

extern const struct encoder_type encoder_ndjson;

#endif
