/* SPDX-License-Identifier: Apache-2.0 */
/* Rows for ClickHouse (JSONEachRow), of the table in packaging/stores/clickhouse.sql. */
#ifndef ENCODE_CLICKHOUSE_H
#define ENCODE_CLICKHOUSE_H

#include "encoder.h"

extern const struct encoder_type encoder_clickhouse;

#endif
