/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No memory is given back while a secret stands in it. The program is linked with
 * --wrap for free, realloc and reallocarray, which look into each block first, and for
 * malloc, so that no block begins with what stood there before. (What libyaml frees by
 * itself goes past them.)
 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "fake_catalogue.h"
#include "scene.h"

#include "cases.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* Not as one text: the program itself must not be found. */
#define CANARY                                                                           \
	"ca"                                                                             \
	"nary-in-memory"

/* A compiler knows that free reads no variable of ours. */
static volatile bool is_watching;
static volatile size_t n_found;

void __real_free(void *block);
void *__wrap_malloc(size_t size);
void __wrap_free(void *block);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_reallocarray(void *block, size_t n, size_t size);

static void look_into(const void *block)
{
	if (is_watching && block &&
		memmem(block, malloc_usable_size((void *)(uintptr_t)block), CANARY,
			strlen(CANARY)))
		n_found++;
}

void *__wrap_malloc(size_t size)
{
	return calloc(1, size);
}

void __wrap_free(void *block)
{
	look_into(block);
	__real_free(block);
}

void *__wrap_realloc(void *block, size_t size)
{
	void *larger = calloc(1, size);

	if (larger && block) {
		memcpy(larger, block, MIN(malloc_usable_size(block), size));
		__wrap_free(block);
	}
	return larger;
}

void *__wrap_reallocarray(void *block, size_t n, size_t size)
{
	return __wrap_realloc(block, n * size);
}

/* Loads and destroys; returns how many blocks held the canary. */
static size_t count_found(struct scene *scene, const char *text)
{
	struct report report = { 0 };
	struct buffer printed = { 0 };
	struct config *config;

	scene_write(scene, "rookery.yaml", text, 0600);
	n_found = 0;
	is_watching = true;
	config = config_load("rookery.yaml", fake_catalogue(), &report);
	assert_non_null(config);
	report_print(&report, config->documents, false, &printed);
	config_show(config, true, &printed);
	report_finish(&report);
	buffer_finish(&printed);
	config_unref(config);
	is_watching = false;
	return n_found;
}

static void the_watch_sees_what_is_not_wiped(void **state)
{
	char *volatile text = strdup(CANARY); /* or nothing is left of the pair */

	(void)state;
	n_found = 0;
	is_watching = true;
	free(text);
	is_watching = false;
	assert_int_equal(n_found, 1);
}

static void nothing_is_freed_with_a_secret_in_it(void **state)
{
	static const char *const texts[] = {
		"token: " CANARY "\n",
		"token: \"" CANARY "\"\n",
		"token: ${file:key}\n",
		"token: ${file:key}${file:key}\n",
		"token: ${file:large}\n",
		"token: ${credential:key}\n",
		"token: a ${credential:key}\n",
		"prices: [{country: de, token: '${file:key}'}]\n",
		"token: [" CANARY "]\n",
		"tokne: " CANARY "\n",
		"token: \"" CANARY "\n",
		"token: ${file:bytes}\n",
	};
	struct scene scene;
	struct buffer large = { 0 };

	(void)state;
	scene_open(&scene);
	while (large.size < 60000)
		buffer_append_text(&large, CANARY);
	scene_write(&scene, "key", CANARY "\n", 0600);
	scene_write(&scene, "large", buffer_text(&large), 0600);
	scene_write(&scene, "bytes", CANARY "\xff", 0600);
	setenv("CREDENTIALS_DIRECTORY", scene.path, 1);
	for (size_t i = 0; i < LENGTH(texts); i++) {
		CLEANUP(buffer_finish) struct buffer text = { 0 };
		size_t n;

		buffer_append_format(&text,
			"collectors:\n  - id: a\n    plugin: probe\n    options:\n      "
			"%s",
			texts[i]);
		n = count_found(&scene, buffer_text(&text));
		if (n > 0)
			fail_msg("%zu blocks: %s", n, texts[i]);
	}
	buffer_finish(&large);
	scene_close(&scene);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_watch_sees_what_is_not_wiped),
	cmocka_unit_test(nothing_is_freed_with_a_secret_in_it),
};

CASES_MAIN(cases)
