/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The orderly end of a TCP connection. A socket that is closed while something of the
 * peer's waits in it, or before something more comes, resets the connection (RFC 1122,
 * section 4.2.2.13), and the kernel throws away what it had not sent: a TLS receiver's
 * late session ticket is enough to lose the end of what was written.
 */
#ifndef NET_LINGER_H
#define NET_LINGER_H

#include <uv.h>

/* Says that nothing more comes; what the peer still says is read and dropped, until it
 * ends as well, or for two seconds. The descriptor stays the caller's, who closes it.
 * Keeps uv_run going. 0 or a negative errno. [loop] */
int linger(uv_loop_t *loop, int fd);

#endif
