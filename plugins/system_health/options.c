/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): names and a sentence */
#define PART(part, sentence)                                                             \
	{                                                                                \
		.name = #part, RK_FIELD(struct part_settings, part), .preset = "true",   \
		.help = sentence                                                         \
	}

/* NOLINTEND(bugprone-macro-parentheses) */

static const struct rk_option part_options[] = {
	PART(uptime, "Reports the time since boot."),
	PART(load, "Reports the load averages."),
	PART(cpu, "Reports CPU time and utilization by mode."),
	PART(memory, "Reports memory by state."),
	PART(paging, "Reports swap space, swapping and page faults."),
	PART(disk, "Reports transfer, operations and latency of disks."),
	PART(network, "Reports transfer, errors and drops of interfaces."),
	PART(tcp, "Reports TCP sockets by state, for which all of them are listed."),
	PART(pressure, "Reports how long threads waited for CPU, memory and disks."),
	PART(process, "Reports processes by state, for which each is looked at."),
	PART(descriptors, "Reports open files of the whole machine."),
	PART(entropy, "Reports the entropy of the random number generator."),
	PART(temperature, "Reports the temperature sensors."),
	PART(filesystem, "Reports space and inodes of mounted file systems."),
	PART(units, "Reports the states of systemd's units."),
	PART(mail, "Reports the queue of the local mail server."),
};

static const struct rk_option cpu_options[] = {
	{ .name = "per_core",
		RK_FIELD(struct cpu_settings, per_core),
		.preset = "true",
		.help = "Reports each logical CPU besides all of them together." },
};

static const struct rk_option disk_options[] = {
	{ .name = "include",
		RK_FIELD(struct disk_settings, names.include),
		.help = "Globs of the disks to report, such as nvme*; without any, "
			"all." },
	{ .name = "exclude",
		RK_FIELD(struct disk_settings, names.exclude),
		.preset = "[loop*, ram*, zram*, dm-*, sr*, fd*]",
		.help = "Globs of the disks to leave out." },
	{ .name = "partitions",
		RK_FIELD(struct disk_settings, partitions),
		.preset = "false",
		.help = "Reports the partitions of disks as well." },
};

static const struct rk_option filesystem_options[] = {
	{ .name = "include",
		RK_FIELD(struct filesystem_settings, points.include),
		.help = "Globs of the mount points to report; without any, all." },
	{ .name = "exclude",
		RK_FIELD(struct filesystem_settings, points.exclude),
		.preset = "[/dev, /dev/*, /proc/*, /sys/*, /run/*, /snap/*, /etc/hosts, "
			  "/etc/hostname, /etc/resolv.conf, /var/lib/docker/*, "
			  "/var/lib/containers/*, /var/lib/kubelet/*]",
		.help = "Globs of the mount points to leave out; a * also stands for "
			"slashes." },
	{ .name = "include_types",
		RK_FIELD(struct filesystem_settings, types.include),
		.help = "Globs of the file system types to report; without any, all." },
	{ .name = "exclude_types",
		RK_FIELD(struct filesystem_settings, types.exclude),
		.preset =
			"[autofs, binfmt_misc, bpf, cgroup, cgroup2, configfs, debugfs, "
			"devpts, devtmpfs, efivarfs, fuse.lxcfs, fuse.gvfsd-fuse, "
			"fusectl, hugetlbfs, iso9660, mqueue, nsfs, proc, pstore, ramfs, "
			"rpc_pipefs, securityfs, selinuxfs, squashfs, sysfs, tracefs]",
		.help = "Globs of the file system types to leave out." },
	{ .name = "timeout",
		RK_FIELD(struct filesystem_settings, timeout),
		.preset = "2s",
		.range = "100ms..1m",
		.help = "How long a run waits for the mounts to answer, a dead one for "
			"half of that." },
};

static const struct rk_option network_options[] = {
	{ .name = "include",
		RK_FIELD(struct network_settings, names.include),
		.help = "Globs of the interfaces to report; without any, all." },
	{ .name = "exclude",
		RK_FIELD(struct network_settings, names.exclude),
		.preset = "[lo, veth*, docker*, br-*, virbr*, ifb*, dummy*, cali*, cni*, "
			  "flannel*]",
		.help = "Globs of the interfaces to leave out." },
};

static const struct rk_option tcp_options[] = {
	{ .name = "every",
		RK_FIELD(struct tcp_settings, every),
		.preset = "30s",
		.range = "0s..1d",
		.help = "How often the sockets are counted, for which the kernel goes "
			"through its whole table; 0s: in each run." },
};

static const struct rk_option process_options[] = {
	{ .name = "most",
		RK_FIELD(struct process_settings, most),
		.preset = "20000",
		.range = "0..4194304",
		.help = "With more processes than these, they are not counted by state, "
			"which takes 2 to 10 microseconds each." },
};

