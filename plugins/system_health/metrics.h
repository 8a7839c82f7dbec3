/* SPDX-License-Identifier: Apache-2.0 */
/* What the plugin reports: the metrics by number, and the names of their labels. */
#ifndef SYSTEM_HEALTH_METRICS_H
#define SYSTEM_HEALTH_METRICS_H

#include <rookery/plugin.h>

enum metric {
	METRIC_UPTIME,
	METRIC_LOAD_AVERAGE,
	METRIC_CPU_TIME,
	METRIC_CPU_UTILIZATION,
	METRIC_CPU_LOGICAL_COUNT,
	METRIC_MEMORY_USAGE,
	METRIC_MEMORY_UTILIZATION,
	METRIC_MEMORY_LIMIT,
	METRIC_MEMORY_AVAILABLE,
	METRIC_MEMORY_SHARED,
	METRIC_MEMORY_SLAB_USAGE,
	METRIC_PAGING_USAGE,
	METRIC_PAGING_UTILIZATION,
	METRIC_PAGING_FAULTS,
	METRIC_PAGING_OPERATIONS,
	METRIC_DISK_IO,
	METRIC_DISK_OPERATIONS,
	METRIC_DISK_OPERATION_TIME,
	METRIC_DISK_MERGED,
	METRIC_DISK_IO_TIME,
	METRIC_DISK_LATENCY,
	METRIC_FILESYSTEM_USAGE,
	METRIC_FILESYSTEM_UTILIZATION,
	METRIC_FILESYSTEM_LIMIT,
	METRIC_FILESYSTEM_INODES_USAGE,
	METRIC_FILESYSTEM_INODES_UTILIZATION,
	METRIC_NETWORK_IO,
	METRIC_NETWORK_PACKET_COUNT,
	METRIC_NETWORK_ERRORS,
	METRIC_NETWORK_PACKET_DROPPED,
	METRIC_NETWORK_CONNECTION_COUNT,
	METRIC_PRESSURE_RATIO,
	METRIC_PRESSURE_TIME,
	METRIC_PROCESS_COUNT,
	METRIC_PROCESS_CREATED,
	METRIC_PROCESS_LIMIT,
	METRIC_DESCRIPTOR_COUNT,
	METRIC_DESCRIPTOR_LIMIT,
	METRIC_ENTROPY,
	METRIC_TEMPERATURE,
	METRIC_UNIT_COUNT,
	METRIC_UNIT_STATE,
	METRIC_MAIL_MESSAGES,
	METRIC_MAIL_BYTES,
	METRIC_MAIL_OLDEST_AGE,
	METRIC_N
};

extern const struct rk_metric system_health_metrics[METRIC_N];

#define LABEL_CPU            "cpu.logical_number"
#define LABEL_CPU_MODE       "cpu.mode"
#define LABEL_DEVICE         "system.device"
#define LABEL_DISK_DIRECTION "disk.io.direction"
#define LABEL_FAULT_TYPE     "system.paging.fault.type"
#define LABEL_FS_MODE        "system.filesystem.mode"
#define LABEL_FS_POINT       "system.filesystem.mountpoint"
#define LABEL_FS_STATE       "system.filesystem.state"
#define LABEL_FS_TYPE        "system.filesystem.type"
#define LABEL_INTERFACE      "network.interface.name"
#define LABEL_LOAD_PERIOD    "load.period"
#define LABEL_MAIL_QUEUE     "mail.queue.name"
#define LABEL_MAIL_SERVER    "mail.server"
#define LABEL_MEMORY_STATE   "system.memory.state"
#define LABEL_NET_DIRECTION  "network.io.direction"
#define LABEL_NET_STATE      "network.connection.state"
#define LABEL_NET_TRANSPORT  "network.transport"
#define LABEL_PAGING_FLOW    "system.paging.direction"
#define LABEL_PAGING_STATE   "system.paging.state"
#define LABEL_PROCESS_STATE  "process.state"
#define LABEL_PSI_KIND       "psi.kind"
#define LABEL_PSI_PERIOD     "psi.period"
#define LABEL_PSI_RESOURCE   "psi.resource"
#define LABEL_SENSOR         "hw.id"
#define LABEL_SENSOR_NAME    "hw.name"
#define LABEL_SENSOR_PARENT  "hw.parent"
#define LABEL_SLAB_STATE     "system.memory.linux.slab.state"
#define LABEL_UNIT           "systemd.unit.name"
#define LABEL_UNIT_STATE     "systemd.unit.active_state"

#endif
