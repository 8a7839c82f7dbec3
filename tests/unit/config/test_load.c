/* SPDX-License-Identifier: Apache-2.0 */
/* From files to the structs that the agent reads. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "config/bind.h"
#include "fake_catalogue.h"
#include "model/options.h"
#include "scene.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void an_empty_file_has_the_presets(void **state)
{
	struct scene scene;
	const struct config *config;
	char host[256] = "";

	(void)state;
	scene_open(&scene);
	assert_string_equal(scene_load_text(&scene, ""), "");
	config = scene.config;
	gethostname(host, sizeof(host) - 1);
	assert_string_equal(config->agent.host, host);
	assert_string_equal(config->agent.state_dir, "/var/lib/rookery");
	assert_int_equal(config->agent.log_level.index, 3);
	assert_int_equal(config->agent.stop_timeout.ns, 10 * NS_PER_SECOND);
	assert_int_equal(config->journal.max_size.bytes, UINT64_C(2) << 30);
	assert_int_equal(config->journal.segment_size.bytes, 32 << 20);
	assert_int_equal(config->journal.max_age.ns, 14 * 86400 * NS_PER_SECOND);
	assert_int_equal(config->journal.sync, JOURNAL_SYNC_INTERVAL);
	assert_int_equal(config->journal.sync_interval.ns, NS_PER_SECOND);
	assert_int_equal(config->n_collectors, 0);
	assert_int_equal(config->n_sinks, 0);
	scene_close(&scene);
}

static void collectors_take_what_they_do_not_say_from_the_plugin(void **state)
{
	struct scene scene;
	const struct collector_settings *first, *second;

	(void)state;
	scene_open(&scene);
	assert_string_equal(scene_load_text(&scene, "collectors:\n"
						    "  - id: a\n"
						    "    plugin: probe\n"
						    "    interval: 1m\n"
						    "    tenant: acme\n"
						    "    tenants: [x, \"*\"]\n"
						    "    labels: {env: prod}\n"
						    "    align: true\n"
						    "    jitter: 2s\n"
						    "    max_series: 5\n"
						    "    identity: pair/a\n"
						    "  - {id: t, plugin: ticker}\n"),
		"");
	assert_int_equal(scene.config->n_collectors, 2);
	first = &scene.config->collectors[0];
	assert_string_equal(first->id, "a");
	assert_string_equal(first->plugin, "probe");
	assert_int_equal(first->place.line, 2);
	assert_true(first->enabled);
	assert_int_equal(first->interval.ns, 60 * NS_PER_SECOND);
	assert_int_equal(first->timeout.ns, 5 * NS_PER_SECOND);
	assert_string_equal(first->tenant, "acme");
	assert_string_equal(first->tenants.items[1], "*");
	assert_string_equal(first->labels.items[0].name, "env");
	assert_string_equal(first->labels.items[0].value, "prod");
	assert_true(first->align);
	assert_int_equal(first->jitter.ns, 2 * NS_PER_SECOND);
	assert_int_equal(first->max_series, 5);
	assert_string_equal(first->identity, "pair/a");
	assert_int_equal(first->isolation.index, 0);
	second = &scene.config->collectors[1];
	/* A stream that names neither. */
	assert_int_equal(second->interval.ns, 10 * NS_PER_SECOND);
	assert_int_equal(second->timeout.ns, 10 * NS_PER_SECOND);
	assert_int_equal(second->max_series, 10000);
	scene_close(&scene);
}

static void sinks_have_presets_in_their_groups(void **state)
{
	struct scene scene;
	const struct sink_settings *sink;

	(void)state;
	scene_open(&scene);
	assert_string_equal(scene_load_text(&scene, "sinks:\n"
						    "  - id: a\n"
						    "    type: file\n"
						    "    options: {path: /x}\n"
						    "    batch: {max_count: 7}\n"
						    "    from: oldest\n"
						    "    decimals: string\n"),
		"");
	sink = &scene.config->sinks[0];
	assert_string_equal(sink->format, "ndjson");
	assert_true(sink->enabled);
	assert_int_equal(sink->from.index, SINK_FROM_OLDEST);
	assert_int_equal(sink->decimals.index, SINK_DECIMALS_STRING);
	assert_int_equal(sink->batch.max_bytes.bytes, 1 << 20);
	assert_int_equal(sink->batch.max_count, 7);
	assert_int_equal(sink->batch.max_age.ns, NS_PER_SECOND);
	assert_int_equal(sink->retry.first.ns, NS_PER_SECOND);
	assert_int_equal(sink->retry.most.ns, 300 * NS_PER_SECOND);
	assert_string_equal(values_find(sink->options, "path")->text, "/x");
	assert_int_equal(values_find(sink->options, "rotate_size")->bytes, 100 << 20);
	scene_close(&scene);
}

