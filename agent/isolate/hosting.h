/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The child's side: instances of one plugin that are driven by frames of the agent and
 * answer with frames. The instances are the same as in the agent (host/instance.h), and
 * so is what they are allowed.
 */
#ifndef ISOLATE_HOSTING_H
#define ISOLATE_HOSTING_H

#include "page.h"

struct object;

/* Serves the agent at the other end of a descriptor until it closes, and returns the
 * exit status; where instances are left then, which nobody can end, it does not return.
 * object: loaded. The descriptor is taken over. */
int hosting_run(int wire, const struct object *object, struct page *page);

#endif
