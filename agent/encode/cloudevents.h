/* SPDX-License-Identifier: Apache-2.0 */
/* CloudEvents 1.0 in the batched JSON mode; data is the object that ndjson has.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
#ifndef ENCODE_CLOUDEVENTS_H
#define ENCODE_CLOUDEVENTS_H

#include "encoder.h"

extern const struct encoder_type encoder_cloudevents;

#endif
