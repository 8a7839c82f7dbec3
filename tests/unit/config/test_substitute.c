/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "scene.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MAIN "rookery.yaml"

/* The options of a collector begin on line 5, column 7. */
#define PROBE                                                                            \
	"collectors:\n"                                                                  \
	"  - id: a\n"                                                                    \
	"    plugin: probe\n"                                                            \
	"    options:\n"                                                                 \
	"      "

static const struct value *option(const struct scene *scene, const char *path)
{
	const struct value *value =
		values_find(scene->config->collectors[0].options, path);

	assert_non_null(value);
	return value;
}

static void prepare(struct scene *scene)
{
	scene_open(scene);
	setenv("ROOKERY_A", "alpha", 1);
	setenv("ROOKERY_EMPTY", "", 1);
	setenv("ROOKERY_BYTES", "\xff", 1);
	setenv("ROOKERY_TREE", "[a, b]: {c: d}\n# e", 1);
	setenv("ROOKERY_WAIT", "2s", 1);
	setenv("ROOKERY_SECRET", "canary", 1);
	unsetenv("ROOKERY_UNSET");
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void texts_take_variables_and_defaults(void **state)
{
	static const struct {
		const char *text, *expected;
		enum origin origin;
	} rows[] = {
		{ "${env:ROOKERY_A}", "alpha", ORIGIN_ENVIRONMENT },
		{ "\"${env:ROOKERY_A}\"", "alpha", ORIGIN_ENVIRONMENT },
		{ "/x/${env:ROOKERY_A}/${env:ROOKERY_A}.y", "/x/alpha/alpha.y",
			ORIGIN_ENVIRONMENT },
		{ "${env:ROOKERY_UNSET:-beta}", "beta", ORIGIN_FILE },
		{ "${env:ROOKERY_EMPTY:-beta}", "beta", ORIGIN_FILE },
		{ "${env:ROOKERY_A:-beta}", "alpha", ORIGIN_ENVIRONMENT },
		{ "${env:ROOKERY_UNSET:-}", "", ORIGIN_FILE },
		{ "${env:ROOKERY_UNSET:-a:-b}", "a:-b", ORIGIN_FILE },
		{ "${env:ROOKERY_EMPTY}", "", ORIGIN_ENVIRONMENT },
		/* It never becomes structure. */
		{ "${env:ROOKERY_TREE}", "[a, b]: {c: d}\n# e", ORIGIN_ENVIRONMENT },
		{ "$${env:ROOKERY_A}", "${env:ROOKERY_A}", ORIGIN_FILE },
		{ "a$$${env:ROOKERY_A}", "a$${env:ROOKERY_A}", ORIGIN_FILE },
		{ "$$ $ $x ${env:ROOKERY_A}$", "$$ $ $x alpha$", ORIGIN_ENVIRONMENT },
		{ "$HOME", "$HOME", ORIGIN_FILE },
		{ "100$", "100$", ORIGIN_FILE },
		{ "|\n        ${env:ROOKERY_A}\n        b", "alpha\nb\n",
			ORIGIN_ENVIRONMENT },
	};
	struct scene scene;

	(void)state;
	prepare(&scene);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer text = { 0 };

		buffer_append_format(&text, PROBE "path: %s\n", rows[i].text);
		assert_string_equal(scene_load_text(&scene, buffer_text(&text)), "");
		assert_string_equal(option(&scene, "path")->text, rows[i].expected);
		assert_int_equal(option(&scene, "path")->origin, rows[i].origin);
		assert_int_equal(option(&scene, "path")->place.line, 5);
	}
	scene_close(&scene);
}

static void every_scalar_takes_variables(void **state)
{
	struct scene scene;

	(void)state;
	prepare(&scene);
	assert_string_equal(scene_load_text(&scene, PROBE
				    "wait: ${env:ROOKERY_WAIT}\n"
				    "      hosts: [x, '${env:ROOKERY_A}']\n"
				    "      tags: {'${env:X}': '${env:ROOKERY_A}'}\n"
				    "      prices: [{country: '${env:ROOKERY_A}'}]\n"
				    "      mode: ${env:ROOKERY_UNSET:-slow}\n"),
		"");
	assert_int_equal(option(&scene, "wait")->ns, 2 * NS_PER_SECOND);
	assert_int_equal(option(&scene, "wait")->origin, ORIGIN_ENVIRONMENT);
	assert_string_equal(option(&scene, "hosts")->list.items[1], "alpha");
	/* A key is structure: it stands for itself. */
	assert_string_equal(option(&scene, "tags")->map.items[0].name, "${env:X}");
	assert_string_equal(option(&scene, "tags")->map.items[0].value, "alpha");
	assert_string_equal(option(&scene, "prices[0].country")->text, "alpha");
	assert_int_equal(option(&scene, "mode")->choice, 1);
	scene_close(&scene);
}

