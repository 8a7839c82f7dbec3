/* SPDX-License-Identifier: Apache-2.0 */
/* What system_health reads: files of the kernel, answers of Postfix and of systemd. The
 * first byte says whose parser gets the rest. */
#include "cpu.h"
#include "disk.h"
#include "memory.h"
#include "mounts.h"
#include "network.h"
#include "paging.h"
#include "pressure.h"
#include "process.h"
#include "showq.h"
#include "tcp.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define EACH(name, next, type)                                                           \
	static void read_##name(const char *text, size_t size)                           \
	{                                                                                \
		struct scan scan = scan_of(text, size);                                  \
		struct type one;                                                         \
                                                                                         \
		while (next(&scan, &one))                                                \
			;                                                                \
	}

EACH(cpu, cpu_next, cpu_reading)
EACH(disk, disk_next, disk_reading)
EACH(mounts, mount_next, mount)
EACH(network, network_next, network_reading)
EACH(pressure, pressure_next, pressure_reading)
EACH(swap, swap_next, swap_reading)

static void read_memory(const char *text, size_t size)
{
	(void)memory_parse(text, size);
}

static void read_paging(const char *text, size_t size)
{
	(void)paging_parse(text, size);
}

static void read_process(const char *text, size_t size)
{
	enum process_state state;

	(void)process_parse(text, size, &state);
}

static void read_tcp(const char *text, size_t size)
{
	struct tcp_count count = { 0 };

	(void)tcp_count_piece(&count, text, size);
}

static void read_showq(const char *text, size_t size)
{
	struct showq showq = { 0 };

	(void)showq_feed(&showq, text, size);
}

static void read_units(const char *text, size_t size)
{
	struct dbus_message message;
	struct dbus_reader list;
	struct unit unit;

	if (dbus_message_parse(text, size, &message) && units_begin(&message, &list)) {
		while (unit_next(&list, &unit))
			;
	}
}

static void (*const readers[])(const char *text, size_t size) = { read_cpu, read_disk,
	read_mounts, read_network, read_pressure, read_swap, read_memory, read_paging,
	read_process, read_tcp, read_showq, read_units };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy;

	if (size == 0)
		return 0;
	/* A copy of just that size, so that a read behind it is seen. */
	copy = malloc(size);
	memcpy(copy, data + 1, size - 1);
	readers[data[0] % (sizeof(readers) / sizeof(readers[0]))](copy, size - 1);
	free(copy);
	return 0;
}
