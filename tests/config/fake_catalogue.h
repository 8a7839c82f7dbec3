/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plugins, sinks and formats that are only tables: `probe` has an option of every
 * type, `mail_api` requires some, `ticker` is a stream, `lazy` has no interval,
 * `broken` is refused.
 */
#ifndef CONFIG_FAKE_CATALOGUE_H
#define CONFIG_FAKE_CATALOGUE_H

#include "config/config.h"

#include <rookery/plugin.h>

struct probe_tls {
	const char *ca_file;
	bool verify;
};

struct probe_price {
	const char *country;
	struct rk_number fee;
	struct rk_secret token;
};

struct probe {
	bool verbose;
	int64_t count;
	double share;
	struct rk_number fee;
	const char *path;
	struct rk_duration wait;
	struct rk_time since;
	struct rk_size limit;
	struct rk_choice mode;
	struct rk_secret token;
	struct rk_list hosts;
	struct rk_map tags;
	struct rk_table prices;
	struct probe_tls tls;
	int64_t old;
};

/* Lives as long as the process. Its check refuses `count` over 50 with mode slow, and
 * every price whose country is "xx". */
const struct catalogue *fake_catalogue(void);

/* The table behind `probe`, to fill a struct by. */
extern const struct rk_option probe_options[];
extern const size_t n_probe_options;

#endif