static void options_reach_the_plugins_struct(void **state)
{
	struct scene scene;
	struct probe probe = { 0 };
	const struct probe_price *prices;

	(void)state;
	scene_open(&scene);
	assert_string_equal(scene_load_text(&scene, "collectors:\n"
						    "  - id: a\n"
						    "    plugin: probe\n"
						    "    options:\n"
						    "      verbose: true\n"
						    "      share: 0.25\n"
						    "      fee: 0.10\n"
						    "      path: 10\n"
						    "      wait: \"2s\"\n"
						    "      since: 1970-01-02\n"
						    "      limit:\n"
						    "      mode: off\n"
						    "      tags: {a: b}\n"
						    "      prices:\n"
						    "        - {country: de, fee: 1.50}\n"
						    "        - {country: at}\n"
						    "      tls: {ca_file: /ca}\n"),
		"");
	assert_int_equal(
		options_fill(&scene.config->arena, scene.config->collectors[0].options,
			probe_options, sizeof(struct rk_option), &probe),
		0);
	assert_true(probe.verbose);
	assert_int_equal(probe.count, 3);
	assert_true(probe.share == 0.25);
	assert_int_equal(probe.fee.digits, 10);
	assert_int_equal(probe.fee.scale, 2);
	assert_string_equal(probe.path, "10");
	assert_int_equal(probe.wait.ns, 2 * NS_PER_SECOND);
	assert_int_equal(probe.since.ns, 86400 * NS_PER_SECOND);
	assert_int_equal(probe.limit.bytes, 65536);
	assert_int_equal(probe.mode.index, 2);
	assert_null(probe.token.text);
	assert_int_equal(probe.hosts.n, 2);
	assert_string_equal(probe.hosts.items[1], "::1");
	assert_string_equal(probe.tags.items[0].value, "b");
	assert_int_equal(probe.prices.n, 2);
	prices = probe.prices.rows;
	assert_int_equal(prices[0].fee.digits, 150);
	assert_int_equal(prices[1].fee.digits, 10);
	assert_string_equal(probe.tls.ca_file, "/ca");
	assert_true(probe.tls.verify);
	scene_close(&scene);
}

static void drop_ins_add_to_the_lists_in_the_order_of_their_names(void **state)
{
	struct scene scene;
	static const char *const names[] = { "main", "ten", "B", "nine", "a" };

	(void)state;
	scene_open(&scene);
	scene_write(
		&scene, "conf.d/a.yaml", "collectors: [{id: a, plugin: probe}]\n", 0644);
	scene_write(
		&scene, "conf.d/B.yaml", "collectors: [{id: B, plugin: probe}]\n", 0644);
	scene_write(&scene, "conf.d/9.yaml", "collectors: [{id: nine, plugin: probe}]\n",
		0644);
	scene_write(&scene, "conf.d/10.yaml", "collectors: [{id: ten, plugin: probe}]\n",
		0644);
	scene_write(&scene, "conf.d/.hidden.yaml", "broken: [", 0644);
	scene_write(&scene, "conf.d/a.yaml.bak", "broken: [", 0644);
	scene_write(&scene, "conf.d/.yaml", "broken: [", 0644);
	scene_write(&scene, "conf.d/README", "broken: [", 0644);
	scene_write(&scene, "conf.d/empty.yaml", "# nothing\n", 0644);
	assert_string_equal(
		scene_load_text(&scene, "collectors: [{id: main, plugin: probe}]\n"), "");
	assert_int_equal(scene.config->n_collectors, LENGTH(names));
	/* Bytes: "10" < "9" < "B" < "a". */
	assert_string_equal(scene.config->collectors[0].id, "main");
	assert_string_equal(scene.config->collectors[1].id, "ten");
	assert_string_equal(scene.config->collectors[2].id, "nine");
	assert_string_equal(scene.config->collectors[3].id, "B");
	assert_string_equal(scene.config->collectors[4].id, "a");
	scene_close(&scene);
}

