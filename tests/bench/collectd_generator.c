/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tests/plugins/generator.c does, for collectd: dispatches a number of values of
 * 1,000 series once, as fast as collectd takes them. COUNT says how many.
 */
#include "collectd.h"

#include "plugin.h"
#include "utils/common/common.h"

#include <stdlib.h>

enum { N_SERIES = 1000 };

static int generator_read(void)
{
	static int done;
	const char *count = getenv("COUNT");
	long n = count ? strtol(count, NULL, 10) : 0;
	value_list_t list = VALUE_LIST_INIT;
	value_t value;

	if (done++)
		return 0;
	list.values = &value;
	list.values_len = 1;
	sstrncpy(list.host, "mx1", sizeof(list.host));
	sstrncpy(list.plugin, "generator", sizeof(list.plugin));
	sstrncpy(list.type, "gauge", sizeof(list.type));
	sstrncpy(list.type_instance, "mail.example.com", sizeof(list.type_instance));
	for (long i = 0; i < n; i++) {
		/* A series' times must grow, or collectd refuses the value. */
		list.time = MS_TO_CDTIME_T(1000 * 1000 + i);
		value.gauge = (double)i;
		snprintf(list.plugin_instance, sizeof(list.plugin_instance), "%ld",
			i % N_SERIES);
		plugin_dispatch_values(&list);
	}
	return 0;
}

void module_register(void)
{
	plugin_register_read("generator", generator_read);
}
