/* SPDX-License-Identifier: Apache-2.0 */
/* Elasticsearch's and OpenSearch's bulk requests, to an index that the address names.
 * https://www.elastic.co/guide/en/elasticsearch/reference/8.17/docs-bulk.html */
#ifndef ENCODE_ELASTICSEARCH_H
#define ENCODE_ELASTICSEARCH_H

#include "encoder.h"

extern const struct encoder_type encoder_elasticsearch;

#endif
