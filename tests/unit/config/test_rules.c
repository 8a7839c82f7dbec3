/* SPDX-License-Identifier: Apache-2.0 */
/* What must be there, what names may look like, and what has to fit together, word by
 * word. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "scene.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>

#define MAIN "rookery.yaml"

/* The options of a collector begin on line 5, column 7. */
static const char probe[] = "collectors:\n"
			    "  - id: a\n"
			    "    plugin: probe\n"
			    "    options:\n";

static void what_is_required_must_be_there(void **state)
{
	static const struct scene_row rows[] = {
		{ "collectors:\n  - plugin: probe\n",
			MAIN ":2:5: error: missing required option 'id'\n"
			     "    2 |   - plugin: probe\n"
			     "      |     ^\n" },
		{ "collectors:\n  - id: a\n    plugin:\n",
			MAIN ":3:12: error: missing required option 'plugin'\n"
			     "    3 |     plugin:\n"
			     "      |            ^\n" },
		{ "collectors:\n  - id: a\n    plugin: mail_api\n",
			MAIN ":2:5: error: missing required option 'provider'\n"
			     "    2 |   - id: a\n"
			     "      |     ^\n" MAIN
			     ":2:5: error: missing required option 'api_key'\n"
			     "    2 |   - id: a\n"
			     "      |     ^\n" },
		{ "collectors:\n  - id: a\n    plugin: mail_api\n    options:\n"
		  "      provider: mailgun\n",
			MAIN ":5:7: error: missing required option 'api_key'\n"
			     "    5 |       provider: mailgun\n"
			     "      |       ^\n" },
		/* What does not run lacks nothing. */
		{ "collectors:\n  - id: a\n    plugin: mail_api\n    enabled: false\n",
			"" },
		{ "sinks: [{id: a, type: file, enabled: false}]\n", "" },
		/* A group that is not written requires nothing, one that is does. */
		{ "collectors:\n  - id: a\n    plugin: probe\n    options:\n      tls:\n",
			"" },
		{ "collectors:\n  - id: a\n    plugin: probe\n    options:\n"
		  "      tls: {verify: true}\n      prices: [{fee: 1}]\n",
			MAIN ":5:12: error: missing required option 'ca_file'\n"
			     "    5 |       tls: {verify: true}\n"
			     "      |            ^\n" MAIN
			     ":6:16: error: missing required option 'country'\n"
			     "    6 |       prices: [{fee: 1}]\n"
			     "      |                ^\n" },
	};

	(void)state;
	scene_check("", rows, LENGTH(rows));
}

