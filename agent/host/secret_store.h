/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where secrets are kept that servers give in the course of time, such as rotating
 * refresh tokens. In the agent they are files (secret_files.h); a child asks the agent.
 */
#ifndef HOST_SECRET_STORE_H
#define HOST_SECRET_STORE_H

#include "base/buffer.h"

struct secret_job;
struct secret_store;

struct secret_result {
	int result;         /* 0; -ENOENT: there is none; another negative errno */
	struct buffer text; /* of what was loaded; may be taken out */
};

struct secret_store_ops {
	/* name: [a-zA-Z0-9._-]{1,200}. text: to be kept in place of what was there; NULL:
	 * load it. Copied. on_done is called on the loop, unless it was left. 0 or a
	 * negative errno. */
	int (*start)(struct secret_store *store, const char *name, const char *text,
		void (*on_done)(void *context, struct secret_result *result),
		void *context, struct secret_job **ret_job);
	/* Nobody waits any more; what was to be kept is. Not from on_done on. */
	void (*leave)(struct secret_job *job);
};

struct secret_store {
	const struct secret_store_ops *ops;
};

#endif
