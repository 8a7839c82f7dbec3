/* SPDX-License-Identifier: Apache-2.0 */
/* Canaries stand wherever a secret can stand, and are looked for everywhere else. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "config/document.h"
#include "fake_catalogue.h"
#include "scene.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>

#define PROBE "collectors:\n  - id: a\n    plugin: probe\n"
#define BELOW "    options:\n      "

/* Whatever is wrong in front of, behind or with a secret. */
static const char *const texts[] = {
	PROBE BELOW "token: canary\n",
	PROBE BELOW "token: [canary, {x: canary}]\n",
	PROBE BELOW "token: {x: canary}\n",
	PROBE BELOW "token:\n        - canary\n        - canary\n",
	PROBE BELOW "token: \"canary\\0canary\"\n",
	PROBE BELOW "token: |\n        canary\n        canary\n      count: x\n",
	PROBE BELOW "token: 'canary\n        canary'\n",
	PROBE BELOW "tokne: canary\n",
	PROBE BELOW "xyzzy: {a: [canary]}\n",
	PROBE BELOW "token: canary\n      token: canary\n",
	PROBE BELOW "token: a${canary}b\n",
	PROBE BELOW "token: a${canary\n",
	PROBE BELOW "token: a${canary:canary}\n",
	PROBE BELOW "token: canary${file:nowhere}\n",
	PROBE BELOW "token: ${env:ROOKERY_UNSET:-canary}${file:nowhere}\n",
	PROBE BELOW "token: ${env:ROOKERY_CANARY}\n      wait: ${env:ROOKERY_CANARY}\n",
	PROBE BELOW "mode: ${env:ROOKERY_CANARY}\n      count: ${env:ROOKERY_CANARY}\n",
	PROBE BELOW "token: ${file:key}\n      count: x\n",
	PROBE BELOW "{token: canary, count: x, wait: 1, mode: x}\n",
	PROBE BELOW "prices: [{country: x, token: canary, fee: x}, {token: canary}]\n",
	PROBE BELOW "prices: [canary, [canary]]\n",
	PROBE BELOW "prices: {token: canary}\n",
	PROBE BELOW "prices: canary\n",
	PROBE BELOW "token: &x canary\n      wait: *y\n",
	PROBE BELOW "token: !x canary\n",
	PROBE BELOW "<<: {token: canary}\n      wait: x\n",
	PROBE BELOW "[canary]: canary\n",
	PROBE BELOW "token: \"canary\n",
	PROBE BELOW "token: @canary\n",
	PROBE BELOW "token: canary: canary\n",
	PROBE BELOW "token: canary\n     wait: 1\n",
	PROBE BELOW "\ttoken: canary\n",
	PROBE BELOW "token: canary\x01\n",
	PROBE BELOW "token: canary\xff\n",
	PROBE BELOW "token: |\n      canary\n     canary\n",
	PROBE "    token: canary\n",
	PROBE "    options: [{token: canary}]\n",
	PROBE "    options: canary\n",
	PROBE "    opitons: {token: canary}\n",
	PROBE "    options: {token: canary}\n    options: {token: canary}\n",
	"collectors: [{id: a, plugin: nope, options: {token: canary}}]\n",
	"collectors: [{id: a, plugin: broken, options: {token: canary}}]\n",
	"collectors: [{id: a, plugni: probe, options: {token: canary}}]\n",
	"collectors: [{id: 'a b', plugin: probe, options: {token: canary}}]\n",
	"collectors: {id: a, plugin: probe, options: {token: canary}}\n",
	"collectors: [[{id: a, plugin: probe, options: {token: canary}}]]\n",
	"colectors: [{id: a, plugin: probe, options: {token: canary}}]\n",
	"[{id: a, plugin: probe, options: {token: canary}}]\n",
	"sinks: [{id: a, type: nope, options: {token: canary}}]\n",
	"sinks: [{id: a, type: http, options: {token: canary, url: [x]}}]\n",
	"sinks: [{id: a, type: http, format: nope, options: {token: canary, url: x}}]\n",
	"sinks: [{id: a, type: nope, format: otlp_json, format_options: {key: "
	"canary}}]\n",
	"sinks: [{id: a, type: http, format: nope, format_options: {key: canary}}]\n",
	"sinks: [{id: a, type: http, format_options: {key: canary}, options: {url: "
	"x}}]\n",
	"sinks: [{id: a, type: http, format: otlp_json, format_options: {kye: "
	"canary}}]\n",
	"sinks: [{id: a, type: http, format: otlp_json, format_options: canary}]\n",
	"sinks: [{id: a, type: http, format: otlp_json, key: canary, options: {}}]\n",
	"sinks: [{id: a, type: http, format: otlp_json, format_options: {key: canary, "
	"@}]\n",
	"{collectors: [{id: a, plugin: probe, options: {token: canary}}], sinks: [x]}\n",
	"collectors: [{id: a, plugin: probe, options: {token: canary}}, @]\n",
	"{collectors: [{id: a, plugin: probe, options: {c: 1, token: 'canary'} x}]}\n",
};

