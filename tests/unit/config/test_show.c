/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "scene.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>

static const char everything[] =
	"agent:\n"
	"  host: \"mx 1: \\\"x\\\" # ${env:ROOKERY_A}\"\n"
	"journal: {sync: commit, max_size: 10GB, max_age: 36h}\n"
	"collectors:\n"
	"  - id: a\n"
	"    plugin: probe\n"
	"    interval: 90s\n"
	"    tenants: [\"*\"]\n"
	"    labels: {env: \"true\", note: \"a\xc3\xa4\\u2028b\", empty: \"\"}\n"
	"    options:\n"
	"      verbose: true\n"
	"      count: 7\n"
	"      share: 0.1\n"
	"      fee: 12.340\n"
	"      path: \"line\\nline\\\\\"\n"
	"      wait: 1500ms\n"
	"      since: 2026-11-01T01:02:03.5+01:00\n"
	"      limit: 1000KB\n"
	"      mode: off\n"
	"      hosts: [/a, 'b c', \"\", \"yes\", \"10\", \"a: b\", \"$${x}\", \"~\", "
	"'*']\n"
	"      tags: {\"a b\": c, \"${x}\": d}\n"
	"      prices:\n"
	"        - {country: de, fee: 0.10}\n"
	"        - country: \"no\"\n"
	"      tls: {ca_file: /ca, verify: false}\n"
	"  - {id: t, plugin: ticker}\n"
	"  - {id: off, plugin: mail_api, enabled: false}\n"
	"sinks:\n"
	"  - {id: s, type: file, options: {path: /x}, from: oldest, batch: {max_age: "
	"0}}\n"
	"  - {id: h, type: http, enabled: false, options: {headers: {X-A: \"1\"}}, "
	"format: "
	"otlp_json,\n"
	"     format_options: {mode: slow}}\n";

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void compare_values(const struct values *a, const struct values *b);

static void compare_lists(const struct rk_list *a, const struct rk_list *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++)
		assert_string_equal(a->items[i], b->items[i]);
}

static void compare_maps(const struct rk_map *a, const struct rk_map *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		assert_string_equal(a->items[i].name, b->items[i].name);
		assert_string_equal(a->items[i].value, b->items[i].value);
	}
}

static void compare_value(
	const struct option *option, const struct value *a, const struct value *b)
{
	if (option->type != RK_TYPE_GROUP)
		assert_int_equal(a->origin == ORIGIN_NONE, b->origin == ORIGIN_NONE);
	switch (option->type) {
	case RK_TYPE_STRING:
	case RK_TYPE_SECRET:
		if (!same_text(a->text, b->text))
			fail_msg("%s: '%s', '%s'", option->name, a->text, b->text);
		break;
	case RK_TYPE_DECIMAL:
		assert_int_equal(a->decimal.digits, b->decimal.digits);
		assert_int_equal(a->decimal.scale, b->decimal.scale);
		break;
	case RK_TYPE_LIST:
		compare_lists(&a->list, &b->list);
		break;
	case RK_TYPE_MAP:
		compare_maps(&a->map, &b->map);
		break;
	case RK_TYPE_TABLE:
		assert_int_equal(a->table.n, b->table.n);
		for (size_t i = 0; i < a->table.n; i++)
			compare_values(&a->table.rows[i], &b->table.rows[i]);
		break;
	case RK_TYPE_GROUP:
		compare_values(a->group, b->group);
		break;
	default:
		/* Whatever the type is, it is in the first word. */
		if (a->integer != b->integer)
			fail_msg("%s: %lld, %lld", option->name, (long long)a->integer,
				(long long)b->integer);
	}
}

static void compare_values(const struct values *a, const struct values *b)
{
	assert_int_equal(a->set->n, b->set->n);
	for (size_t i = 0; i < a->set->n; i++)
		compare_value(&a->set->items[i], &a->items[i], &b->items[i]);
}

