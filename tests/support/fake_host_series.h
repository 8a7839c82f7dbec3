/* SPDX-License-Identifier: Apache-2.0 */
/* The series of a fake host: their numbers, and the rules that labels keep. */
#ifndef SUPPORT_FAKE_HOST_SERIES_H
#define SUPPORT_FAKE_HOST_SERIES_H

#include "fake_host.h"

uint32_t fake_series_register(struct fake_host *fake, uint32_t metric,
	const struct rk_label *labels, size_t n_labels);
void fake_series_forget(struct fake_host *fake, uint32_t number);

/* The index of the live series with this number; SIZE_MAX where there is none. */
size_t fake_series_index(const struct fake_host *fake, uint32_t number);

void fake_series_finish(struct fake_host *fake);

/* Whether a name is [a-z][a-z0-9_.]*, at most 64 bytes. */
bool fake_name_is_valid(const char *name);

#endif