static void names_that_nobody_has_are_told(void **state)
{
	static const struct scene_row rows[] = {
		{ "collectors:\n  - id: a\n    plugin: prob\n    options: {x: canary}\n",
			MAIN ":3:13: error: there is no plugin 'prob'; did you mean "
			     "'probe'?\n"
			     "    3 |     plugin: prob\n"
			     "      |             ^~~~\n" },
		{ "collectors: [{id: a, plugin: xyzzy, options: {x: canary}}]\n", MAIN
			":1:30: error: there is no plugin 'xyzzy'; known are broken, "
			"lazy, mail_api, probe, ticker\n"
			"    1 | collectors: [{id: a, plugin: xyzzy, options: ***}]\n"
			"      |                              ^~~~~\n" },
		{ "collectors:\n  - id: a\n    plugin: proben\n",
			MAIN ":3:13: error: plugin 'proben' cannot be used: it is in "
			     "neither of two folders; did you mean 'probe'?\n"
			     "    3 |     plugin: proben\n"
			     "      |             ^~~~~~\n" },
		{ "collectors:\n  - id: a\n    plugin: broken\n",
			MAIN ":3:13: error: plugin 'broken' cannot be used: it is of ABI "
			     "2.0, this agent takes 1.0\n"
			     "    3 |     plugin: broken\n"
			     "      |             ^~~~~~\n" },
		{ "collectors:\n  - id: a\n    plugin: lazy\n", MAIN
			":3:13: error: plugin 'lazy' has no interval of its own; set "
			"'interval'\n"
			"    3 |     plugin: lazy\n"
			"      |             ^~~~\n" },
		{ "collectors:\n  - id: a\n    plugin: odd\n    interval: 1s\n", "" },
		{ "collectors:\n  - id: a\n    plugin: odd\n", MAIN
			":3:13: error: the plugin's own interval is wrong: 'often' is "
			"no duration: write whole numbers with ns, us, ms, s, m, h, d "
			"or w, such as 10s or 1h30m\n"
			"    3 |     plugin: odd\n"
			"      |             ^~~\n" },
		{ "sinks:\n  - id: a\n    type: fiel\n",
			MAIN ":3:11: error: there is no sink type 'fiel'; did you mean "
			     "'file'?\n"
			     "    3 |     type: fiel\n"
			     "      |           ^~~~\n" },
		{ "sinks:\n  - id: a\n    type: kafka\n", MAIN
			":3:11: error: there is no sink type 'kafka'; known are file, "
			"http\n"
			"    3 |     type: kafka\n"
			"      |           ^~~~~\n" },
		{ "sinks:\n  - {id: a, type: file, format: json, options: {path: x}}\n",
			MAIN ":2:33: error: there is no format 'json'; did you mean "
			     "'ndjson'?\n"
			     "    2 |   - {id: a, type: file, format: json, options: "
			     "{path: x}}\n"
			     "      |                                 ^~~~\n" },
	};

	(void)state;
	scene_check("", rows, LENGTH(rows));
}

static void ids_and_other_names_follow_their_rules(void **state)
{
	static const char *const wrong[] = { "\".\"", "\"..\"", "a/b", "-a", "\"a b\"",
		"_a", "\"\"", "\xc3\xa4",
		"a1234567890123456789012345678901234567890123456789012345678901234" };
	static const char *const right[] = { "a", "0", "A.b_c-d", "a.",
		"a123456789012345678901234567890123456789012345678901234567890123" };
	struct scene scene;

	(void)state;
	scene_open(&scene);
	for (size_t i = 0; i < LENGTH(wrong) + LENGTH(right); i++) {
		bool is_wrong = i < LENGTH(wrong);
		const char *id = is_wrong ? wrong[i] : right[i - LENGTH(wrong)];
		CLEANUP(buffer_finish) struct buffer text = { 0 };

		buffer_append_format(&text,
			"collectors: [{id: %s, plugin: probe}]\n"
			"sinks: [{id: %s, type: file, options: {path: x}}]\n",
			id, id);
		scene_load_text(&scene, buffer_text(&text));
		if (scene.report.n_errors != (is_wrong ? 2 : 0))
			fail_msg("%s: %s", id, buffer_text(&scene.printed));
		if (is_wrong)
			assert_non_null(strstr(buffer_text(&scene.printed),
				"is no id: use 1 to 64 letters, digits, '_', '.' and "
				"'-', "
				"beginning with a letter or digit"));
	}
	scene_close(&scene);
}

