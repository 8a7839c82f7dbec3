/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Elasticsearch and OpenSearch answer to a bulk request: status 200 whatever became
 * of the records, and a list with the status of each, in their order.
 *
 *	{"took":30,"errors":true,"items":[{"index":{"status":201,...}},
 *	 {"index":{"status":400,"error":{"type":"...","reason":"..."}}}]}
 */
#ifndef ENCODE_BULK_ANSWER_H
#define ENCODE_BULK_ANSWER_H

#include "store_answer.h"

#include <stdbool.h>
#include <stddef.h>

/* An encoder_type's read_answer. */
void bulk_answer_read(const char *body, size_t n, bool is_whole, uint32_t n_records,
	struct store_answer *ret_answer);

#endif
