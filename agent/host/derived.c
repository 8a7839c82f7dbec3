/* SPDX-License-Identifier: Apache-2.0 */
#include "derived.h"

#include "base/text.h"
#include "model/secrets.h"
#include "net/wipe.h"

#include <stdbool.h>

enum { SHORTEST = 4 };

void derived_init(struct derived *derived)
{
	*derived = (struct derived){ .next = 0 };
	pthread_mutex_init(&derived->lock, NULL);
}

void derived_finish(struct derived *derived)
{
	for (size_t i = 0; i < DERIVED_MOST; i++)
		wipe_text(derived->texts[i]);
	pthread_mutex_destroy(&derived->lock);
}

static bool is_known(const struct derived *derived, const char *text)
{
	for (size_t i = 0; i < DERIVED_MOST; i++) {
		if (derived->texts[i] && text_equal(derived->texts[i], text))
			return true;
	}
	return false;
}

void derived_add(struct derived *derived, const char *text)
{
	if (strlen(text) < SHORTEST)
		return;
	pthread_mutex_lock(&derived->lock);
	if (!is_known(derived, text)) {
		wipe_text(derived->texts[derived->next]);
		derived->texts[derived->next] = strdup(text);
		derived->next = (derived->next + 1) % DERIVED_MOST;
	}
	pthread_mutex_unlock(&derived->lock);
}

void derived_hide(struct derived *derived, char *text)
{
	pthread_mutex_lock(&derived->lock);
	for (size_t i = 0; i < DERIVED_MOST; i++) {
		if (derived->texts[i])
			secret_hide(derived->texts[i], text);
	}
	pthread_mutex_unlock(&derived->lock);
}
