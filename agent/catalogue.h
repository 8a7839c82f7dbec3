/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to configure: the plugins that can be loaded, the transports and
 * the formats, as configuration asks for them. */
#ifndef CATALOGUE_H
#define CATALOGUE_H

#include "config/config.h"
#include "host/object.h"
#include "isolate/plugins.h"

/* Two names for one thing: the agent's, and the view that configuration has. */
struct agent_catalogue {
	struct catalogue catalogue;
	struct arena arena;
	struct plugins *plugins; /* owned */
	struct objects *objects; /* owned; those that this process has loaded */
	int program;             /* owned; plugin-host, open: children are made from it */
};

/* Searches plugins in the given folders (NULL: none given), then in those of
 * ROOKERY_PLUGIN_PATH, then in the installed one; given and ROOKERY_PLUGIN_PATH are
 * separated by colons. 0 or -ENOMEM. Blocks. */
int catalogue_init(struct agent_catalogue *catalogue, const char *given);
void catalogue_finish(struct agent_catalogue *catalogue);

/* Ends what waits for more questions: a configuration was loaded. */
void catalogue_rest(struct agent_catalogue *catalogue);

#endif
