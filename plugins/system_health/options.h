/* SPDX-License-Identifier: Apache-2.0 */
/* What can be configured. The tables in options.c fill these structs. */
#ifndef SYSTEM_HEALTH_OPTIONS_H
#define SYSTEM_HEALTH_OPTIONS_H

#include "filter.h"

#include <rookery/plugin.h>

struct part_settings {
	bool uptime, load, cpu, memory, paging, disk, network, tcp, pressure, process,
		descriptors, entropy, temperature, filesystem, units, mail;
};

struct cpu_settings {
	bool per_core;
};

struct disk_settings {
	struct filter names;
	bool partitions;
};

struct filesystem_settings {
	struct filter points, types;
	struct rk_duration timeout;
};

struct network_settings {
	struct filter names;
};

struct tcp_settings {
	struct rk_duration every;
};

struct process_settings {
	int64_t most;
};

struct units_settings {
	struct filter names;
};

enum mail_server { MAIL_AUTO, MAIL_POSTFIX, MAIL_EXIM, MAIL_NONE };

struct mail_settings {
	struct rk_choice server; /* enum mail_server */
	const char *postfix_queue, *exim_spool;
	struct rk_duration every, timeout;
};

struct settings {
	const char *proc, *sys, *root;
	struct part_settings parts;
	struct cpu_settings cpu;
	struct disk_settings disk;
	struct filesystem_settings filesystem;
	struct network_settings network;
	struct tcp_settings tcp;
	struct process_settings process;
	struct units_settings units;
	struct mail_settings mail;
};

enum { OPTION_N = 12 };

/* Offsets count from a struct settings at the very start of the instance. */
extern const struct rk_option system_health_options[OPTION_N];

/* Tells the host of options that make no sense together. */
void options_check(const struct settings *settings, const struct rk_host *host,
	struct rk_faults *faults);

#endif
