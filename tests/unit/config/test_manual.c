/* SPDX-License-Identifier: Apache-2.0 */
/* What is generated from tables for people: manuals, samples, the reference. */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "fake_catalogue.h"
#include "model/description.h"
#include "scene.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>

static const struct description *plugin(const char *name)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	const struct catalogue *catalogue = fake_catalogue();

	return catalogue->plugin(catalogue, name, &why);
}

static void a_manual_has_a_table_for_each_set(void **state)
{
	CLEANUP(buffer_finish) struct buffer manual = { 0 };

	(void)state;
	config_manual(&plugin("probe")->options, &manual);
	assert_string_equal(buffer_text(&manual),
		"| Option | Type | Default | Meaning |\n"
		"|---|---|---|---|\n"
		"| `verbose` | boolean | `false` | Whether it says more. |\n"
		"| `count` | whole number, 1..100 | `3` | How many. |\n"
		"| `share` | number, 0..1 | `0.5` | Which part. |\n"
		"| `fee` | decimal number | `0.85` | What it costs. |\n"
		"| `path` | text | `/proc` | Where it looks, a \\| b. |\n"
		"| `wait` | duration, 10ms..1h | `1500ms` | How long it waits. |\n"
		"| `since` | time |  | Where it begins. |\n"
		"| `limit` | size, 1KiB.. | `64KiB` | How much it takes. |\n"
		"| `mode` | choice: `fast`, `slow`, `off` | `fast` | How it goes. |\n"
		"| `token` | secret |  | What lets it in. |\n"
		"| `hosts` | list of texts | `[localhost, \"::1\"]` | Whom it asks. |\n"
		"| `tags` | mapping of texts |  | What is added. |\n"
		"| `prices` | list of mappings |  | What each country costs. |\n"
		"| `tls` | mapping |  | How it connects. |\n"
		"| `old` | whole number |  | Deprecated. Use count. |\n"
		"\n"
		"Options of each entry of `prices`:\n"
		"\n"
		"| Option | Type | Default | Meaning |\n"
		"|---|---|---|---|\n"
		"| `country` | text | required | Where it counts. |\n"
		"| `fee` | decimal number, 0..100 | `0.10` | For a thousand. |\n"
		"| `token` | secret |  | Of the country. |\n"
		"\n"
		"Options of `tls`:\n"
		"\n"
		"| Option | Type | Default | Meaning |\n"
		"|---|---|---|---|\n"
		"| `ca_file` | text | required | Certificates that are trusted. |\n"
		"| `verify` | boolean | `true` | Whether the peer's certificate is "
		"checked. "
		"|\n");
	buffer_clear(&manual);
	config_manual(&plugin("ticker")->options, &manual);
	assert_string_equal(buffer_text(&manual), "There are no options.\n");
}

static void samples_load_as_they_stand(void **state)
{
	static const char *const names[] = { "mail_api", "probe", "ticker" };
	struct scene scene;

	(void)state;
	scene_open(&scene);
	for (size_t i = 0; i < LENGTH(names); i++) {
		CLEANUP(buffer_finish) struct buffer sample = { 0 };

		config_sample(plugin(names[i]), &sample);
		assert_string_equal(scene_load_text(&scene, buffer_text(&sample)), "");
		assert_int_equal(scene.config->n_collectors, 1);
		assert_string_equal(scene.config->collectors[0].id, names[i]);
		assert_false(scene.config->collectors[0].enabled);
	}
	scene_close(&scene);
}

/* Removes "#" in front of options and what belongs to them, as people do; help stays
 * behind "# ". */
static char *without_marks(const char *text)
{
	struct buffer result = { 0 };

	while (*text) {
		size_t n = strcspn(text, "\n") + 1, indent = strspn(text, " ");

		if (text[indent] == '#' && indent > 0 &&
			(text[indent + 1] != ' ' || text[indent + 2] == ' ')) {
			buffer_append(&result, text, indent);
			buffer_append(&result, text + indent + 1, n - indent - 1);
		} else {
			buffer_append(&result, text, n);
		}
		text += n;
	}
	return buffer_take_text(&result);
}

static void samples_load_with_all_their_options(void **state)
{
	static const char *const names[] = { "mail_api", "probe" };
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scene_write(&scene, "NAME", "secret", 0600);
	setenv("CREDENTIALS_DIRECTORY", scene.path, 1);
	for (size_t i = 0; i < LENGTH(names); i++) {
		CLEANUP(buffer_finish) struct buffer sample = { 0 };
		CLEANUP_FREE char *text = NULL;
		const struct values *options;

		config_sample(plugin(names[i]), &sample);
		text = without_marks(buffer_text(&sample));
		scene_load_text(&scene, text);
		if (scene.report.n_errors > 0)
			fail_msg("%s%s", buffer_text(&scene.printed), text);
		options = scene.config->collectors[0].options;
		for (size_t k = 0; k < options->set->n; k++) {
			if (options->items[k].origin < ORIGIN_FILE)
				fail_msg("%s is not in\n%s", options->set->items[k].name,
					text);
		}
	}
	scene_close(&scene);
}