static void a_folder_stands_for_the_file_in_it(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_write(&scene, "etc/rookery.yaml", "agent: {hots: a}\n", 0644);
	scene_write(&scene, "etc/conf.d/a.yaml",
		"sinks: [{ids: a, type: file, options: {path: x}}]\n", 0644);
	assert_string_equal(scene_load(&scene, "etc"),
		"etc/rookery.yaml:1:9: error: unknown key 'hots'; did you mean 'host'?\n"
		"    1 | agent: {hots: ***}\n"
		"      |         ^~~~\n"
		"etc/conf.d/a.yaml:1:9: error: missing required option 'id'\n"
		"    1 | sinks: [{ids: ***, type: file, options: {path: x}}]\n"
		"      |         ^\n"
		"etc/conf.d/a.yaml:1:10: error: unknown key 'ids'; did you mean 'id'?\n"
		"    1 | sinks: [{ids: ***, type: file, options: {path: x}}]\n"
		"      |          ^~~\n");
	scene_close(&scene);
}

static void only_lists_may_stand_in_drop_ins(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_write(
		&scene, "conf.d/a.yaml", "agent:\n  host: a\njournal: {sync: x}\n", 0644);
	assert_string_equal(scene_load_text(&scene, ""),
		"conf.d/a.yaml:1:1: error: 'agent' belongs into the main file; files in "
		"conf.d add to 'collectors' and 'sinks'\n"
		"    1 | agent:\n"
		"      | ^~~~~\n"
		"conf.d/a.yaml:3:1: error: 'journal' belongs into the main file; files "
		"in "
		"conf.d add to 'collectors' and 'sinks'\n"
		"    3 | journal: ***\n"
		"      | ^~~~~~~\n");
	scene_close(&scene);
}

static void an_id_is_there_once_in_all_files(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_write(&scene, "conf.d/10.yaml",
		"collectors:\n  - plugin: probe\n    id: host\n"
		"sinks: [{id: host, type: file, options: {path: x}}]\n",
		0644);
	scene_write(&scene, "conf.d/20.yaml", "collectors: [{id: host, plugin: probe}]\n",
		0644);
	assert_string_equal(scene_load_text(&scene, ""),
		"conf.d/20.yaml:1:19: error: id 'host' is already used at "
		"conf.d/10.yaml:3:9\n"
		"    1 | collectors: [{id: host, plugin: probe}]\n"
		"      |                   ^~~~\n");
	scene_close(&scene);
}

/* Root reads everything. */
static bool become_nobody(void)
{
	return geteuid() != 0 || seteuid(65534) == 0;
}

static void become_oneself(void)
{
	if (getuid() == 0 && seteuid(0) < 0)
		abort();
}

static void files_that_cannot_be_read_are_told_by_name(void **state)
{
	struct scene scene;
	const char *printed;

	(void)state;
	scene_open(&scene);
	chmod(scene.path, 0755);
	scene_write(&scene, "conf.d/10.yaml", "collectors: []\n", 0000);
	scene_write(&scene, "conf.d/20.yaml/x", "", 0644);
	scene_write(&scene, "conf.d/30.yml", "", 0644);
	assert_int_equal(symlink("nowhere", "conf.d/40.yaml"), 0);
	scene_write(&scene, "rookery.yaml", "", 0644);
	assert_true(become_nobody());
	printed = scene_load(&scene, "rookery.yaml");
	become_oneself();
	assert_string_equal(printed,
		"conf.d/10.yaml:1:1: error: cannot be read: Permission denied\n"
		"conf.d/20.yaml:1:1: error: cannot be read: it is a folder, not a file\n"
		"conf.d/30.yml:1:1: warning: not read, since its name does not end with "
		".yaml\n"
		"conf.d/40.yaml:1:1: error: cannot be read: No such file or directory\n");
	scene_close(&scene);
}

static void a_conf_d_that_cannot_be_read_is_told(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_write(&scene, "conf.d", "no folder", 0644);
	assert_string_equal(scene_load_text(&scene, ""),
		"conf.d:1:1: error: cannot be read: Not a directory\n");
	assert_string_equal(scene_load(&scene, "nowhere.yaml"),
		"nowhere.yaml:1:1: error: cannot be read: No such file or directory\n"
		"conf.d:1:1: error: cannot be read: Not a directory\n");
	scene_close(&scene);
}

static void large_files_are_not_read(void **state)
{
	struct scene scene;
	CLEANUP(buffer_finish) struct buffer text = { 0 };

	(void)state;
	scene_open(&scene);
	while (text.size < 2 * DOCUMENT_MAX_SIZE)
		buffer_append_text(&text, "# a comment\n");
	assert_string_equal(scene_load_text(&scene, buffer_text(&text)),
		"rookery.yaml:1:1: error: cannot be read: it is larger than 1 MiB\n");
	/* A device that never ends is no larger. */
	assert_string_equal(scene_load(&scene, "/dev/zero"),
		"/dev/zero:1:1: error: cannot be read: it is larger than 1 MiB\n");
	scene_close(&scene);
}

