/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pass over a JSON text before jansson has it. jansson would turn numbers into
 * doubles; so each number becomes a text with a mark in front, and so does each text
 * that is a value, with another mark: {"a":0.10,"b":"x"} becomes
 * {"a":"n0.10","b":"tx"}. Names are left as they are, and spaces are left out.
 *
 * The pass knows all of JSON's grammar. It says what is wrong and where, and
 * jansson gets only what is right.
 */
#ifndef SDK_JSON_SCAN_H
#define SDK_JSON_SCAN_H

#include <rookery/json.h>

#define RK_JSON_MARK_NUMBER 'n'
#define RK_JSON_MARK_TEXT   't'

struct rk_json_scan {
	const char *text;
	size_t n, at;
	char *to;        /* NULL: it is only checked, and counted */
	size_t size;     /* of what is written */
	size_t watched;  /* in what is written: whose origin is looked for */
	size_t origin;   /* ... and where in the text it is */
	uint32_t values; /* so far */
	const char *problem;
	size_t problem_at;
	int result;
};

/* Checks text, and writes where there is somewhere to. -EINVAL, -E2BIG: problem and
 * problem_at say why. */
int rk_json_scan(struct rk_json_scan *scan);

#endif
