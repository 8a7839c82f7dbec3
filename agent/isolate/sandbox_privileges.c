/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capabilities, and all ways to get some. A root without capabilities is a user who owns
 * many files, which is why landlock and seccomp stand behind this.
 *
 * ICMP needs either a socket of the kind that net.ipv4.ping_group_range gives to groups,
 * or CAP_NET_RAW; the latter is kept with RK_NEED_RAW, where there is no other way and
 * the agent has it.
 */
#include "sandbox_internal.h"

#include "base/buffer.h"
#include "base/cleanup.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int get_capabilities(struct __user_cap_data_struct *ret_data)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };

	return syscall(SYS_capget, &header, ret_data) < 0 ? -errno : 0;
}

/* The mask of CAP_NET_RAW where it has to be kept, else 0. */
static uint32_t raw_capability(uint32_t needs, struct buffer *missing)
{
	struct __user_cap_data_struct data[2] = { 0 };
	CLEANUP_CLOSE int fd = -1;

	if (!(needs & RK_NEED_RAW))
		return 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (fd >= 0)
		return 0;
	if (get_capabilities(data) == 0 &&
		(data[0].permitted & CAP_TO_MASK(CAP_NET_RAW)) != 0)
		return CAP_TO_MASK(CAP_NET_RAW);
	buffer_append_text(missing,
		"ICMP: neither may this group open ping sockets "
		"(net.ipv4.ping_group_range), nor has the agent CAP_NET_RAW\n");
	return 0;
}

/* What only somebody with CAP_SETPCAP can lock, and only somebody with privileges
 * needs to. */
static void lock_privileges(void)
{
	unsigned long capability = 0;

	prctl(PR_SET_SECUREBITS,
		SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_CAP_AMBIENT_RAISE |
			SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED,
		0, 0, 0);
	while (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
		capability++;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

int sandbox_drop_privileges(uint32_t needs, struct buffer *missing, struct buffer *why)
{
	struct __user_cap_header_struct header = { .version =
							   _LINUX_CAPABILITY_VERSION_3 };
	uint32_t kept = raw_capability(needs, missing);
	const struct __user_cap_data_struct data[2] = {
		{ .effective = kept, .permitted = kept },
	};
	int r = 0;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) {
		r = -errno;
		buffer_append_format(why, "cannot set no_new_privs: %s", strerror(-r));
		return r;
	}
	lock_privileges();
	if (syscall(SYS_capset, &header, data) < 0 ||
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0) {
		r = -errno;
		buffer_append_format(why, "cannot drop privileges: %s", strerror(-r));
	}
	return r;
}
