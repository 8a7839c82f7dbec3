/* SPDX-License-Identifier: Apache-2.0 */
/* Comma-separated values (RFC 4180, lines end with LF), a header in each file. */
#ifndef ENCODE_CSV_H
#define ENCODE_CSV_H

#include "encoder.h"

extern const struct encoder_type encoder_csv;

#endif
