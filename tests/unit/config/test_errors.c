/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that can be wrong with what a configuration says, word by word. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "scene.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>

#define MAIN "rookery.yaml"

struct row {
	const char *text, *printed;
};

static void check_rows(const char *before, const struct row *rows, size_t n)
{
	struct scene scene;

	scene_open(&scene);
	for (size_t i = 0; i < n; i++) {
		CLEANUP(buffer_finish) struct buffer text = { 0 };

		buffer_append_text(&text, before);
		buffer_append_text(&text, rows[i].text);
		assert_string_equal(
			scene_load_text(&scene, buffer_text(&text)), rows[i].printed);
	}
	scene_close(&scene);
}

/* The options of a collector begin on line 5, column 7. */
static const char probe[] = "collectors:\n"
			    "  - id: a\n"
			    "    plugin: probe\n"
			    "    options:\n";

static void nothing_is_wrong_with_a_good_file(void **state)
{
	static const struct row rows[] = {
		{ "", "" },
		{ "agent:\njournal:\ncollectors:\nsinks:\n", "" },
		{ "agent: {host: mx1, plugin_path: [/a, /b], log_level: debug}\n", "" },
		{ "journal: {sync: commit}\n", "" },
		{ "journal: {sync: never, max_size: 64MiB}\n", "" },
		{ "journal: {sync: 500ms}\n", "" },
		{ "collectors:\n  - {id: a, plugin: probe}\n  - id: b\n    plugin: "
		  "ticker\n"
		  "    options: {}\n",
			"" },
	};

	(void)state;
	check_rows("", rows, LENGTH(rows));
}

static void unknown_keys_are_told_with_the_nearest_name(void **state)
{
	static const struct row rows[] = {
		{ "color: 5\n", MAIN
			":1:1: error: unknown key 'color'; known are agent, journal, "
			"collectors, sinks\n"
			"    1 | color: ***\n"
			"      | ^~~~~\n" },
		{ "colectors: []\n",
			MAIN ":1:1: error: unknown key 'colectors'; did you mean "
			     "'collectors'?\n"
			     "    1 | colectors: ***\n"
			     "      | ^~~~~~~~~\n" },
		{ "journal:\n  max_sise: 1GiB\n",
			MAIN ":2:3: error: unknown key 'max_sise'; did you mean "
			     "'max_size'?\n"
			     "    2 |   max_sise: ***\n"
			     "      |   ^~~~~~~~\n" },
		{ "journal:\n  frequency: 1GiB\n",
			MAIN ":2:3: error: unknown key 'frequency'; known are max_size, "
			     "segment_size, max_age, sync\n"
			     "    2 |   frequency: ***\n"
			     "      |   ^~~~~~~~~\n" },
		{ "collectors:\n  - id: a\n    plugin: probe\n    intervall: 10s\n",
			MAIN ":4:5: error: unknown key 'intervall'; did you mean "
			     "'interval'?\n"
			     "    4 |     intervall: ***\n"
			     "      |     ^~~~~~~~~\n" },
		{ "collectors:\n  - id: a\n    plugin: probe\n    verbose: true\n",
			MAIN ":4:5: error: unknown key 'verbose'; it belongs below "
			     "'options'\n"
			     "    4 |     verbose: ***\n"
			     "      |     ^~~~~~~\n" },
		{ "sinks:\n  - id: a\n    type: http\n    url: x\n    options: {url: "
		  "x}\n",
			MAIN
			":4:5: error: unknown key 'url'; it belongs below 'options'\n"
			"    4 |     url: ***\n"
			"      |     ^~~\n" },
		{ "collectors:\n  - id: a\n    plugin: ticker\n    options:\n      x: "
		  "1\n",
			MAIN ":5:7: error: unknown key 'x'; there are no options here\n"
			     "    5 |       x: ***\n"
			     "      |       ^\n" },
		{ "agent: {\"host\\0x\": a}\n",
			MAIN ":1:9: error: unknown key 'host'; did you mean 'host'?\n"
			     "    1 | agent: {\"host\\0x\": ***}\n"
			     "      |         ^~~~~~~~~\n" },
	};

	(void)state;
	check_rows("", rows, LENGTH(rows));
}

