/* SPDX-License-Identifier: Apache-2.0 */
#include "report.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum { RATIO_SCALE = 4, RATIO_ONE = 10000 };

void report_begin(struct report *report, const struct rk_host *host, struct rk_run *run)
{
	report->host = host;
	report->run = run;
	report->previous_ns = report->now_ns;
	report->now_ns = host->now_ns(host);
	report->n = 0;
	report->n_total = 0;
	report->failure = 0;
	report->reason[0] = '\0';
}

int report_flush(struct report *report)
{
	int r;

	if (report->failure == 0 && report->n > 0) {
		r = report->host->emit(report->run, report->samples, report->n);
		/* The open part is full; what it holds is good as it is. */
		if (r == -E2BIG) {
			r = report->host->commit(report->run);
			if (r == 0)
				r = report->host->emit(
					report->run, report->samples, report->n);
		}
		report->failure = r;
	}
	report->n = 0;
	return report->failure;
}

bool report_is_over(struct report *report)
{
	if (report->failure == 0 && report->host->cancelled(report->run))
		report->failure = -ECANCELED;
	return report->failure != 0;
}

int report_fail(struct report *report, int r, const char *format, ...)
{
	va_list list;

	if (report->reason[0] == '\0') {
		va_start(list, format);
		/* A reason that is cut off still tells enough. */
		(void)vsnprintf(report->reason, sizeof(report->reason), format, list);
		va_end(list);
	}
	return r;
}

uint32_t report_series(struct report *report, struct handle *handle, enum metric metric,
	const struct rk_label *labels, size_t n_labels)
{
	if (!handle->known) {
		handle->series =
			report->host->series(report->host, metric, labels, n_labels);
		handle->known = true;
	}
	return handle->series;
}

void report_forget(struct report *report, struct handle *handle)
{
	if (handle->known && handle->series != RK_NO_SERIES)
		report->host->forget(report->host, handle->series);
	*handle = (struct handle){ 0 };
}

void report_add(struct report *report, const struct rk_sample *sample)
{
	if (sample->series == RK_NO_SERIES || report->failure != 0)
		return;
	report->samples[report->n] = *sample;
	report->samples[report->n].time_ns = report->now_ns;
	report->n++;
	report->n_total++;
	if (report->n == REPORT_BLOCK)
		report_flush(report);
}

void report_level(struct report *report, uint32_t series, int64_t digits, uint32_t scale)
{
	report_add(report,
		&(struct rk_sample){ .series = series, .value = decimal(digits, scale) });
}

void report_amount(struct report *report, uint32_t series, uint64_t amount)
{
	if (amount <= INT64_MAX)
		report_level(report, series, (int64_t)amount, 0);
}

void report_total(struct report *report, uint32_t series, int64_t start_ns,
	uint64_t digits, uint32_t scale)
{
	if (start_ns == 0)
		start_ns = report->boot_ns;
	if (digits > INT64_MAX)
		return;
	report_add(report, &(struct rk_sample){
				   .series = series,
				   .value = decimal((int64_t)digits, scale),
				   .start_ns = start_ns,
			   });
}

void report_ratio(struct report *report, uint32_t series, uint64_t part, uint64_t whole)
{
	if (whole == 0 || part > whole)
		return;
	/* Both lose the same low bits until the product fits. */
	while (whole > UINT64_MAX / RATIO_ONE / 2) {
		whole >>= 1;
		part >>= 1;
	}
	report_level(report, series, (int64_t)((part * RATIO_ONE + whole / 2) / whole),
		RATIO_SCALE);
}
