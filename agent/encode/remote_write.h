/* SPDX-License-Identifier: Apache-2.0 */
/* Prometheus remote write 1.0: Protocol Buffers in a snappy block.
 * https://prometheus.io/docs/specs/prw/remote_write_spec/ */
#ifndef ENCODE_REMOTE_WRITE_H
#define ENCODE_REMOTE_WRITE_H

#include "encoder.h"

extern const struct encoder_type encoder_remote_write;

#endif
