/* SPDX-License-Identifier: Apache-2.0 */
/* InfluxDB's line protocol: one point a line, in nanoseconds.
 * https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/ */
#ifndef ENCODE_INFLUX_H
#define ENCODE_INFLUX_H

#include "encoder.h"

extern const struct encoder_type encoder_influx;

#endif
