/* SPDX-License-Identifier: Apache-2.0 */
/* What a sink takes: alternatives of globs, and what is wrong with them, word by word. */
#include "base/buffer.h"
#include "base/macros.h"
#include "model/match.h"
#include "scene.h"

#include "cases.h"

#include <string.h>

#define MAIN "rookery.yaml"

/* The alternatives begin on line 6. */
static const char sink[] = "sinks:\n"
			   "  - id: a\n"
			   "    type: file\n"
			   "    options: {path: x}\n"
			   "    match:\n";

static void what_is_wrong_with_an_alternative_is_told_at_its_place(void **state)
{
	static const struct scene_row rows[] = {
		{ "      - metric: esp.*\n      - event: '*'\n        labels: "
		  "{esp.vendor: "
		  "'[!a-f]?*'}\n",
			"" },
		{ "      - metric: 'esp.['\n",
			MAIN ":6:17: error: 'esp.[' has a '[' without its ']'; a bracket "
			     "itself is '[[]'\n"
			     "    6 |       - metric: 'esp.['\n"
			     "      |                 ^~~~~~~\n" },
		{ "      - metric: a\n      - tenant: ''\n",
			MAIN ":7:17: error: '' is empty\n"
			     "    7 |       - tenant: ''\n"
			     "      |                 ^~\n" },
		{ "      - labels: {Vendor: a, ok: '[z-a]'}\n",
			MAIN ":6:26: error: 'Vendor' is no label's name: use 1 to 64 of "
			     "a-z, 0-9, '_' and '.', beginning with a letter\n"
			     "    6 |       - labels: {Vendor: a, ok: '[z-a]'}\n"
			     "      |                          ^\n" MAIN
			     ":6:33: error: '[z-a]' has a range that ends before it "
			     "begins\n"
			     "    6 |       - labels: {Vendor: a, ok: '[z-a]'}\n"
			     "      |                                 ^~~~~~~\n" },
		{ "      - labels: {tenant: acme}\n",
			MAIN ":6:26: error: 'tenant' is no label; sinks match it by "
			     "'tenant'\n"
			     "    6 |       - labels: {tenant: acme}\n"
			     "      |                          ^~~~\n" },
		{ "      - metric: a\n        event: b\n",
			MAIN ":7:16: error: a record is a sample with a 'metric' or an "
			     "'event': name them in two alternatives\n"
			     "    7 |         event: b\n"
			     "      |                ^\n" },
		{ "      - {}\n",
			MAIN ":6:9: error: the alternative names nothing, and so takes "
			     "all\n"
			     "    6 |       - {}\n"
			     "      |         ^~\n" },
		{ "      - metrics: a\n",
			MAIN ":6:9: error: unknown key 'metrics'; did you mean "
			     "'metric'?\n"
			     "    6 |       - metrics: ***\n"
			     "      |         ^~~~~~~\n" MAIN
			     ":6:9: error: the alternative names nothing, and so takes "
			     "all\n"
			     "    6 |       - metrics: ***\n"
			     "      |         ^\n" },
		/* What is no mapping shifts no place. */
		{ "      - esp.*\n      - metric: '['\n",
			MAIN ":6:9: error: expected a mapping, found a text\n"
			     "    6 |       - ***\n"
			     "      |         ^~~\n" MAIN
			     ":7:17: error: '[' has a '[' without its ']'; a bracket "
			     "itself is '[[]'\n"
			     "    7 |       - metric: '['\n"
			     "      |                 ^~~\n" },
	};

	(void)state;
	scene_check(sink, rows, LENGTH(rows));
}

static void what_a_collector_keeps_and_drops_is_checked_as_well(void **state)
{
	static const struct scene_row rows[] = {
		{ "    keep: [{metric: 'x*'}]\n    drop: [{metric: 'x*y', labels: {a: "
		  "'?'}}]\n",
			"" },
		{ "    keep: [{metric: '['}]\n    drop: [{}]\n",
			MAIN ":4:21: error: '[' has a '[' without its ']'; a bracket "
			     "itself is '[[]'\n"
			     "    4 |     keep: [{metric: '['}]\n"
			     "      |                     ^~~\n" MAIN
			     ":5:12: error: the alternative names nothing, and so takes "
			     "all\n"
			     "    5 |     drop: [{}]\n"
			     "      |            ^~\n" },
		{ "    drop: [{tenant: a, metric: b}]\n",
			MAIN ":4:13: error: unknown key 'tenant'; known are metric, "
			     "labels\n"
			     "    4 |     drop: [{tenant: ***, metric: b}]\n"
			     "      |             ^~~~~~\n" },
	};

	(void)state;
	scene_check("collectors:\n  - id: a\n    plugin: ticker\n", rows, LENGTH(rows));
}