static void values_of_another_type_are_told(void **state)
{
	static const struct row rows[] = {
		{ "      verbose: [true]\n",
			MAIN ":5:16: error: expected true or false, found a list\n"
			     "    5 |       verbose: [true]\n"
			     "      |                ^~~~~~\n" },
		{ "      count: {a: 1}\n",
			MAIN ":5:14: error: expected a whole number, found a mapping\n"
			     "    5 |       count: {a: 1}\n"
			     "      |              ^~~~~~\n" },
		{ "      share: []\n",
			MAIN ":5:14: error: expected a number, found a list\n"
			     "    5 |       share: []\n"
			     "      |              ^~\n" },
		{ "      fee: []\n", MAIN
			":5:12: error: expected a decimal number such as 0.85, found a "
			"list\n"
			"    5 |       fee: []\n"
			"      |            ^~\n" },
		{ "      path: [a]\n",
			MAIN ":5:13: error: expected a text, found a list\n"
			     "    5 |       path: [a]\n"
			     "      |             ^~~\n" },
		{ "      wait: [10s]\n", MAIN
			":5:13: error: expected a duration such as 10s, found a list\n"
			"    5 |       wait: [10s]\n"
			"      |             ^~~~~\n" },
		{ "      since: []\n", MAIN
			":5:14: error: expected a time such as 2026-11-01T00:00:00Z, "
			"found a list\n"
			"    5 |       since: []\n"
			"      |              ^~\n" },
		{ "      limit: []\n",
			MAIN ":5:14: error: expected a size such as 64KiB, found a list\n"
			     "    5 |       limit: []\n"
			     "      |              ^~\n" },
		{ "      mode: [fast]\n", MAIN
			":5:13: error: expected one of the option's choices, found a "
			"list\n"
			"    5 |       mode: [fast]\n"
			"      |             ^~~~~~\n" },
		{ "      token: [a, b]\n", MAIN
			":5:14: error: expected a secret such as ${credential:NAME}, "
			"found a list\n"
			"    5 |       token: ***\n"
			"      |              ^~~\n" },
		{ "      hosts: {a: b}\n",
			MAIN ":5:14: error: expected a list such as [a, b], found a "
			     "mapping\n"
			     "    5 |       hosts: {a: b}\n"
			     "      |              ^~~~~~\n" },
		{ "      hosts: smtp.example\n",
			MAIN ":5:14: error: expected a list, found a text; write it as "
			     "[smtp.example]\n"
			     "    5 |       hosts: smtp.example\n"
			     "      |              ^~~~~~~~~~~~\n" },
		{ "      hosts: \"a, b\"\n", MAIN
			":5:14: error: expected a list such as [a, b], found a text\n"
			"    5 |       hosts: \"a, b\"\n"
			"      |              ^~~~~~\n" },
		{ "      hosts: [a, [b], {c: d}, ]\n",
			MAIN ":5:18: error: expected a text, found a list\n"
			     "    5 |       hosts: [a, [b], {c: d}, ]\n"
			     "      |                  ^~~\n" MAIN
			     ":5:23: error: expected a text, found a mapping\n"
			     "    5 |       hosts: [a, [b], {c: d}, ]\n"
			     "      |                       ^~~~~~\n" },
		{ "      hosts:\n        - a\n        -\n", MAIN
			":7:10: error: expected a text, found nothing; write \"\" for "
			"an empty one\n"
			"    7 |         -\n"
			"      |          ^\n" },
		{ "      tags: text\n", MAIN
			":5:13: error: expected a mapping of names to texts, found a "
			"text\n"
			"    5 |       tags: text\n"
			"      |             ^~~~\n" },
		{ "      tags: {a: [b], c: }\n", MAIN
			":5:17: error: expected a text, found a list\n"
			"    5 |       tags: {a: [b], c: }\n"
			"      |                 ^~~\n" MAIN
			":5:25: error: expected a text, found nothing; write \"\" for "
			"an empty one\n"
			"    5 |       tags: {a: [b], c: }\n"
			"      |                         ^\n" },
		{ "      prices: {a: b}\n", MAIN
			":5:15: error: expected a list of mappings, found a mapping\n"
			"    5 |       prices: ***\n"
			"      |               ^~~\n" },
		{ "      prices: [{country: de}, x, ]\n",
			MAIN ":5:31: error: expected a mapping, found a text\n"
			     "    5 |       prices: [{country: de}, ***, ]\n"
			     "      |                               ^~~\n" },
		{ "      tls: [a]\n",
			MAIN ":5:12: error: expected a mapping, found a list\n"
			     "    5 |       tls: [a]\n"
			     "      |            ^~~\n" },
	};

	(void)state;
	check_rows(probe, rows, LENGTH(rows));
}