static void labels_and_tenants_follow_the_rules_of_series(void **state)
{
	static const struct scene_row rows[] = {
		{ "labels: {tenant: x}\n", MAIN
			":4:14: error: 'tenant' is set by the option 'tenant', not as "
			"a label\n"
			"    4 |     labels: {tenant: x}\n"
			"      |              ^~~~~~\n" },
		{ "labels: {esp.vendor: x}\n",
			MAIN ":4:14: error: 'esp.vendor' is a label that the plugin sets "
			     "itself\n"
			     "    4 |     labels: {esp.vendor: x}\n"
			     "      |              ^~~~~~~~~~\n" },
		{ "labels: {Env: x}\n", MAIN
			":4:14: error: 'Env' is no label's name: use 1 to 64 of a-z, "
			"0-9, '_' and '.', beginning with a letter\n"
			"    4 |     labels: {Env: x}\n"
			"      |              ^~~\n" },
		{ "labels: {env: \"a\\nb\"}\n", MAIN
			":4:14: error: the value of 'env' holds a control character\n"
			"    4 |     labels: {env: \"a\\nb\"}\n"
			"      |              ^~~\n" },
		{ "tenant: \"\"\n", MAIN ":4:13: error: '' is empty\n"
					 "    4 |     tenant: \"\"\n"
					 "      |             ^~\n" },
		{ "tenants: [a, \"\\t\", \"*\"]\n",
			MAIN ":4:14: error: '?' holds a control character\n"
			     "    4 |     tenants: [a, \"\\t\", \"*\"]\n"
			     "      |              ^~~~~~~~~~~~~~\n" },
		{ "identity: \"\"\n", MAIN ":4:15: error: '' is empty\n"
					   "    4 |     identity: \"\"\n"
					   "      |               ^~\n" },
	};
	struct scene scene;
	CLEANUP(buffer_finish) struct buffer text = { 0 };

	(void)state;
	scene_check(
		"collectors:\n  - id: a\n    plugin: probe\n    ", rows, LENGTH(rows));
	scene_open(&scene);
	buffer_append_text(&text, "collectors: [{id: a, plugin: probe, labels: {");
	for (int i = 0; i < 33; i++)
		buffer_append_format(&text, "l%d: x, ", i);
	buffer_append_text(&text, "}}]\n");
	scene_load_text(&scene, buffer_text(&text));
	assert_non_null(strstr(buffer_text(&scene.printed),
		":1:45: error: 33 labels; a series has at most 32\n"));
	buffer_clear(&text);
	buffer_append_text(&text, "collectors: [{id: a, plugin: probe, tenant: ");
	for (int i = 0; i < 1025; i++)
		buffer_append_byte(&text, 'a');
	buffer_append_text(&text, "}]\n");
	scene_load_text(&scene, buffer_text(&text));
	assert_string_equal(scene.report.problems[0].message,
		"'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaa...' is longer than 1024 bytes");
	scene_close(&scene);
}

