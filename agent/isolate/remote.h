/* SPDX-License-Identifier: Apache-2.0 */
/* A runner (host/runner.h) whose instance lives in a child. */
#ifndef ISOLATE_REMOTE_H
#define ISOLATE_REMOTE_H

#include "guest.h"
#include "host/runner.h"

#include <stdbool.h>

struct buffer;
struct child;
struct remote;

/* Makes one in a child. values and tenants outlive it. 0 or a negative errno. */
int remote_create(struct child *child, const struct wire_open *open,
	struct runner_listener *listener, struct runner **ret_runner);

/* A frame about it came. 0; -EBADMSG where no sound child sends it, with a reason
 * appended to why; -ENOMEM. */
int remote_on_frame(struct remote *remote, struct wire_frame *frame, struct buffer *why);

/* Its child is gone. */
void remote_lost(struct remote *remote, const char *why);

const char *remote_id(const struct remote *remote);

/* Puts asterisks over its collector's secrets. */
void remote_hide_secrets(const struct remote *remote, char *text);

#endif
