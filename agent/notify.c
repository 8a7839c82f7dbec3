/* SPDX-License-Identifier: Apache-2.0 */
#include "notify.h"

#include "base/cleanup.h"
#include "base/number.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify_send(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	CLEANUP_CLOSE int fd = -1;
	size_t n = path ? strlen(path) : 0;

	if (n == 0 || n >= sizeof(address.sun_path) || (path[0] != '/' && path[0] != '@'))
		return;
	memcpy(address.sun_path, path, n);
	if (path[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
}

int64_t notify_watchdog_ns(void)
{
	const char *text = getenv("WATCHDOG_USEC");
	const char *pid_text = getenv("WATCHDOG_PID");
	int64_t us, pid;

	if (!text || integer_from_text(text, strlen(text), &us) < 0 || us <= 0)
		return 0;
	if (pid_text && (integer_from_text(pid_text, strlen(pid_text), &pid) < 0 ||
				pid != (int64_t)getpid()))
		return 0;
	return us * 1000;
}
