/* SPDX-License-Identifier: Apache-2.0 */
/* The states of collectors as JSON, for people and for what asks an agent that runs. */
#ifndef AGENT_STATE_H
#define AGENT_STATE_H

#include "journal/states.h"

#include <jansson.h>

/* What of them is wanted; all of it is borrowed. */
struct state_query {
	const char *collector; /* NULL: of all */
	const char *key;       /* NULL: all */
	bool all;              /* also the host's own keys */
};

/* An array of {"collector", "key", "size", and "value" where it is a text or else
 * "hex"}, sorted; owned by the caller. NULL where memory ran out. */
json_t *states_to_json(const struct states *states, const struct state_query *query);

/* The bytes of a value in hexadecimal digits; owned by the caller, NULL likewise. */
json_t *hex_to_json(struct slice value);

#endif