static void secrets_come_from_files_and_credentials(void **state)
{
	struct scene scene;
	CLEANUP(buffer_finish) struct buffer text = { 0 };

	(void)state;
	prepare(&scene);
	scene_write(&scene, "etc/keys/a", "one\n", 0640);
	scene_write(&scene, "etc/keys/b", "two\r\n", 0400);
	scene_write(&scene, "etc/keys/c", "line\nline\n\n", 0600);
	scene_write(&scene, "credentials/d", "four", 0400);
	setenv("CREDENTIALS_DIRECTORY", "credentials", 1);
	buffer_append_format(&text,
		"collectors:\n"
		"  - {id: a, plugin: probe, options: {token: '${file:keys/a}'}}\n"
		"  - {id: b, plugin: probe, options: {token: '${file:%s/etc/keys/b}'}}\n"
		"  - {id: c, plugin: probe, options: {token: '${file:keys/c}'}}\n"
		"  - {id: d, plugin: probe, options: {token: '${credential:d}'}}\n"
		"  - {id: e, plugin: probe, options: {token: '${env:ROOKERY_SECRET}'}}\n"
		"  - {id: f, plugin: probe, options: {token: 'x ${credential:d}'}}\n",
		scene.path);
	scene_write(&scene, "etc/rookery.yaml", buffer_text(&text), 0644);
	assert_string_equal(scene_load(&scene, "etc/rookery.yaml"), "");
	{
		static const struct {
			const char *text;
			enum origin origin;
		} rows[] = {
			{ "one", ORIGIN_SECRET_FILE },
			{ "two", ORIGIN_SECRET_FILE },
			{ "line\nline\n", ORIGIN_SECRET_FILE },
			{ "four", ORIGIN_CREDENTIAL },
			{ "canary", ORIGIN_ENVIRONMENT },
			{ "x four", ORIGIN_CREDENTIAL },
		};

		for (size_t i = 0; i < LENGTH(rows); i++) {
			const struct value *token =
				values_find(scene.config->collectors[i].options, "token");

			assert_string_equal(token->text, rows[i].text);
			assert_int_equal(token->origin, rows[i].origin);
		}
	}
	scene_close(&scene);
}

struct row {
	const char *text, *printed;
};

static void check_rows(struct scene *scene, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		CLEANUP(buffer_finish) struct buffer text = { 0 };

		buffer_append_format(&text, PROBE "%s", rows[i].text);
		assert_string_equal(
			scene_load_text(scene, buffer_text(&text)), rows[i].printed);
	}
}