static void structure_of_another_shape_is_told(void **state)
{
	static const struct row rows[] = {
		{ "just a text\n", MAIN
			":1:1: error: expected 'collectors:' or another key, found a "
			"text\n"
			"    1 | ***\n"
			"      | ^~~\n" },
		{ "- a\n", MAIN
			":1:1: error: expected 'collectors:' or another key, found a "
			"list\n"
			"    1 | ***\n"
			"      | ^~~\n" },
		{ "collectors: {id: a}\n",
			MAIN ":1:13: error: expected a list, each entry of it beginning "
			     "with '- ', found a mapping\n"
			     "    1 | collectors: ***\n"
			     "      |             ^~~\n" },
		{ "sinks:\n  - a\n  -\n", MAIN
			":2:5: error: expected a mapping with an 'id', found a text\n"
			"    2 |   - ***\n"
			"      |     ^~~\n" MAIN
			":3:4: error: expected a mapping with an 'id', found nothing\n"
			"    3 |   -\n"
			"      |    ^\n" },
		{ "agent: text\n", MAIN ":1:8: error: expected a mapping, found a text\n"
					"    1 | agent: text\n"
					"      |        ^~~~\n" },
		{ "journal:\n  max_size:1GiB\n",
			MAIN ":2:3: error: expected a mapping, found a text; a space "
			     "belongs after the ':' of a key\n"
			     "    2 |   max_size:1GiB\n"
			     "      |   ^~~~~~~~~~~~~\n" },
		{ "collectors:\n  - id: a\n    plugin: probe\n    options: [a]\n",
			MAIN ":4:14: error: expected a mapping, found a list\n"
			     "    4 |     options: ***\n"
			     "      |              ^~~\n" },
		{ "sinks:\n  - id: a\n    type: file\n    retry: 5\n    options: {path: "
		  "x}\n",
			MAIN ":4:12: error: expected a mapping, found a text\n"
			     "    4 |     retry: 5\n"
			     "      |            ^\n" },
	};

	(void)state;
	check_rows("", rows, LENGTH(rows));
}

