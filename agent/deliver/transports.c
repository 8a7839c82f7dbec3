/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "file.h"
#include "http.h"
#include "sink.h"
#include "syslog.h"

const struct transport *const transports[] = { &transport_file, &transport_http,
	&transport_syslog };
const size_t n_transports = RK_LEN(transports);

void sink_tell_sent(struct sink *sink, int result)
{
	const struct sink_answer answer = {
		.verdict = result == 0 ? SINK_TAKEN : SINK_FAILED,
		.error = result,
	};

	sink->listener->on_sent(sink->listener, &answer);
}

bool transport_carries(
	const struct transport *transport, const struct encoder_type *format)
{
	return transport->sends_messages == format->makes_messages &&
	       (transport->sends_bodies || !format->finish);
}

const struct transport *transport_find(const char *name)
{
	for (size_t i = 0; i < n_transports; i++) {
		if (text_equal(transports[i]->name, name))
			return transports[i];
	}
	return NULL;
}