static void compare_configs(const struct config *a, const struct config *b)
{
	assert_string_equal(a->agent.host, b->agent.host);
	assert_int_equal(a->journal.max_size.bytes, b->journal.max_size.bytes);
	assert_int_equal(a->journal.max_age.ns, b->journal.max_age.ns);
	assert_int_equal(a->journal.sync, b->journal.sync);
	assert_int_equal(a->n_collectors, b->n_collectors);
	for (size_t i = 0; i < a->n_collectors; i++) {
		assert_string_equal(a->collectors[i].id, b->collectors[i].id);
		assert_int_equal(a->collectors[i].enabled, b->collectors[i].enabled);
		assert_int_equal(
			a->collectors[i].interval.ns, b->collectors[i].interval.ns);
		compare_maps(&a->collectors[i].labels, &b->collectors[i].labels);
		compare_lists(&a->collectors[i].tenants, &b->collectors[i].tenants);
		compare_values(a->collectors[i].options, b->collectors[i].options);
	}
	assert_int_equal(a->n_sinks, b->n_sinks);
	for (size_t i = 0; i < a->n_sinks; i++) {
		assert_int_equal(a->sinks[i].from.index, b->sinks[i].from.index);
		assert_memory_equal(&a->sinks[i].batch, &b->sinks[i].batch,
			sizeof(a->sinks[i].batch));
		compare_values(a->sinks[i].options, b->sinks[i].options);
		compare_values(a->sinks[i].format_options, b->sinks[i].format_options);
	}
}

static void what_is_shown_loads_to_equal_values(void **state)
{
	struct scene scene, again;
	CLEANUP(buffer_finish) struct buffer shown = { 0 }, shown_again = { 0 };

	(void)state;
	setenv("ROOKERY_A", "${alpha}", 1);
	for (int origins = 0; origins < 2; origins++) {
		buffer_clear(&shown);
		buffer_clear(&shown_again);
		scene_open(&scene);
		assert_string_equal(scene_load_text(&scene, everything), "");
		config_show(scene.config, origins, &shown);
		scene_open(&again);
		assert_string_equal(scene_load_text(&again, buffer_text(&shown)), "");
		compare_configs(scene.config, again.config);
		/* Shown once more, it is the same text but for its origins. */
		config_show(again.config, false, &shown_again);
		if (!origins)
			assert_string_equal(
				buffer_text(&shown_again), buffer_text(&shown));
		scene_close(&again);
		scene_close(&scene);
	}
}

static void the_effective_configuration_is_shown_with_presets(void **state)
{
	struct scene scene;
	CLEANUP(buffer_finish) struct buffer shown = { 0 };

	(void)state;
	scene_open(&scene);
	scene_load_text(&scene, "agent: {host: mx1}\n"
				"collectors:\n"
				"  - id: a\n"
				"    plugin: probe\n"
				"    options: {prices: [{country: de}, {country: at}]}\n"
				"sinks: []\n");
	config_show(scene.config, false, &shown);
	assert_string_equal(buffer_text(&shown), "agent:\n"
						 "  host: mx1\n"
						 "  state_dir: /var/lib/rookery\n"
						 "  log_level: info\n"
						 "  stop_timeout: 10s\n"
						 "journal:\n"
						 "  max_size: 2GiB\n"
						 "  segment_size: 32MiB\n"
						 "  max_age: 2w\n"
						 "  reserve: 8MiB\n"
						 "  sync: \"1s\"\n"
						 "collectors:\n"
						 "  - id: a\n"
						 "    plugin: probe\n"
						 "    enabled: true\n"
						 "    interval: 10s\n"
						 "    align: false\n"
						 "    jitter: 0s\n"
						 "    timeout: 5s\n"
						 "    isolation: process\n"
						 "    max_series: 10000\n"
						 "    private_addresses: false\n"
						 "    options:\n"
						 "      verbose: false\n"
						 "      count: 3\n"
						 "      share: 0.5\n"
						 "      fee: 0.85\n"
						 "      path: /proc\n"
						 "      wait: 1500ms\n"
						 "      limit: 64KiB\n"
						 "      mode: fast\n"
						 "      hosts: [localhost, \"::1\"]\n"
						 "      prices:\n"
						 "        - country: de\n"
						 "          fee: 0.10\n"
						 "        - country: at\n"
						 "          fee: 0.10\n"
						 "sinks: []\n");
	scene_close(&scene);
}