static const struct rk_option units_options[] = {
	{ .name = "include",
		RK_FIELD(struct units_settings, names.include),
		.preset = "[postfix*.service, exim*.service, opendkim*.service, "
			  "opendmarc*.service, rspamd*.service, dovecot*.service, "
			  "unbound*.service, rookery*.service]",
		.help = "Globs of the units whose state is reported one by one." },
	{ .name = "exclude",
		RK_FIELD(struct units_settings, names.exclude),
		.help = "Globs of units that are only counted." },
};

static const char *const mail_servers[] = {
	[MAIL_AUTO] = "auto",
	[MAIL_POSTFIX] = "postfix",
	[MAIL_EXIM] = "exim",
	[MAIL_NONE] = "none",
	NULL,
};

static const struct rk_option mail_options[] = {
	{ .name = "server",
		RK_FIELD(struct mail_settings, server),
		.preset = "auto",
		.choices = mail_servers,
		.help = "The mail server whose queue is reported; auto takes what is "
			"there." },
	{ .name = "postfix_queue",
		RK_FIELD(struct mail_settings, postfix_queue),
		.preset = "/var/spool/postfix",
		.flags = RK_PATH_READ,
		.help = "Postfix's queue_directory; its group postdrop may connect to "
			"the queue's socket." },
	{ .name = "exim_spool",
		RK_FIELD(struct mail_settings, exim_spool),
		.preset = "/var/spool/exim4",
		.flags = RK_PATH_READ,
		.help = "Exim's spool_directory, elsewhere /var/spool/exim; its own "
			"group may read it." },
	{ .name = "every",
		RK_FIELD(struct mail_settings, every),
		.preset = "1m",
		.range = "0s..1d",
		.help = "How often the queue is read, since the server opens each "
			"message for it; 0s: in each run." },
	{ .name = "timeout",
		RK_FIELD(struct mail_settings, timeout),
		.preset = "2s",
		.range = "100ms..1m",
		.help = "How long the server may take to list its queue; what is read by "
			"then counts as a lower bound." },
};

/* NOLINTBEGIN(bugprone-macro-parentheses): names and a sentence */
#define GROUP(group, table, sentence)                                                    \
	{                                                                                \
		.name = #group, RK_GROUP(struct settings, group),                        \
		.columns = RK_COLUMNS(group##_settings, table), .help = sentence         \
	}

/* NOLINTEND(bugprone-macro-parentheses) */

const struct rk_option system_health_options[OPTION_N] = {
	{ .name = "proc",
		RK_FIELD(struct settings, proc),
		.preset = "/proc",
		.flags = RK_PATH_READ,
		.help = "Where the proc file system is mounted; in a container, the "
			"host's, such as /host/proc." },
	{ .name = "sys",
		RK_FIELD(struct settings, sys),
		.preset = "/sys",
		.flags = RK_PATH_READ,
		.help = "Where the sys file system is mounted; in a container, the "
			"host's, such as /host/sys." },
	{ .name = "root",
		RK_FIELD(struct settings, root),
		.flags = RK_PATH_READ,
		.help = "Where the host's root is mounted, in a container that watches "
			"its host, such as /host; mounts and interfaces are then those "
			"of process 1." },
	{ .name = "parts",
		RK_GROUP(struct settings, parts),
		.columns = RK_COLUMNS(part_settings, part_options),
		.help = "What is reported; each part can be switched off." },
	GROUP(cpu, cpu_options, "Settings of the part cpu."),
	GROUP(disk, disk_options, "Settings of the part disk."),
	GROUP(filesystem, filesystem_options, "Settings of the part filesystem."),
	GROUP(network, network_options, "Settings of the part network."),
	GROUP(tcp, tcp_options, "Settings of the part tcp."),
	GROUP(process, process_options, "Settings of the part process."),
	GROUP(units, units_options, "Settings of the part units."),
	GROUP(mail, mail_options, "Settings of the part mail."),
};

void options_check(const struct settings *settings, const struct rk_host *host,
	struct rk_faults *faults)
{
	const struct {
		const char *path, *value;
	} folders[] = {
		{ "proc", settings->proc },
		{ "sys", settings->sys },
		{ "root", settings->root },
		{ "mail.postfix_queue", settings->mail.postfix_queue },
		{ "mail.exim_spool", settings->mail.exim_spool },
	};

	/* The agent's own folder is nothing that a user could rely on. */
	for (size_t i = 0; i < RK_LEN(folders); i++) {
		if (folders[i].value && folders[i].value[0] != '/')
			host->fault(faults, folders[i].path,
				"'%s' is no absolute path; begin it with a slash",
				folders[i].value);
	}
}