static void references_that_cannot_be_resolved_are_told(void **state)
{
	static const struct row rows[] = {
		{ "path: ${env:ROOKERY_UNSET}\n", MAIN
			":5:13: error: the environment variable 'ROOKERY_UNSET' is not "
			"set; ${env:ROOKERY_UNSET:-TEXT} gives it a default\n"
			"    5 |       path: ${env:ROOKERY_UNSET}\n"
			"      |             ^~~~~~~~~~~~~~~~~~~~\n" },
		/* The reference is marked where it can be found in the line. */
		{ "path: \"\xc3\xa4 ${env:ROOKERY_UNSET} ${env:1}\"\n", MAIN
			":5:16: error: the environment variable 'ROOKERY_UNSET' is not "
			"set; ${env:ROOKERY_UNSET:-TEXT} gives it a default\n"
			"    5 |       path: \"\xc3\xa4 ${env:ROOKERY_UNSET} ${env:1}\"\n"
			"      |                ^~~~~~~~~~~~~~~~~~~~\n" MAIN
			":5:37: error: '1' cannot be a variable's name\n"
			"    5 |       path: \"\xc3\xa4 ${env:ROOKERY_UNSET} ${env:1}\"\n"
			"      |                                     ^~~~~~~~\n" },
		{ "path: \"\\t${env:1}\"\n",
			MAIN ":5:13: error: '1' cannot be a variable's name\n"
			     "    5 |       path: \"\\t${env:1}\"\n"
			     "      |             ^~~~~~~~~~~~\n" },
		{ "path: ${env:ROOKERY_BYTES}\n", MAIN
			":5:13: error: the environment variable 'ROOKERY_BYTES' is not "
			"UTF-8\n"
			"    5 |       path: ${env:ROOKERY_BYTES}\n"
			"      |             ^~~~~~~~~~~~~~~~~~~~\n" },
		{ "path: ${env:}\n", MAIN ":5:13: error: '' cannot be a variable's name\n"
					  "    5 |       path: ${env:}\n"
					  "      |             ^~~~~~~\n" },
		{ "path: ${HOME}\n",
			MAIN ":5:13: error: '${HOME}' is unknown; did you mean "
			     "'${env:HOME}'?\n"
			     "    5 |       path: ${HOME}\n"
			     "      |             ^~~~~~~\n" },
		{ "path: ${secret:x}\n",
			MAIN ":5:13: error: '${secret:x}' is unknown; write $${ for a "
			     "literal ${\n"
			     "    5 |       path: ${secret:x}\n"
			     "      |             ^~~~~~~~~~~\n" },
		{ "path: ${env:X\n", MAIN
			":5:13: error: '${' without '}'; write $${ for a literal ${\n"
			"    5 |       path: ${env:X\n"
			"      |             ^~~~~~~\n" },
		{ "path: ${env:X:-${env:Y}}\n",
			MAIN ":5:13: error: a reference cannot stand inside of another\n"
			     "    5 |       path: ${env:X:-${env:Y}}\n"
			     "      |             ^~~~~~~~~~~~~~~~~\n" },
		{ "path: ${file:/etc/passwd}\n",
			MAIN ":5:13: error: ${file:PATH} is for secrets alone\n"
			     "    5 |       path: ${file:/etc/passwd}\n"
			     "      |             ^~~~~~~~~~~~~~~~~~~\n" },
		{ "path: ${credential:x}\n",
			MAIN ":5:13: error: ${credential:NAME} is for secrets alone\n"
			     "    5 |       path: ${credential:x}\n"
			     "      |             ^~~~~~~~~~~~~~~\n" },
		{ "token: ${credential:x}\n",
			MAIN ":5:14: error: CREDENTIALS_DIRECTORY is not set, since "
			     "credentials are only there in a unit; run this with "
			     "systemd-run -P -p LoadCredential=x:PATH\n"
			     "    5 |       token: ${credential:x}\n"
			     "      |              ^~~~~~~~~~~~~~~\n" },
		{ "token: ${credential:../x}\n",
			MAIN ":5:14: error: '../x' cannot be a credential's name\n"
			     "    5 |       token: ***\n"
			     "      |              ^~~\n" },
		{ "token: ${file:}\n", MAIN ":5:14: error: ${file:PATH} without a path\n"
					    "    5 |       token: ***\n"
					    "      |              ^~~\n" },
		/* What a variable holds is not repeated: it may be a secret. */
		{ "wait: ${env:ROOKERY_SECRET}\n", MAIN
			":5:13: error: what '${env:ROOKERY_SECRET}' stands for is no "
			"duration\n"
			"    5 |       wait: ${env:ROOKERY_SECRET}\n"
			"      |             ^~~~~~~~~~~~~~~~~~~~~\n" },
		{ "wait: ${env:ROOKERY_UNSET:-10}\n", MAIN
			":5:13: error: '10' is no duration: write whole numbers with "
			"ns, us, ms, s, m, h, d or w, such as 10s or 1h30m\n"
			"    5 |       wait: ${env:ROOKERY_UNSET:-10}\n"
			"      |             ^~~~~~~~~~~~~~~~~~~~~~~~\n" },
	};
	struct scene scene;

	(void)state;
	prepare(&scene);
	check_rows(&scene, rows, LENGTH(rows));
	scene_close(&scene);
}

static void secret_files_that_are_not_safe_are_refused(void **state)
{
	static const struct {
		mode_t mode;
		const char *shown; /* NULL: it is fine */
	} modes[] = {
		{ 0600, NULL },
		{ 0400, NULL },
		{ 0640, NULL },
		{ 0440, NULL },
		{ 0644, "0644" },
		{ 0604, "0604" },
		{ 0602, "0602" },
		{ 0601, "0601" },
		{ 0660, "0660" },
		{ 0620, "0620" },
		{ 0666, "0666" },
	};
	struct scene scene;

	(void)state;
	prepare(&scene);
	for (size_t i = 0; i < LENGTH(modes); i++) {
		CLEANUP(buffer_finish) struct buffer expected = { 0 };

		scene_write(&scene, "key", "canary\n", modes[i].mode);
		scene_load_text(&scene, PROBE "token: ${file:key}\n");
		if (modes[i].shown)
			buffer_append_format(&expected,
				MAIN
				":5:14: error: the secret file 'key' is open to others "
				"(mode %s): run chmod g-w,o= key\n"
				"    5 |       token: ${file:key}\n"
				"      |              ^~~~~~~~~~~\n",
				modes[i].shown);
		assert_string_equal(buffer_text(&scene.printed), buffer_text(&expected));
	}
	scene_close(&scene);
}