static void origins_say_where_each_value_comes_from(void **state)
{
	struct scene scene;
	CLEANUP(buffer_finish) struct buffer shown = { 0 };
	static const char *const lines[] = {
		"  host: mx1  # rookery.yaml:1:15\n",
		"  log_level: debug  # rookery.yaml:1:31, from the environment\n",
		"  state_dir: /var/lib/rookery  # default\n",
		"  - id: a  # conf.d/a.yaml:2:9\n",
		"    interval: 10s  # default\n",
		"    labels:  # conf.d/a.yaml:4:13\n      env: prod\n",
		"      count: 9  # conf.d/a.yaml:6:14\n",
		"      token: \"***\"  # conf.d/a.yaml:7:14, from a file\n",
		"      hosts: [x]  # conf.d/a.yaml:8:14\n",
		"      tls:  # conf.d/a.yaml:9:12\n"
		"        ca_file: /ca  # conf.d/a.yaml:9:22\n"
		"        verify: true  # default\n",
		"      token: \"***\"  # conf.d/b.yaml:4:14, from a credential\n",
	};

	(void)state;
	setenv("ROOKERY_A", "debug", 1);
	scene_open(&scene);
	setenv("CREDENTIALS_DIRECTORY", scene.path, 1);
	scene_write(&scene, "key", "secret", 0600);
	scene_write(&scene, "conf.d/key", "secret", 0600);
	scene_write(&scene, "conf.d/a.yaml",
		"collectors:\n"
		"  - id: a\n"
		"    plugin: probe\n"
		"    labels: {env: prod}\n"
		"    options:\n"
		"      count: 9\n"
		"      token: ${file:key}\n"
		"      hosts: [x]\n"
		"      tls: {ca_file: /ca}\n",
		0644);
	scene_write(&scene, "conf.d/b.yaml",
		"collectors:\n"
		"  - {id: b, plugin: probe,\n"
		"    options: {\n"
		"      token: \"${credential:key}\"}}\n",
		0644);
	assert_string_equal(
		scene_load_text(
			&scene, "agent: {host: mx1, log_level: '${env:ROOKERY_A}'}\n"),
		"");
	config_show(scene.config, true, &shown);
	for (size_t i = 0; i < LENGTH(lines); i++) {
		if (!strstr(buffer_text(&shown), lines[i]))
			fail_msg("%s is not in\n%s", lines[i], buffer_text(&shown));
	}
	scene_close(&scene);
}

static void what_was_not_bound_can_be_shown_all_the_same(void **state)
{
	struct scene scene;
	CLEANUP(buffer_finish) struct buffer shown = { 0 };

	(void)state;
	scene_open(&scene);
	scene_load_text(&scene,
		"agent: x\n"
		"collectors: [{id: [], plugin: probe, options: x}, {}, x]\n"
		"sinks: [{id: [], type: nope, batch: x}]\n");
	config_show(scene.config, true, &shown);
	assert_non_null(strstr(buffer_text(&shown), "max_series: 10000"));
	scene_close(&scene);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(what_is_shown_loads_to_equal_values),
	cmocka_unit_test(the_effective_configuration_is_shown_with_presets),
	cmocka_unit_test(origins_say_where_each_value_comes_from),
	cmocka_unit_test(what_was_not_bound_can_be_shown_all_the_same),
};

CASES_MAIN(cases)
