/* SPDX-License-Identifier: Apache-2.0 */
#include "schedule.h"

#include "report.h"

bool schedule_is_due(
	struct schedule *schedule, int64_t every_ns, const struct report *report)
{
	const struct rk_request *request = report->host->request(report->run);
	int64_t scheduled_ns =
		request->scheduled_ns ? request->scheduled_ns : report->now_ns;
	int64_t turn = every_ns > 0 ? scheduled_ns / every_ns : 0;
	bool due = !schedule->began || every_ns <= 0 || turn != schedule->turn ||
		   (request->flags & RK_MANUAL) != 0;

	schedule->turn = turn;
	schedule->began = true;
	return due;
}
