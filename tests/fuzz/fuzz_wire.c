/* SPDX-License-Identifier: Apache-2.0 */
/* What a child says to the agent, whatever it may say: frames, parts that would go into
 * the journal, descriptions. */
#include "isolate/wire.h"
#include "isolate/wire_part.h"
#include "model/transfer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_part(struct unpack *from, struct part_inspector *inspector)
{
	struct buffer why = { 0 };
	struct part *part;

	if (wire_get_part(from, inspector, &part, &why) == 0) {
		/* What is believed must be what the journal's readers can read. */
		struct sample_codec codec = sample_codec_start(part->base_ns);
		struct unpack samples =
			unpack_start(part->samples.data, part->samples.size);
		struct rk_sample sample;

		for (uint32_t i = 0; i < part->n_samples; i++)
			sample_unpack(&codec, &samples, &sample);
		if (samples.failed || samples.at != samples.end)
			abort();
		part_destroy(part);
	}
	buffer_finish(&why);
}

static void read_frame(struct wire_frame *frame, struct part_inspector *inspector)
{
	struct description description = { 0 };

	switch (frame->type) {
	case WIRE_PART:
		(void)unpack_unsigned(&frame->content);
		read_part(&frame->content, inspector);
		break;
	case WIRE_READY:
		description_unpack(&frame->content, &description);
		description_finish(&description);
		break;
	default:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const tenants[] = { "a" };
	const struct rk_list allowed = { tenants, 1 };
	struct part_inspector inspector;
	struct wire_frame frame;
	size_t taken;

	if (part_inspector_init(&inspector, NULL, &allowed) < 0)
		return 0;
	while (wire_next(data, size, &frame, &taken) > 0) {
		read_frame(&frame, &inspector);
		data += taken;
		size -= taken;
	}
	part_inspector_finish(&inspector);
	return 0;
}