static void settings_that_do_not_fit_each_other_are_told(void **state)
{
	static const struct scene_row rows[] = {
		{ "journal: {sync: soon}\n", MAIN
			":1:17: error: 'soon' is no way to sync: write commit, never "
			"or an interval such as 1s\n"
			"    1 | journal: {sync: soon}\n"
			"      |                 ^~~~\n" },
		{ "journal: {sync: 0s}\n",
			MAIN ":1:17: error: 'sync' must be within 1ms..1h, or commit or "
			     "never\n"
			     "    1 | journal: {sync: 0s}\n"
			     "      |                 ^~\n" },
		{ "journal: {sync: 2h}\n",
			MAIN ":1:17: error: 'sync' must be within 1ms..1h, or commit or "
			     "never\n"
			     "    1 | journal: {sync: 2h}\n"
			     "      |                 ^~\n" },
		{ "journal: {max_size: 63MiB}\n",
			MAIN ":1:21: error: 'max_size' must hold two segments of "
			     "'segment_size', which is 32MiB\n"
			     "    1 | journal: {max_size: 63MiB}\n"
			     "      |                     ^~~~~\n" },
		{ "journal: {max_size: 1GiB, segment_size: 1GiB}\n",
			MAIN ":1:21: error: 'max_size' must hold two segments of "
			     "'segment_size', which is 1GiB\n"
			     "    1 | journal: {max_size: 1GiB, segment_size: 1GiB}\n"
			     "      |                     ^~~~\n" },
		{ "journal: {segment_size: 2GiB}\n",
			MAIN ":1:25: error: 'segment_size' must be within 64KiB..1GiB\n"
			     "    1 | journal: {segment_size: 2GiB}\n"
			     "      |                         ^~~~\n" },
		{ "agent: {host: \"\", state_dir: \"\"}\n",
			MAIN ":1:15: error: '' is empty\n"
			     "    1 | agent: {host: \"\", state_dir: \"\"}\n"
			     "      |               ^~\n" MAIN
			     ":1:30: error: 'state_dir' is empty\n"
			     "    1 | agent: {host: \"\", state_dir: \"\"}\n"
			     "      |                              ^~\n" },
		{ "sinks: [{id: a, type: file, options: {path: x}, retry: {first: "
		  "6m}}]\n",
			MAIN
			":1:64: error: 'first' must be at most 'most', which is 5m\n"
			"    1 | sinks: [{id: a, type: file, options: {path: x}, retry: "
			"{first: 6m}}]\n"
			"      |                                                        "
			"        ^~\n" },
		{ "sinks: [{id: a, type: file, options: {path: x}, max_size: 1MiB}]\n",
			MAIN ":1:59: error: 'max_size' must hold two segments of "
			     "'journal.segment_size', which is 32MiB\n"
			     "    1 | sinks: [{id: a, type: file, options: {path: x}, "
			     "max_size: 1MiB}]\n"
			     "      |                                                  "
			     "         ^~~~\n" },
		{ "collectors: [{id: rookery, plugin: probe}]\n",
			MAIN ":1:19: error: id 'rookery' is the agent's own, under "
			     "which it tells of itself\n"
			     "    1 | collectors: [{id: rookery, plugin: probe}]\n"
			     "      |                   ^~~~~~~\n" },
		{ "collectors: [{id: a, plugin: probe, isolation: thread}]\n",
			MAIN ":1:48: error: 'thread' is not one of process, own_process, "
			     "none\n"
			     "    1 | collectors: [{id: a, plugin: probe, isolation: "
			     "thread}]\n"
			     "      |                                                "
			     "^~~~~~\n" },
		{ "collectors: [{id: a, plugin: probe, interval: 9ms}]\n", MAIN
			":1:47: error: 'interval' must be within 10ms..31d\n"
			"    1 | collectors: [{id: a, plugin: probe, interval: 9ms}]\n"
			"      |                                               ^~~\n" },
		{ "collectors: [{id: a, plugin: probe, max_series: 0}]\n", MAIN
			":1:49: error: 'max_series' must be within 1..1000000\n"
			"    1 | collectors: [{id: a, plugin: probe, max_series: 0}]\n"
			"      |                                                 ^\n" },
		{ "sinks: [{id: a, type: file, options: {path: x}, batch: {max_bytes: "
		  "1B}}]\n",
			MAIN
			":1:68: error: 'max_bytes' must be within 1KiB..16MiB\n"
			"    1 | sinks: [{id: a, type: file, options: {path: x}, batch: "
			"{max_bytes: 1B}}]\n"
			"      |                                                        "
			"            ^~\n" },
	};

	(void)state;
	scene_check("", rows, LENGTH(rows));
}

static void what_the_plugin_objects_to_is_told_at_its_place(void **state)
{
	static const struct scene_row rows[] = {
		{ "      count: 60\n      mode: slow\n", MAIN
			":5:14: error: 'count' over 50 takes too long with mode slow\n"
			"    5 |       count: 60\n"
			"      |              ^\n" },
		{ "      prices:\n        - country: de\n        - country: xx\n",
			MAIN ":7:20: error: no country\n"
			     "    7 |         - country: xx\n"
			     "      |                    ^\n" },
		/* It is not asked about what its own table refuses. */
		{ "      count: 101\n      mode: slow\n",
			MAIN ":5:14: error: 'count' must be within 1..100\n"
			     "    5 |       count: 101\n"
			     "      |              ^~~\n" },
	};

	(void)state;
	scene_check(probe, rows, LENGTH(rows));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(what_is_required_must_be_there),
	cmocka_unit_test(names_that_nobody_has_are_told),
	cmocka_unit_test(ids_and_other_names_follow_their_rules),
	cmocka_unit_test(labels_and_tenants_follow_the_rules_of_series),
	cmocka_unit_test(settings_that_do_not_fit_each_other_are_told),
	cmocka_unit_test(what_the_plugin_objects_to_is_told_at_its_place),
};

CASES_MAIN(cases)
