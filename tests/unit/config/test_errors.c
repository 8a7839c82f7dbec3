/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and values that cannot be read, word by word. */
#include "base/macros.h"
#include "scene.h"

#include "cases.h"

#define MAIN "rookery.yaml"

/* The options of a collector begin on line 5, column 7. */
static const char probe[] = "collectors:\n"
			    "  - id: a\n"
			    "    plugin: probe\n"
			    "    options:\n";

static void nothing_is_wrong_with_a_good_file(void **state)
{
	static const struct scene_row rows[] = {
		{ "", "" },
		{ "agent:\njournal:\ncollectors:\nsinks:\n", "" },
		{ "agent: {host: mx1, log_level: debug}\n", "" },
		{ "journal: {sync: commit}\n", "" },
		{ "journal: {sync: never, max_size: 64MiB}\n", "" },
		{ "journal: {sync: 500ms}\n", "" },
		{ "collectors:\n  - {id: a, plugin: probe}\n  - id: b\n    plugin: "
		  "ticker\n"
		  "    options: {}\n",
			"" },
	};

	(void)state;
	scene_check("", rows, LENGTH(rows));
}

static void unknown_keys_are_told_with_the_nearest_name(void **state)
{
	static const struct scene_row rows[] = {
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
			     "segment_size, max_age, reserve, sync\n"
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
	scene_check("", rows, LENGTH(rows));
}

static void values_of_another_type_are_told(void **state)
{
	static const struct scene_row rows[] = {
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
	scene_check(probe, rows, LENGTH(rows));
}

static void structure_of_another_shape_is_told(void **state)
{
	static const struct scene_row rows[] = {
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
	scene_check("", rows, LENGTH(rows));
}

static void texts_that_cannot_be_read_are_told(void **state)
{
	static const struct scene_row rows[] = {
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
	scene_check(probe, rows, LENGTH(rows));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(nothing_is_wrong_with_a_good_file),
	cmocka_unit_test(unknown_keys_are_told_with_the_nearest_name),
	cmocka_unit_test(values_of_another_type_are_told),
	cmocka_unit_test(structure_of_another_shape_is_told),
	cmocka_unit_test(texts_that_cannot_be_read_are_told),
};

CASES_MAIN(cases)