static void a_sample_has_help_and_presets_as_comments(void **state)
{
	CLEANUP(buffer_finish) struct buffer sample = { 0 };

	(void)state;
	config_sample(plugin("mail_api"), &sample);
	assert_string_equal(buffer_text(&sample),
		"# mail_api 2.1: Asks who sends mail.\n"
		"#\n"
		"# Options stand here as comments, with their defaults; remove the '#' "
		"in "
		"front of those\n"
		"# that you set. This collector is off: remove the line 'enabled: false' "
		"to run it. All\n"
		"# that is common to collectors is in docs/CONFIGURATION.md.\n"
		"collectors:\n"
		"  - id: mail_api\n"
		"    plugin: mail_api\n"
		"    enabled: false\n"
		"    # How often it collects; the plugin's own interval where it is not "
		"set. Of a stream:\n"
		"    # how soon it is opened again after it ended. (duration, "
		"10ms..31d)\n"
		"    #interval: 1h\n"
		"    # A collection that takes longer is cancelled; the plugin's own "
		"timeout where it is\n"
		"    # not set, else the interval. Streams have none but for their "
		"start. "
		"(duration,\n"
		"    # 10ms..1d)\n"
		"    #timeout: 1m\n"
		"    # Whose samples these are. (text)\n"
		"    #tenant: TEXT\n"
		"    # Labels that are added to every series. (mapping of texts)\n"
		"    #labels: {name: TEXT}\n"
		"    options:\n"
		"      # Who sends. (choice: sendgrid, mailgun, required)\n"
		"      #provider: sendgrid\n"
		"      # The key of the account. (secret, required)\n"
		"      #api_key: ${credential:NAME}\n"
		"      # Which account. (text)\n"
		"      #account: TEXT\n");
}

static void a_sample_quotes_what_yaml_would_misread(void **state)
{
	static const struct option options[] = {
		{ .name = "name", .type = RK_TYPE_STRING, .preset = "*: {x} # y" },
	};
	const struct description description = {
		.name = "a", .summary = "line\nline", .options = { options, 1 }
	};
	CLEANUP(buffer_finish) struct buffer sample = { 0 };

	(void)state;
	config_sample(&description, &sample);
	assert_non_null(strstr(
		buffer_text(&sample), "      # (text)\n      #name: \"*: {x} # y\"\n"));
	assert_memory_equal(buffer_text(&sample), "# a : line?line\n#\n", 18);
}

static void the_reference_tells_of_every_option(void **state)
{
	CLEANUP(buffer_finish) struct buffer reference = { 0 };
	static const char *const parts[] = {
		"<!-- Generated from the tables of options",
		"\n## Files\n",
		"\n## Types\n",
		"\n## References\n",
		"| `${env:V:-text}` |",
		"\n## `agent`\n\n| Option",
		"| `state_dir` | text | `/var/lib/rookery` |",
		"| `segment_size` | size, 64KiB..1GiB | `32MiB` |",
		"| `id` | text | required |",
		"| `isolation` | choice: `process`, `own_process`, `none` | `process` |",
		"\nOptions of `batch`:\n\n| Option",
		"| `max_count` | whole number, 1..65536 | `10000` |",
		"\n### Options of `type: http`\n\nAn endpoint that takes POST "
		"requests.\n\n|",
		"| `url` | text | required |",
		"- `probe`: Has an option of every type.\n",
		"\nFormats: `influx`, `ndjson`, `otlp_json`.\n",
		"A file is at most 1 MiB large and nests 32 deep; 255 files in `conf.d`, "
		"100000 nodes",
	};

	(void)state;
	config_reference(fake_catalogue(), &reference);
	for (size_t i = 0; i < LENGTH(parts); i++) {
		if (!strstr(buffer_text(&reference), parts[i]))
			fail_msg("no '%s' in\n%s", parts[i], buffer_text(&reference));
	}
	/* The plugins' own tables are in their READMEs. */
	assert_null(strstr(buffer_text(&reference), "`verbose`"));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(a_manual_has_a_table_for_each_set),
	cmocka_unit_test(samples_load_as_they_stand),
	cmocka_unit_test(samples_load_with_all_their_options),
	cmocka_unit_test(a_sample_has_help_and_presets_as_comments),
	cmocka_unit_test(a_sample_quotes_what_yaml_would_misread),
	cmocka_unit_test(the_reference_tells_of_every_option),
};

CASES_MAIN(cases)