static void only_so_many_files_are_read(void **state)
{
	struct scene scene;
	char name[32];

	(void)state;
	scene_open(&scene);
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "conf.d/%03d.yaml", i);
		scene_write(&scene, name, "", 0644);
	}
	scene_load_text(&scene, "");
	assert_int_equal(scene.report.n_errors, 1);
	assert_non_null(strstr(buffer_text(&scene.printed),
		".yaml:1:1: error: more than 255 files in this folder; not read are "
		"others and "));
	scene_close(&scene);
}

static void all_mistakes_are_told_at_once_in_order(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_write(&scene, "conf.d/10-mail.yaml",
		"collectors:\n"
		"  - id: mail\n"
		"    plugin: mail_api\n"
		"    intervall: 10s\n"
		"    options:\n"
		"      provider: sendgird\n"
		"      api_key: ${env:ROOKERY_TEST_UNSET}\n"
		"  - id: host\n"
		"    plugin: prob\n",
		0644);
	scene_write(&scene, "conf.d/20-sinks.yaml",
		"sinks:\n"
		"  - id: archive\n"
		"    type: file\n"
		"    options:\n"
		"\tpath: /x\n",
		0644);
	assert_string_equal(scene_load_text(&scene, "agent:\n"
						    "  log_level: verbose\n"
						    "  stop_timeout: 10 sec\n"
						    "collectors:\n"
						    "  - id: host\n"
						    "    plugin: probe\n"
						    "    interval: 5ms\n"
						    "    options: {count: many}\n"
						    "    options: {}\n"),
		"rookery.yaml:2:14: error: 'verbose' is not one of error, warning, "
		"notice, "
		"info, debug\n"
		"    2 |   log_level: verbose\n"
		"      |              ^~~~~~~\n"
		"rookery.yaml:3:17: error: '10 sec' is no duration: write whole numbers "
		"with ns, us, ms, s, m, h, d or w, such as 10s or 1h30m\n"
		"    3 |   stop_timeout: 10 sec\n"
		"      |                 ^~~~~~\n"
		"rookery.yaml:7:15: error: 'interval' must be within 10ms..31d\n"
		"    7 |     interval: 5ms\n"
		"      |               ^~~\n"
		"rookery.yaml:8:22: error: 'many' is no whole number: write decimal "
		"digits "
		"alone, such as 1000\n"
		"    8 |     options: {count: many}\n"
		"      |                      ^~~~\n"
		"rookery.yaml:9:5: error: key 'options' stands twice, first on line 8\n"
		"    9 |     options: ***\n"
		"      |     ^~~~~~~\n"
		"conf.d/10-mail.yaml:4:5: error: unknown key 'intervall'; did you mean "
		"'interval'?\n"
		"    4 |     intervall: ***\n"
		"      |     ^~~~~~~~~\n"
		"conf.d/10-mail.yaml:6:17: error: 'sendgird' is not one of sendgrid, "
		"mailgun; did you mean 'sendgrid'?\n"
		"    6 |       provider: sendgird\n"
		"      |                 ^~~~~~~~\n"
		"conf.d/10-mail.yaml:7:16: error: the environment variable "
		"'ROOKERY_TEST_UNSET' is not set; ${env:ROOKERY_TEST_UNSET:-TEXT} gives "
		"it "
		"a default\n"
		"    7 |       api_key: ${env:ROOKERY_TEST_UNSET}\n"
		"      |                ^~~~~~~~~~~~~~~~~~~~~~~~~\n"
		"conf.d/10-mail.yaml:8:9: error: id 'host' is already used at "
		"rookery.yaml:5:9\n"
		"    8 |   - id: host\n"
		"      |         ^~~~\n"
		"conf.d/10-mail.yaml:9:13: error: there is no plugin 'prob'; did you "
		"mean "
		"'probe'?\n"
		"    9 |     plugin: prob\n"
		"      |             ^~~~\n"
		"conf.d/20-sinks.yaml:5:1: error: a tab is no indentation in YAML; use "
		"spaces\n"
		"    5 | \tpath: ***\n"
		"      | ^\n");
	assert_int_equal(scene.report.n_errors, 11);
	scene_close(&scene);
}

static void anchors_and_merges_serve_collectors(void **state)
{
	struct scene scene;
	const struct collector_settings *second;

	(void)state;
	scene_open(&scene);
	assert_string_equal(
		scene_load_text(&scene, "collectors:\n"
					"  - &base\n"
					"    id: a\n"
					"    plugin: probe\n"
					"    interval: 1m\n"
					"    labels: &labels {env: prod}\n"
					"    options: {mode: slow}\n"
					"  - <<: *base\n"
					"    id: b\n"
					"    labels: {<<: *labels, region: eu}\n"),
		"");
	second = &scene.config->collectors[1];
	assert_string_equal(second->id, "b");
	assert_int_equal(second->interval.ns, 60 * NS_PER_SECOND);
	assert_int_equal(second->labels.n, 2);
	assert_int_equal(values_find(second->options, "mode")->choice, 1);
	assert_int_equal(values_find_place(second->options, "mode").line, 7);
	scene_close(&scene);
}