static void texts_that_cannot_be_read_are_told(void **state)
{
	static const struct row rows[] = {
		{ "      verbose: yes\n",
			MAIN ":5:16: error: 'yes' is no boolean: write true\n"
			     "    5 |       verbose: yes\n"
			     "      |                ^~~\n" },
		{ "      count: 0x10\n", MAIN
			":5:14: error: '0x10' is no whole number: write decimal digits "
			"alone, such as 1000\n"
			"    5 |       count: 0x10\n"
			"      |              ^~~~\n" },
		{ "      wait: 10 sec\n",
			MAIN ":5:13: error: '10 sec' is no duration: write whole numbers "
			     "with ns, us, ms, s, m, h, d or w, such as 10s or 1h30m\n"
			     "    5 |       wait: 10 sec\n"
			     "      |             ^~~~~~\n" },
		{ "      limit: 64K\n", MAIN
			":5:14: error: '64K' is no size: write a whole number with B, "
			"KiB, MiB, GiB, TiB, KB, MB, GB or TB, such as 64KiB\n"
			"    5 |       limit: 64K\n"
			"      |              ^~~\n" },
		{ "      since: today\n", MAIN
			":5:14: error: 'today' is no time: write it such as 2026-11-01 "
			"or 2026-11-01T00:00:00Z\n"
			"    5 |       since: today\n"
			"      |              ^~~~~\n" },
		{ "      mode: fats\n", MAIN
			":5:13: error: 'fats' is not one of fast, slow, off; did you "
			"mean 'fast'?\n"
			"    5 |       mode: fats\n"
			"      |             ^~~~\n" },
		{ "      path: \"a\\0b\"\n",
			MAIN ":5:13: error: a text cannot hold the character U+0000\n"
			     "    5 |       path: \"a\\0b\"\n"
			     "      |             ^~~~~~\n" },
		{ "      wait: 5ms\n",
			MAIN ":5:13: error: 'wait' must be within 10ms..1h\n"
			     "    5 |       wait: 5ms\n"
			     "      |             ^~~\n" },
		{ "      count: 101\n",
			MAIN ":5:14: error: 'count' must be within 1..100\n"
			     "    5 |       count: 101\n"
			     "      |              ^~~\n" },
		{ "      limit: 1B\n",
			MAIN ":5:14: error: 'limit' must be at least 1KiB\n"
			     "    5 |       limit: 1B\n"
			     "      |              ^~\n" },
		{ "      old: 1\n",
			MAIN ":5:12: warning: option 'old' is deprecated: Use count.\n"
			     "    5 |       old: 1\n"
			     "      |            ^\n" },
	};

	(void)state;
	check_rows(probe, rows, LENGTH(rows));
}

static void what_is_required_must_be_there(void **state)
{
	static const struct row rows[] = {
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
	check_rows("", rows, LENGTH(rows));
}

static void names_that_nobody_has_are_told(void **state)
{
	static const struct row rows[] = {
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
	check_rows("", rows, LENGTH(rows));
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
	static const struct row rows[] = {
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
	check_rows("collectors:\n  - id: a\n    plugin: probe\n    ", rows, LENGTH(rows));
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
	static const struct row rows[] = {
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
		{ "collectors: [{id: a, plugin: probe, isolation: process}]\n", MAIN
			":1:48: error: 'process' is unknown: this version knows 'none' "
			"alone\n"
			"    1 | collectors: [{id: a, plugin: probe, isolation: "
			"process}]\n"
			"      |                                                "
			"^~~~~~~\n" },
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
	check_rows("", rows, LENGTH(rows));
}

static void what_the_plugin_objects_to_is_told_at_its_place(void **state)
{
	static const struct row rows[] = {
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
	check_rows(probe, rows, LENGTH(rows));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(nothing_is_wrong_with_a_good_file),
	cmocka_unit_test(unknown_keys_are_told_with_the_nearest_name),
	cmocka_unit_test(values_of_another_type_are_told),
	cmocka_unit_test(structure_of_another_shape_is_told),
	cmocka_unit_test(texts_that_cannot_be_read_are_told),
	cmocka_unit_test(what_is_required_must_be_there),
	cmocka_unit_test(names_that_nobody_has_are_told),
	cmocka_unit_test(ids_and_other_names_follow_their_rules),
	cmocka_unit_test(labels_and_tenants_follow_the_rules_of_series),
	cmocka_unit_test(settings_that_do_not_fit_each_other_are_told),
	cmocka_unit_test(what_the_plugin_objects_to_is_told_at_its_place),
};

CASES_MAIN(cases)
