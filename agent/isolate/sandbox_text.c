/* SPDX-License-Identifier: Apache-2.0 */
#include "sandbox_text.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { MAX_TEXTS = 32, TEXT_SIZE = 320, MAX_PATH = 200 };

static struct text {
	atomic_bool ready;
	char text[TEXT_SIZE];
} texts[MAX_TEXTS];
static atomic_uint n_taken;

/* What is built, and how much of it there is. */
struct builder {
	char text[TEXT_SIZE];
	size_t size;
};

/* Bytes of UTF-8 are shown as question marks, too: a cut path could end within one. */
static void append(struct builder *builder, const char *text, size_t most)
{
	for (size_t i = 0; i < most && builder->size < TEXT_SIZE - 1 && text[i]; i++)
		builder->text[builder->size++] =
			text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	builder->text[builder->size] = '\0';
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
	struct builder wanted = { .size = 0 };
	unsigned int i;

	append(&wanted, verb, TEXT_SIZE);
	append(&wanted, " '", 2);
	append(&wanted, path, MAX_PATH);
	append(&wanted, "', ", 3);
	append(&wanted, rest, TEXT_SIZE);
	for (i = 0; i < MAX_TEXTS && i < atomic_load(&n_taken); i++) {
		if (atomic_load(&texts[i].ready) && same(texts[i].text, wanted.text))
			return texts[i].text;
	}
	if (atomic_load(&n_taken) >= MAX_TEXTS)
		return "opens files that its 'needs' do not name, ever others";
	i = atomic_fetch_add(&n_taken, 1);
	if (i >= MAX_TEXTS)
		return "opens files that its 'needs' do not name, ever others";
	memcpy(texts[i].text, wanted.text, TEXT_SIZE);
	atomic_store(&texts[i].ready, true);
	return texts[i].text;
}
