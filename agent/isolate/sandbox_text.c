/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox_text.h"

#include "base/macros.h"

#include <stdatomic.h>
#include <stdbool.h>

enum { MAX_TEXTS = 32, TEXT_SIZE = 320, MAX_PATH = 200 };

static struct text {
	atomic_bool ready;
	char text[TEXT_SIZE];
} texts[MAX_TEXTS];
static atomic_uint n_taken;

/* Bytes of UTF-8 are shown as question marks, too: a cut path could end within one. */
static char *append(char *to, const char *end, const char *text, size_t most)
{
	for (size_t i = 0; i < most && to < end && text[i]; i++)
		*to++ = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	return to;
}

static void build(char *to, const char *verb, const char *path, const char *rest)
{
	const char *end = to + TEXT_SIZE - 1;

	to = append(to, end, verb, TEXT_SIZE);
	to = append(to, end, " '", 2);
	to = append(to, end, path, MAX_PATH);
	to = append(to, end, "', ", 3);
	to = append(to, end, rest, TEXT_SIZE);
	*to = '\0';
}

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

const char *sandbox_text(const char *verb, const char *path, const char *rest)
{
	char wanted[TEXT_SIZE];
	unsigned int i;

	build(wanted, verb, path, rest);
	for (i = 0; i < MAX_TEXTS && i < atomic_load(&n_taken); i++) {
		if (atomic_load(&texts[i].ready) && same(texts[i].text, wanted))
			return texts[i].text;
	}
	if (atomic_load(&n_taken) >= MAX_TEXTS)
		return "opens files that its 'needs' do not name, ever others";
	i = atomic_fetch_add(&n_taken, 1);
	if (i >= MAX_TEXTS)
		return "opens files that its 'needs' do not name, ever others";
	append(texts[i].text, texts[i].text + TEXT_SIZE - 1, wanted, TEXT_SIZE);
	atomic_store(&texts[i].ready, true);
	return texts[i].text;
}
