/* SPDX-License-Identifier: Apache-2.0 */
/* The optional services of the host by versioned name (rookery/ext/). */
#ifndef HOST_EXTENSIONS_H
#define HOST_EXTENSIONS_H

struct rk_host;
struct rk_http;
struct rk_loop;
struct rk_metrics;
struct rk_state;

/* Each is in a file of its own, ext_*.c. */
extern const struct rk_http ext_http; /* this and ext_loop not for who may block */
extern const struct rk_loop ext_loop;
extern const struct rk_metrics ext_metrics;
extern const struct rk_state ext_state;

/* rk_host.extension. */
const void *extension_find(const struct rk_host *host, const char *id);

#endif