static void secret_files_hold_a_text_of_moderate_size(void **state)
{
	static const struct row rows[] = {
		{ "token: ${file:nowhere}\n",
			MAIN ":5:14: error: the secret file 'nowhere' cannot be read: No "
			     "such file or directory\n"
			     "    5 |       token: ${file:nowhere}\n"
			     "      |              ^~~~~~~~~~~~~~~\n" },
		{ "token: ${file:folder}\n",
			MAIN ":5:14: error: the secret file 'folder' is no plain file\n"
			     "    5 |       token: ${file:folder}\n"
			     "      |              ^~~~~~~~~~~~~~\n" },
		{ "token: ${file:fifo}\n",
			MAIN ":5:14: error: the secret file 'fifo' is no plain file\n"
			     "    5 |       token: ${file:fifo}\n"
			     "      |              ^~~~~~~~~~~~\n" },
		{ "token: ${file:empty}\n",
			MAIN ":5:14: error: the secret file 'empty' is empty\n"
			     "    5 |       token: ${file:empty}\n"
			     "      |              ^~~~~~~~~~~~~\n" },
		{ "token: ${file:bytes}\n",
			MAIN ":5:14: error: the secret file 'bytes' is not UTF-8 text\n"
			     "    5 |       token: ${file:bytes}\n"
			     "      |              ^~~~~~~~~~~~~\n" },
		{ "token: ${file:large}\n", MAIN
			":5:14: error: the secret file 'large' is larger than 64 KiB\n"
			"    5 |       token: ${file:large}\n"
			"      |              ^~~~~~~~~~~~~\n" },
		{ "token: ${file:full}\n", "" },
		{ "token: ${file:full}${file:full}\n",
			MAIN ":5:14: error: more than 64 KiB after substitution\n"
			     "    5 |       token: ${file:full}${file:full}\n"
			     "      |              ^~~~~~~~~~~~~~~~~~~~~~~~\n" },
	};
	struct scene scene;
	CLEANUP(buffer_finish) struct buffer large = { 0 };

	(void)state;
	prepare(&scene);
	while (large.size < 65536)
		buffer_append_byte(&large, 'x');
	scene_write(&scene, "folder/x", "", 0600);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	scene_write(&scene, "empty", "\n", 0600);
	scene_write(&scene, "bytes", "\xff\n", 0600);
	scene_write(&scene, "full", buffer_text(&large), 0600);
	buffer_append_byte(&large, 'x');
	scene_write(&scene, "large", buffer_text(&large), 0600);
	check_rows(&scene, rows, LENGTH(rows));
	scene_close(&scene);
}

static void secrets_in_clear_are_warned_of(void **state)
{
	static const char warning[] =
		"warning: a secret in clear text; write ${file:PATH} or "
		"${credential:NAME}\n";
	static const struct {
		const char *text, *snippet;
	} rows[] = {
		{ "token: canary\n", "token: ***\n      |              ^~~\n" },
		{ "token: \"canary\"  # why\n",
			"token: ***  # why\n      |              ^~~\n" },
		{ "token: ${env:ROOKERY_UNSET:-canary}\n",
			"token: ***\n      |              ^~~\n" },
		{ "token: can$${ary\n", "token: ***\n      |              ^~~\n" },
	};
	struct scene scene;

	(void)state;
	prepare(&scene);
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer text = { 0 }, expected = { 0 };

		buffer_append_format(&text, PROBE "%s", rows[i].text);
		buffer_append_format(&expected, MAIN ":5:14: %s    5 |       %s", warning,
			rows[i].snippet);
		assert_string_equal(scene_load_text(&scene, buffer_text(&text)),
			buffer_text(&expected));
		assert_int_equal(scene.report.n_errors, 0);
	}
	/* What is empty is no secret; what was masked is none either. */
	assert_string_equal(scene_load_text(&scene, PROBE "token: \"\"\n"), "");
	assert_string_equal(scene_load_text(&scene, PROBE "token: \"***\"\n"),
		MAIN ":5:14: error: '***' is a secret that was masked; write "
		     "${file:PATH} or ${credential:NAME}\n"
		     "    5 |       token: ***\n"
		     "      |              ^~~\n");
	scene_close(&scene);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(texts_take_variables_and_defaults),
	cmocka_unit_test(every_scalar_takes_variables),
	cmocka_unit_test(secrets_come_from_files_and_credentials),
	cmocka_unit_test(references_that_cannot_be_resolved_are_told),
	cmocka_unit_test(secret_files_that_are_not_safe_are_refused),
	cmocka_unit_test(secret_files_hold_a_text_of_moderate_size),
	cmocka_unit_test(secrets_in_clear_are_warned_of),
};

CASES_MAIN(cases)
