/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and units are those of the OpenTelemetry semantic conventions for systems,
 * and of the OpenTelemetry collector where the conventions have none
 * (system.filesystem.inodes, systemd). What neither knows is system.linux and mail.
 */
#include "metrics.h"

/* clang-format off */
#define LABELS(...) .labels = (const char *const[]){ __VA_ARGS__, NULL }
#define NO_LABELS   .labels = (const char *const[]){ NULL }
/* clang-format on */

/* The kernel, or whoever is asked, states the figure. */
#define LEVEL .kind = RK_GAUGE, .confidence = RK_EXACT
#define TOTAL .kind = RK_CUMULATIVE, .confidence = RK_EXACT
/* The plugin works it out of several. */
#define DERIVED .kind = RK_GAUGE, .confidence = RK_APPROXIMATE

const struct rk_metric system_health_metrics[METRIC_N] = {
	[METRIC_UPTIME] = {
		.name = "system.uptime", .unit = "s", LEVEL, NO_LABELS,
		.help = "Time since the machine booted.",
	},
	[METRIC_LOAD_AVERAGE] = {
		.name = "system.linux.load_average", .unit = "{thread}", LEVEL,
		LABELS(LABEL_LOAD_PERIOD),
		.help = "Threads that ran, waited for a CPU or slept uninterruptibly, "
			"averaged by the kernel over 1m, 5m and 15m.",
	},
	[METRIC_CPU_TIME] = {
		.name = "system.cpu.time", .unit = "s", TOTAL,
		LABELS(LABEL_CPU_MODE, LABEL_CPU),
		.help = "Time that each logical CPU, and without cpu.logical_number all "
			"of them together, spent in each mode.",
	},
	[METRIC_CPU_UTILIZATION] = {
		.name = "system.cpu.utilization", .unit = "1", DERIVED,
		LABELS(LABEL_CPU_MODE, LABEL_CPU),
		.help = "Share of the time since the run before that a logical CPU, or "
			"all of them together, spent in each mode.",
	},
	[METRIC_CPU_LOGICAL_COUNT] = {
		.name = "system.cpu.logical.count", .unit = "{cpu}", LEVEL, NO_LABELS,
		.help = "Logical CPUs that are online.",
	},
	[METRIC_MEMORY_USAGE] = {
		.name = "system.memory.usage", .unit = "By", LEVEL,
		LABELS(LABEL_MEMORY_STATE),
		.help = "Memory by state; cached includes what the kernel can reclaim of "
			"its own objects, and used is what remains of the total.",
	},
	[METRIC_MEMORY_UTILIZATION] = {
		.name = "system.memory.utilization", .unit = "1", DERIVED,
		LABELS(LABEL_MEMORY_STATE),
		.help = "Share of the total memory in each state.",
	},
	[METRIC_MEMORY_LIMIT] = {
		.name = "system.memory.limit", .unit = "By", LEVEL, NO_LABELS,
		.help = "Memory that the kernel manages.",
	},
	[METRIC_MEMORY_AVAILABLE] = {
		.name = "system.memory.linux.available", .unit = "By", LEVEL, NO_LABELS,
		.help = "Memory that the kernel reckons new programs could take without "
			"swapping.",
	},
	[METRIC_MEMORY_SHARED] = {
		.name = "system.memory.linux.shared", .unit = "By", LEVEL, NO_LABELS,
		.help = "Memory in tmpfs and in shared segments.",
	},
	[METRIC_MEMORY_SLAB_USAGE] = {
		.name = "system.memory.linux.slab.usage", .unit = "By", LEVEL,
		LABELS(LABEL_SLAB_STATE),
		.help = "Memory that the kernel's own objects take, by whether it can be "
			"reclaimed.",
	},
	[METRIC_PAGING_USAGE] = {
		.name = "system.paging.usage", .unit = "By", LEVEL,
		LABELS(LABEL_PAGING_STATE, LABEL_DEVICE),
		.help = "Swap space by device and state.",
	},
	[METRIC_PAGING_UTILIZATION] = {
		.name = "system.paging.utilization", .unit = "1", DERIVED,
		LABELS(LABEL_PAGING_STATE, LABEL_DEVICE),
		.help = "Share of each swap device in each state.",
	},
	[METRIC_PAGING_FAULTS] = {
		.name = "system.paging.faults", .unit = "{fault}", TOTAL,
		LABELS(LABEL_FAULT_TYPE),
		.help = "Page faults; a major one had to read from a disk.",
	},
	[METRIC_PAGING_OPERATIONS] = {
		.name = "system.paging.operations", .unit = "{operation}", TOTAL,
		LABELS(LABEL_FAULT_TYPE, LABEL_PAGING_FLOW),
		.help = "Pages that were swapped in and out.",
	},
	[METRIC_DISK_IO] = {
		.name = "system.disk.io", .unit = "By", TOTAL,
		LABELS(LABEL_DEVICE, LABEL_DISK_DIRECTION),
		.help = "Bytes read from and written to a disk.",
	},
	[METRIC_DISK_OPERATIONS] = {
		.name = "system.disk.operations", .unit = "{operation}", TOTAL,
		LABELS(LABEL_DEVICE, LABEL_DISK_DIRECTION),
		.help = "Reads and writes that a disk completed, and discards and "
			"flushes where the kernel counts them.",
	},
	[METRIC_DISK_OPERATION_TIME] = {
		.name = "system.disk.operation_time", .unit = "s", TOTAL,
		LABELS(LABEL_DEVICE, LABEL_DISK_DIRECTION),
		.help = "Time that the completed operations of a disk took, added up.",
	},
	[METRIC_DISK_MERGED] = {
		.name = "system.disk.merged", .unit = "{operation}", TOTAL,
		LABELS(LABEL_DEVICE, LABEL_DISK_DIRECTION),
		.help = "Operations that were merged into one before they reached the "
			"disk.",
	},
	[METRIC_DISK_IO_TIME] = {
		.name = "system.disk.io_time", .unit = "s", TOTAL, LABELS(LABEL_DEVICE),
		.help = "Time in which a disk had at least one operation to do.",
	},
	[METRIC_DISK_LATENCY] = {
		.name = "system.linux.disk.latency", .unit = "s", DERIVED,
		LABELS(LABEL_DEVICE, LABEL_DISK_DIRECTION),
		.help = "How long an operation of a disk took on average since the run "
			"before; absent where there was none.",
	},
	[METRIC_FILESYSTEM_USAGE] = {
		.name = "system.filesystem.usage", .unit = "By", LEVEL,
		LABELS(LABEL_FS_STATE, LABEL_FS_POINT, LABEL_FS_TYPE, LABEL_FS_MODE,
			LABEL_DEVICE),
		.help = "Space of a mounted file system by state; reserved is free for "
			"root alone.",
	},
	[METRIC_FILESYSTEM_UTILIZATION] = {
		.name = "system.filesystem.utilization", .unit = "1", DERIVED,
		LABELS(LABEL_FS_STATE, LABEL_FS_POINT, LABEL_FS_TYPE, LABEL_FS_MODE,
			LABEL_DEVICE),
		.help = "Share of the space open to everyone that is used, as df shows "
			"it.",
	},
	[METRIC_FILESYSTEM_LIMIT] = {
		.name = "system.filesystem.limit", .unit = "By", LEVEL,
		LABELS(LABEL_FS_POINT, LABEL_FS_TYPE, LABEL_FS_MODE, LABEL_DEVICE),
		.help = "Size of a mounted file system.",
	},
	[METRIC_FILESYSTEM_INODES_USAGE] = {
		.name = "system.filesystem.inodes.usage", .unit = "{inode}", LEVEL,
		LABELS(LABEL_FS_STATE, LABEL_FS_POINT, LABEL_FS_TYPE, LABEL_FS_MODE,
			LABEL_DEVICE),
		.help = "Inodes of a mounted file system by state, where it has a fixed "
			"number of them.",
	},
	[METRIC_FILESYSTEM_INODES_UTILIZATION] = {
		.name = "system.filesystem.inodes.utilization", .unit = "1", DERIVED,
		LABELS(LABEL_FS_STATE, LABEL_FS_POINT, LABEL_FS_TYPE, LABEL_FS_MODE,
			LABEL_DEVICE),
		.help = "Share of the inodes of a mounted file system that is used.",
	},
	[METRIC_NETWORK_IO] = {
		.name = "system.network.io", .unit = "By", TOTAL,
		LABELS(LABEL_INTERFACE, LABEL_NET_DIRECTION),
		.help = "Bytes that an interface received and transmitted.",
	},
	/* The conventions label this one by device alone; the interface's name
	 * lets it be joined with its neighbours. */
	[METRIC_NETWORK_PACKET_COUNT] = {
		.name = "system.network.packet.count", .unit = "{packet}", TOTAL,
		LABELS(LABEL_DEVICE, LABEL_INTERFACE, LABEL_NET_DIRECTION),
		.help = "Packets that an interface received and transmitted.",
	},
	[METRIC_NETWORK_ERRORS] = {
		.name = "system.network.errors", .unit = "{error}", TOTAL,
		LABELS(LABEL_INTERFACE, LABEL_NET_DIRECTION),
		.help = "Errors that an interface met.",
	},
	[METRIC_NETWORK_PACKET_DROPPED] = {
		.name = "system.network.packet.dropped", .unit = "{packet}", TOTAL,
		LABELS(LABEL_INTERFACE, LABEL_NET_DIRECTION),
		.help = "Packets that were dropped although they bore no error.",
	},
	[METRIC_NETWORK_CONNECTION_COUNT] = {
		.name = "system.network.connection.count", .unit = "{connection}", LEVEL,
		LABELS(LABEL_NET_STATE, LABEL_NET_TRANSPORT),
		.help = "TCP sockets of both IP versions by state.",
	},
	[METRIC_PRESSURE_RATIO] = {
		.name = "system.linux.psi.ratio", .unit = "1", LEVEL,
		LABELS(LABEL_PSI_RESOURCE, LABEL_PSI_KIND, LABEL_PSI_PERIOD),
		.help = "Share of the time that some or all threads waited for a "
			"resource, averaged by the kernel over 10s, 60s and 300s.",
	},
	[METRIC_PRESSURE_TIME] = {
		.name = "system.linux.psi.time", .unit = "s", TOTAL,
		LABELS(LABEL_PSI_RESOURCE, LABEL_PSI_KIND),
		.help = "Time that some or all threads waited for a resource.",
	},
	[METRIC_PROCESS_COUNT] = {
		.name = "system.process.count", .unit = "{process}", LEVEL,
		LABELS(LABEL_PROCESS_STATE),
		.help = "Processes by state; blocked ones wait uninterruptibly, mostly "
			"for a disk, and idle ones are kernel threads without work.",
	},
	[METRIC_PROCESS_CREATED] = {
		.name = "system.process.created", .unit = "{process}", TOTAL, NO_LABELS,
		.help = "Processes and threads that were created.",
	},
	[METRIC_PROCESS_LIMIT] = {
		.name = "system.process.limit", .unit = "{thread}", LEVEL, NO_LABELS,
		.help = "How many processes and threads there may be at once: the "
			"smaller of threads-max and pid_max.",
	},
	[METRIC_DESCRIPTOR_COUNT] = {
		.name = "system.linux.file_descriptor.count", .unit = "{file_descriptor}",
		LEVEL, NO_LABELS,
		.help = "Open files of the whole machine.",
	},
	[METRIC_DESCRIPTOR_LIMIT] = {
		.name = "system.linux.file_descriptor.limit", .unit = "{file_descriptor}",
		LEVEL, NO_LABELS,
		.help = "How many files the kernel lets be open at once.",
	},
	[METRIC_ENTROPY] = {
		.name = "system.linux.entropy.available", .unit = "bit", LEVEL, NO_LABELS,
		.help = "Entropy in the kernel's pool of random numbers.",
	},
	[METRIC_TEMPERATURE] = {
		.name = "hw.temperature", .unit = "Cel", LEVEL,
		LABELS(LABEL_SENSOR, LABEL_SENSOR_NAME, LABEL_SENSOR_PARENT),
		.help = "Temperature at a sensor.",
	},
	[METRIC_UNIT_COUNT] = {
		.name = "systemd.unit.count", .unit = "{unit}", LEVEL,
		LABELS(LABEL_UNIT_STATE),
		.help = "Units that systemd has loaded, by active state.",
	},
	[METRIC_UNIT_STATE] = {
		.name = "systemd.unit.state", .unit = "1", LEVEL,
		LABELS(LABEL_UNIT, LABEL_UNIT_STATE),
		.help = "1 for the active state that a chosen unit is in, 0 for all "
			"others.",
	},
	[METRIC_MAIL_MESSAGES] = {
		.name = "mail.queue.messages", .unit = "{email}", LEVEL,
		LABELS(LABEL_MAIL_QUEUE, LABEL_MAIL_SERVER),
		.help = "Messages in a queue of the local mail server; directional where "
			"the queue was too long to be read to its end.",
	},
	[METRIC_MAIL_BYTES] = {
		.name = "mail.queue.bytes", .unit = "By", LEVEL,
		LABELS(LABEL_MAIL_QUEUE, LABEL_MAIL_SERVER),
		.help = "Size of the messages in a queue of the local mail server.",
	},
	[METRIC_MAIL_OLDEST_AGE] = {
		.name = "mail.queue.oldest.age", .unit = "s", DERIVED,
		LABELS(LABEL_MAIL_QUEUE, LABEL_MAIL_SERVER),
		.help = "Age of the oldest message in a queue of the local mail server; "
			"0 where the queue is empty.",
	},
};
