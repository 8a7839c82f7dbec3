/* SPDX-License-Identifier: Apache-2.0 */
/* What a reload takes for a change. */
#include "base/macros.h"
#include "cases.h"
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char before[] =
	"collectors:\n"
	"  - id: a\n"
	"    plugin: probe\n"
	"    interval: 60s\n"
	"    labels: {env: prod, zone: b}\n"
	"    tenants: [x, y]\n"
	"sinks:\n"
	"  - {id: out, type: file, options: {path: /tmp/x}}\n"
	"  - {id: in, type: http, format: otlp_json, options: {url: x},\n"
	"     format_options: {key: \"${env:ROOKERY_KEY}\", mode: slow}}\n";

static struct config *load(struct scene *scene, const char *text)
{
	const char *printed = scene_load_text(scene, text);

	assert_string_equal(printed, "");
	return config_ref(scene->config);
}

/* Replaces the first occurrence of a text. */
static void replace(char *to, size_t room, const char *old, const char *new)
{
	const char *at = strstr(before, old);

	assert_non_null(at);
	snprintf(to, room, "%.*s%s%s", (int)(at - before), before, new, at + strlen(old));
}

static void expect(const char *old, const char *new, bool collectors, bool sinks)
{
	struct scene scene;
	struct config *a, *b;
	char text[1024];

	scene_open(&scene);
	setenv("ROOKERY_KEY", "one", 1);
	a = load(&scene, before);
	replace(text, sizeof(text), old, new);
	b = load(&scene, text);
	assert_int_equal(collector_settings_equal(
				 config_collector(a, "a"), config_collector(b, "a")),
		collectors);
	assert_int_equal(
		sink_settings_equal(config_sink(a, "out"), config_sink(b, "out")), sinks);
	config_unref(a);
	config_unref(b);
	scene_close(&scene);
}

static void how_it_is_written_does_not_count(void **state)
{
	static const struct {
		const char *old, *new;
	} rows[] = {
		{ "60s", "1m" },
		{ "{env: prod, zone: b}", "\n      env: prod\n      zone: b" },
		{ "    tenants: [x, y]\n", "    tenants: [x, y]\n\n# a comment\n" },
		{ "    interval: 60s\n", "    interval: 60s\n    align: false\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(rows[i].old, rows[i].new, true, true);
}

static void whatever_a_collector_says_counts(void **state)
{
	static const struct {
		const char *old, *new;
	} rows[] = {
		{ "60s", "61s" },
		{ "    interval: 60s\n", "" },
		{ "prod", "test" },
		{ "zone: b", "zones: b" },
		{ ", zone: b", "" },
		{ "[x, y]", "[x, z]" },
		{ "[x, y]", "[x]" },
		{ "plugin: probe", "plugin: probe\n    enabled: false" },
		{ "plugin: probe", "plugin: probe\n    tenant: acme" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(rows[i].old, rows[i].new, false, true);
}

static void whatever_a_sink_says_counts(void **state)
{
	static const struct {
		const char *old, *new;
	} rows[] = {
		{ "/tmp/x", "/tmp/y" },
		{ "type: file,", "type: file, format: influx," },
		{ "type: file,", "type: file, batch: {max_age: 2s}," },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(rows[i].old, rows[i].new, true, false);
}

static void whatever_a_format_is_told_counts(void **state)
{
	static const char *const modes[] = { "mode: slow", "mode: fast", "mode: slow" };
	static const char *const keys[] = { "one", "one", "two" };
	struct config *configs[LENGTH(modes)];
	struct scene scene;
	char text[1024];

	(void)state;
	scene_open(&scene);
	for (size_t i = 0; i < LENGTH(modes); i++) {
		setenv("ROOKERY_KEY", keys[i], 1);
		replace(text, sizeof(text), modes[0], modes[i]);
		configs[i] = load(&scene, text);
	}
	assert_true(sink_settings_equal(
		config_sink(configs[0], "in"), config_sink(configs[0], "in")));
	for (size_t i = 1; i < LENGTH(modes); i++)
		assert_false(sink_settings_equal(
			config_sink(configs[0], "in"), config_sink(configs[i], "in")));
	/* What is hashed may be kept: no secret has a part in it. */
	assert_true(values_hash(config_sink(configs[0], "in")->format_options) ==
		    values_hash(config_sink(configs[2], "in")->format_options));
	assert_true(values_hash(config_sink(configs[0], "in")->format_options) !=
		    values_hash(config_sink(configs[1], "in")->format_options));
	for (size_t i = 0; i < LENGTH(modes); i++)
		config_unref(configs[i]);
	scene_close(&scene);
}

static void an_id_that_nobody_has_is_not_found(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_load_text(&scene, before);
	assert_null(config_collector(scene.config, "b"));
	assert_null(config_sink(scene.config, "a"));
	scene_close(&scene);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(whatever_a_format_is_told_counts),
	cmocka_unit_test(how_it_is_written_does_not_count),
	cmocka_unit_test(whatever_a_collector_says_counts),
	cmocka_unit_test(whatever_a_sink_says_counts),
	cmocka_unit_test(an_id_that_nobody_has_is_not_found),
};

CASES_MAIN(cases)
