/* SPDX-License-Identifier: Apache-2.0 */
/* One instance of the plugin. */
#ifndef SYSTEM_HEALTH_H
#define SYSTEM_HEALTH_H

#include "cpu.h"
#include "descriptors.h"
#include "disk.h"
#include "entropy.h"
#include "filesystem.h"
#include "load.h"
#include "machine.h"
#include "mail_exim.h"
#include "mail_postfix.h"
#include "memory.h"
#include "network.h"
#include "options.h"
#include "paging.h"
#include "pressure.h"
#include "process.h"
#include "report.h"
#include "tcp.h"
#include "temperature.h"
#include "units.h"
#include "uptime.h"

enum { PARTS = 17, REASON_SIZE = 1024 };

struct system_health {
	struct settings settings; /* first: the options' offsets count from here */
	const struct rk_host *host;
	struct machine machine;
	struct report report;
	bool absence_told[PARTS];
	char why[REASON_SIZE]; /* what failed in this run; empty: nothing */
	struct uptime uptime;
	struct load load;
	struct cpu cpu;
	struct memory memory;
	struct paging paging;
	struct disk disk;
	struct network network;
	struct tcp tcp;
	struct pressure pressure;
	struct process process;
	struct descriptors descriptors;
	struct entropy entropy;
	struct temperature temperature;
	struct filesystem filesystem;
	struct units units;
	struct mail_postfix mail_postfix;
	struct mail_exim mail_exim;
};

#endif
