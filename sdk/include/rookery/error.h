/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rookery/error.h - why something of the library for authors of plugins failed, as
 * a sentence that fits into rk_host.done:
 *
 *	struct rk_error error;
 *	int r = rk_json_parse(body, size, &json, &error);
 *
 *	if (r < 0)
 *		host->done(run, r, error.text);
 *
 * The library (librookery_plugin.a) is linked into the plugin, which still exports
 * rk_plugin_entry alone. It has no global state: any function may be called from
 * any thread, on objects that no other thread is changing. It never waits and never
 * logs; only rk_zone_open opens a file. Functions return 0 or a negative errno;
 * where one fails, what its ret_ parameters point to is as it was, but for the
 * error, which is written only then. The error may be NULL.
 */
#ifndef RK_ERROR_H
#define RK_ERROR_H

#include <stdint.h>

#define RK_ERROR_SIZE 256

struct rk_error {
	uint32_t line, column; /* in the text that was read, from 1; 0: nowhere in it */
	char text[RK_ERROR_SIZE]; /* UTF-8, what failed and where, without a newline */
};

#endif
