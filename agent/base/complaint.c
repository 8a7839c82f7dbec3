/* SPDX-License-Identifier: Apache-2.0 */
#include "complaint.h"

#include "macros.h"

#define COMPLAINT_FIRST_NS (60 * NS_PER_SECOND)
#define COMPLAINT_MOST_NS  (3600 * NS_PER_SECOND)

bool complaint_fails(struct complaint *complaint, int64_t now_ns)
{
	if (complaint->failures++ == 0) {
		complaint->began_ns = now_ns;
		complaint->interval_ns = COMPLAINT_FIRST_NS;
	} else if (now_ns < complaint->next_ns) {
		return false;
	} else {
		complaint->interval_ns =
			MIN(2 * complaint->interval_ns, COMPLAINT_MOST_NS);
	}
	complaint->next_ns = now_ns + complaint->interval_ns;
	return true;
}

bool complaint_recovers(struct complaint *complaint, int64_t now_ns,
	uint64_t *ret_failures, int64_t *ret_span_ns)
{
	if (complaint->failures == 0)
		return false;
	*ret_failures = complaint->failures;
	*ret_span_ns = now_ns - complaint->began_ns;
	*complaint = (struct complaint){ 0 };
	return true;
}