static void labels_and_a_prefix_of_a_sink_follow_the_rules_of_series(void **state)
{
	static const struct scene_row rows[] = {
		{ "    prefix: mail.\n    labels: {esp.site: fra}\n", "" },
		{ "    prefix: Mail\n",
			MAIN ":5:13: error: 'Mail' begins no metric's name: use 1 to 32 "
			     "of a-z, 0-9, '_' and '.', beginning with a letter\n"
			     "    5 |     prefix: Mail\n"
			     "      |             ^~~~\n" },
		{ "    labels: {Site: fra, tenant: x, a: ''}\n",
			MAIN ":5:20: error: 'Site' is no label's name: use 1 to 64 of "
			     "a-z, 0-9, '_' and '.', beginning with a letter\n"
			     "    5 |     labels: {Site: fra, tenant: x, a: ''}\n"
			     "      |                    ^~~\n" MAIN
			     ":5:33: error: 'tenant' is no label that can be set: a "
			     "tenant is the collector's\n"
			     "    5 |     labels: {Site: fra, tenant: x, a: ''}\n"
			     "      |                                 ^\n" MAIN
			     ":5:39: error: the value of 'a' is empty\n"
			     "    5 |     labels: {Site: fra, tenant: x, a: ''}\n"
			     "      |                                       ^~\n" },
	};

	(void)state;
	scene_check("sinks:\n"
		    "  - id: a\n"
		    "    type: file\n"
		    "    options: {path: x}\n",
		rows, LENGTH(rows));
}

static void collector_and_sink_add_32_labels_at_most(void **state)
{
	struct buffer text = { 0 };
	struct scene scene;

	(void)state;
	scene_open(&scene);
	buffer_append_text(&text, "sinks:\n"
				  "  - id: a\n"
				  "    type: file\n"
				  "    options: {path: x}\n"
				  "    labels: {both: x, sinks: x}\n"
				  "collectors:\n"
				  "  - id: c\n"
				  "    plugin: ticker\n"
				  "    labels:\n"
				  "      both: y\n");
	for (int i = 0; i < 30; i++)
		buffer_append_format(&text, "      l%d: y\n", i);
	assert_string_equal(scene_load_text(&scene, buffer_text(&text)), "");
	buffer_append_text(&text, "      more: y\n");
	assert_non_null(strstr(scene_load_text(&scene, buffer_text(&text)),
		":5:13: error: 33 labels together with those of collector 'c'; at most "
		"32 can be added to a record\n"));
	buffer_finish(&text);
	scene_close(&scene);
}

static void there_are_64_alternatives_at_most(void **state)
{
	struct buffer text = { 0 };
	struct scene scene;

	(void)state;
	scene_open(&scene);
	buffer_append_text(&text, sink);
	for (int i = 0; i < MATCH_MAX_ALTERNATIVES; i++)
		buffer_append_format(&text, "      - metric: m%d\n", i);
	assert_string_equal(scene_load_text(&scene, buffer_text(&text)), "");
	assert_int_equal(scene.config->sinks[0].match.n, MATCH_MAX_ALTERNATIVES);
	buffer_append_text(&text, "      - metric: one.more\n");
	assert_non_null(strstr(scene_load_text(&scene, buffer_text(&text)),
		":6:7: error: 65 alternatives; there are at most 64\n"));
	buffer_finish(&text);
	scene_close(&scene);
}

static void alternatives_arrive_and_are_shown_as_they_were_written(void **state)
{
	struct buffer shown = { 0 };
	const struct match *rows;
	struct scene scene;

	(void)state;
	scene_open(&scene);
	assert_string_equal(
		scene_load_text(&scene, "sinks:\n"
					"  - id: a\n"
					"    type: file\n"
					"    options: {path: x}\n"
					"    match:\n"
					"      - {metric: 'esp.*', tenant: acme}\n"
					"      - {event: '*', labels: {site: fra}}\n"),
		"");
	assert_int_equal(scene.config->sinks[0].match.n, 2);
	rows = scene.config->sinks[0].match.rows;
	assert_string_equal(rows[0].metric, "esp.*");
	assert_string_equal(rows[0].tenant, "acme");
	assert_null(rows[0].event);
	assert_string_equal(rows[1].labels.items[0].name, "site");
	config_show(scene.config, false, &shown);
	assert_non_null(strstr(buffer_text(&shown), "    match:\n"
						    "      - metric: \"esp.*\"\n"
						    "        tenant: acme\n"
						    "      - event: \"*\"\n"
						    "        labels:\n"
						    "          site: fra\n"));
	buffer_finish(&shown);
	scene_close(&scene);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(what_is_wrong_with_an_alternative_is_told_at_its_place),
	cmocka_unit_test(labels_and_a_prefix_of_a_sink_follow_the_rules_of_series),
	cmocka_unit_test(collector_and_sink_add_32_labels_at_most),
	cmocka_unit_test(what_a_collector_keeps_and_drops_is_checked_as_well),
	cmocka_unit_test(there_are_64_alternatives_at_most),
	cmocka_unit_test(alternatives_arrive_and_are_shown_as_they_were_written),
};

CASES_MAIN(cases)