static void check_clean(const char *text, const char *where, const char *input)
{
	if (strstr(text, "canary"))
		fail_msg("%s of\n%s\n%s", where, input, text);
}

static void prepare(struct scene *scene)
{
	scene_open(scene);
	scene_write(scene, "key", "canary", 0600);
	setenv("ROOKERY_CANARY", "canary", 1);
	unsetenv("ROOKERY_UNSET");
}

static void no_report_and_no_dump_tells_a_secret(void **state)
{
	struct scene scene;

	(void)state;
	prepare(&scene);
	for (size_t i = 0; i < LENGTH(texts); i++) {
		CLEANUP(buffer_finish) struct buffer shown = { 0 }, coloured = { 0 };

		check_clean(scene_load_text(&scene, texts[i]), "report", texts[i]);
		assert_true(scene.report.n > 0);
		report_print(&scene.report, scene.config->documents, true, &coloured);
		check_clean(buffer_text(&coloured), "report", texts[i]);
		config_show(scene.config, true, &shown);
		check_clean(buffer_text(&shown), "dump", texts[i]);
	}
	scene_close(&scene);
}

/* The same, where each of them stands in a file of conf.d. */
static void no_drop_in_tells_a_secret(void **state)
{
	struct scene scene;

	(void)state;
	prepare(&scene);
	for (size_t i = 0; i < LENGTH(texts); i++) {
		scene_write(&scene, "conf.d/a.yaml", texts[i], 0644);
		check_clean(scene_load_text(&scene, ""), "report", texts[i]);
	}
	scene_close(&scene);
}

static void a_secret_is_there_for_who_uses_it_and_masked_for_others(void **state)
{
	struct scene scene;
	CLEANUP(buffer_finish) struct buffer shown = { 0 };

	(void)state;
	prepare(&scene);
	assert_string_equal(
		scene_load_text(&scene, PROBE BELOW "token: ${file:key}\n"), "");
	assert_string_equal(
		values_find(scene.config->collectors[0].options, "token")->text,
		"canary");
	config_show(scene.config, true, &shown);
	assert_non_null(strstr(buffer_text(&shown),
		"      token: \"***\"  # rookery.yaml:5:14, from a file\n"));
	scene_close(&scene);
}

static void wiping_leaves_nothing_of_an_arena(void **state)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	char *small = arena_copy_text(&arena, "canary", 6);
	char *large = arena_take(&arena, 100000);

	(void)state;
	memset(large, 'x', 100000);
	arena_wipe(&arena);
	assert_string_equal(small, "");
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(large[i], 0);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(no_report_and_no_dump_tells_a_secret),
	cmocka_unit_test(no_drop_in_tells_a_secret),
	cmocka_unit_test(a_secret_is_there_for_who_uses_it_and_masked_for_others),
	cmocka_unit_test(wiping_leaves_nothing_of_an_arena),
};

CASES_MAIN(cases)