static void a_wrong_preset_is_the_plugins_fault_and_told_there(void **state)
{
	static const struct option options[] = {
		{ .name = "count", .type = RK_TYPE_INT, .preset = "many" },
		{ .name = "hosts", .type = RK_TYPE_LIST, .preset = "[a" },
		{ .name = "names", .type = RK_TYPE_LIST, .preset = "a" },
		{ .name = "new", .type = 99 },
	};
	static const struct option_set set = { options, LENGTH(options) };
	CLEANUP(arena_finish) struct arena arena = { 0 };
	CLEANUP(report_finish) struct report report = { 0 };
	CLEANUP(buffer_finish) struct buffer printed = { 0 };
	const struct binder binder = { .arena = &arena, .report = &report };
	const struct section section = { .set = &set, .place = { "f", 3, 5 } };
	struct values values;

	(void)state;
	assert_int_equal(bind_section(&binder, &section, &values), 0);
	report_print(&report, NULL, false, &printed);
	assert_string_equal(buffer_text(&printed),
		"f:3:5: error: the preset of option 'count' is wrong: 'many' is no whole "
		"number: write decimal digits alone, such as 1000\n"
		"f:3:5: error: the preset of option 'hosts' is wrong: expected ',' or "
		"']' "
		"in the list that begins on line 1\n"
		"f:3:5: error: the preset of option 'names' is wrong: expected a list, "
		"found a text; write it as [a]\n");
	for (size_t i = 0; i < LENGTH(options); i++)
		assert_int_equal(values.items[i].origin, ORIGIN_NONE);
}

static void presets_are_taken_as_they_are(void **state)
{
	static const struct option options[] = {
		{ .name = "names", .type = RK_TYPE_LIST, .preset = "[\"${env:HOME}\"]" },
		{ .name = "path", .type = RK_TYPE_STRING, .preset = "${env:HOME}" },
		{ .name = "id",
			.type = RK_TYPE_INT,
			.preset = "5",
			.flags = RK_REQUIRED },
	};
	static const struct option_set set = { options, LENGTH(options) };
	CLEANUP(arena_finish) struct arena arena = { 0 };
	CLEANUP(report_finish) struct report report = { 0 };
	const struct binder binder = { .arena = &arena, .report = &report };
	const struct section section = { .set = &set, .place = { "f", 3, 5 } };
	struct values values;

	(void)state;
	setenv("HOME", "/root", 1);
	assert_int_equal(bind_section(&binder, &section, &values), 0);
	assert_string_equal(values.items[0].list.items[0], "${env:HOME}");
	assert_int_equal(values.items[0].origin, ORIGIN_PRESET);
	assert_string_equal(values.items[1].text, "${env:HOME}");
	/* What must be configured has no preset that counts. */
	assert_int_equal(values.items[2].origin, ORIGIN_NONE);
	assert_int_equal(report.n, 1);
	assert_string_equal(report.problems[0].message, "missing required option 'id'");
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(an_empty_file_has_the_presets),
	cmocka_unit_test(collectors_take_what_they_do_not_say_from_the_plugin),
	cmocka_unit_test(sinks_have_presets_in_their_groups),
	cmocka_unit_test(options_reach_the_plugins_struct),
	cmocka_unit_test(drop_ins_add_to_the_lists_in_the_order_of_their_names),
	cmocka_unit_test(a_folder_stands_for_the_file_in_it),
	cmocka_unit_test(only_lists_may_stand_in_drop_ins),
	cmocka_unit_test(an_id_is_there_once_in_all_files),
	cmocka_unit_test(files_that_cannot_be_read_are_told_by_name),
	cmocka_unit_test(a_conf_d_that_cannot_be_read_is_told),
	cmocka_unit_test(large_files_are_not_read),
	cmocka_unit_test(only_so_many_files_are_read),
	cmocka_unit_test(all_mistakes_are_told_at_once_in_order),
	cmocka_unit_test(anchors_and_merges_serve_collectors),
	cmocka_unit_test(presets_are_taken_as_they_are),
	cmocka_unit_test(a_wrong_preset_is_the_plugins_fault_and_told_there),
};

CASES_MAIN(cases)
