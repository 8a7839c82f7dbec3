/* SPDX-License-Identifier: Apache-2.0 */
/* The rules that a plugin's tables keep: those of rookery/plugin.h, and that every
 * option and metric is explained in a sentence. */
#ifndef SUPPORT_FAKE_HOST_TABLES_H
#define SUPPORT_FAKE_HOST_TABLES_H

#include <rookery/plugin.h>

/* Fails the test at the first rule that is broken. */
void fake_tables_check(const struct rk_plugin *plugin);

#endif
