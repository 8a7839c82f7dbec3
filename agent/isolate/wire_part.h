/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A part on the wire: its sections as they stand in a frame of the journal
 * (model/frame.h). The agent looks at every one of them before it believes it, since
 * what it takes goes into the journal and from there to every sink.
 */
#ifndef ISOLATE_WIRE_PART_H
#define ISOLATE_WIRE_PART_H

#include "base/pack.h"
#include "model/part.h"
#include "model/state.h"

#include <rookery/plugin.h>

/* What the agent knows of an instance's series: how many bytes the definition of each
 * number takes; 0: never defined. */
struct part_inspector {
	uint32_t *sizes; /* owned; n numbers */
	uint32_t *marks; /* of the last part with samples of it */
	size_t n;
	uint32_t mark;
	struct state state;     /* the collector's, with all parts so far */
	struct rk_list tenants; /* that series may name; borrowed */
};

/* state: what the instance begins with; NULL: nothing. 0 or -ENOMEM. */
int part_inspector_init(struct part_inspector *inspector, const struct state *state,
	const struct rk_list *tenants);
void part_inspector_finish(struct part_inspector *inspector);

void wire_put_part(struct buffer *to, uint32_t number, const struct part *part);

/* Makes a part of what follows the number; it is the caller's. 0; -EBADMSG where no
 * sound host could have sent it, with the reason appended to why; -ENOMEM. */
int wire_get_part(struct unpack *from, struct part_inspector *inspector,
	struct part **ret_part, struct buffer *why);

#endif
