/* SPDX-License-Identifier: Apache-2.0 */
/* docs/CONFIGURATION.md: what is the same for everybody in words, the rest from the
 * tables. */
#include "config.h"
#include "document.h"
#include "files.h"
#include "settings.h"
#include "substitute.h"

#include "base/buffer.h"
#include "base/cleanup.h"

static const char head[] =
	"<!-- Generated from the tables of options in the code; changes belong there. "
	"-->\n"
	"# Configuration\n"
	"\n"
	"`rookery validate [PATH]` checks a configuration without any other effect, "
	"`rookery config show`\n"
	"prints what counts in the end, and `rookery config schema` a JSON Schema of it "
	"all for editors.\n";

static const char files[] =
	"\n"
	"## Files\n"
	"\n"
	"The main file, `/etc/rookery/rookery.yaml`, has four parts, all of which may be "
	"missing:\n"
	"\n"
	"```yaml\n"
	"agent:\n"
	"  host: mx1\n"
	"journal:\n"
	"  max_size: 2GiB\n"
	"collectors:\n"
	"  - id: host\n"
	"    plugin: system_health\n"
	"    interval: 10s\n"
	"sinks:\n"
	"  - id: archive\n"
	"    type: file\n"
	"    options:\n"
	"      path: /var/lib/rookery/samples.ndjson\n"
	"```\n"
	"\n"
	"Files named `conf.d/*.yaml` beside it add to `collectors` and `sinks`, in the "
	"order of their names\n"
	"(by bytes); names that begin with a dot, or end otherwise, are not read. Ids "
	"are "
	"unique over all\n"
	"files. An unknown key, a key that stands twice and a value of another type are "
	"errors; all errors\n"
	"are told at once, with file, line and column, and a configuration with errors "
	"is not used.\n"
	"\n"
	"Files are YAML in UTF-8, one document each. Anchors, aliases and merge keys "
	"(`<<`) work within a\n"
	"file; tags do not. A key without a value (or with `null`) counts as not "
	"written, so that the\n"
	"default holds; where the option is required, that is an error. Numbers are "
	"decimal; booleans are\n"
	"`true` and `false` alone.\n"
	"\n";

static const char types[] =
	"\n"
	"## Types\n"
	"\n"
	"| Type | Written as |\n"
	"|---|---|\n"
	"| boolean | `true`, `false` |\n"
	"| whole number | `1000`, `-5` |\n"
	"| number | `0.5`, `1e6` |\n"
	"| decimal number | `0.85`: kept exactly, with up to 18 digits behind the point "
	"|\n"
	"| text | with or without quotes |\n"
	"| duration | whole numbers with `ns`, `us`, `ms`, `s`, `m`, `h`, `d` or `w`: "
	"`1500ms`, `10s`, `1h30m`; `0` |\n"
	"| time | `2026-11-01`, `2026-11-01T00:00:00Z`, `2026-11-01T02:00:00+02:00` |\n"
	"| size | a whole number with `B`, `KiB`, `MiB`, `GiB`, `TiB` (of 1024) or `KB`, "
	"`MB`, `GB`, `TB` (of 1000): `64KiB`; `0` |\n"
	"| choice | one of the words that are listed |\n"
	"| secret | a reference, see below |\n"
	"| list of texts | `[a, b]`, or one per line behind `- ` |\n"
	"| mapping of texts | `{name: text}`, or one `name: text` per line |\n"
	"| list of mappings | mappings behind `- ` |\n"
	"| mapping | options of its own, indented; where it is not written, nothing in "
	"it "
	"is required |\n";

static const char references[] =
	"\n"
	"## References\n"
	"\n"
	"In every value these are replaced, after the file was parsed, so that they "
	"never "
	"become structure:\n"
	"\n"
	"| Written | Stands for |\n"
	"|---|---|\n"
	"| `${env:V}` | the environment variable `V`; an error where it is not set |\n"
	"| `${env:V:-text}` | the same, or `text` where it is not set or empty |\n"
	"| `${file:PATH}` | the content of a file, without the newline at its end; "
	"relative to the configuration file |\n"
	"| `${credential:NAME}` | a credential that systemd hands over "
	"(`LoadCredential=`, "
	"see systemd.exec(5)) |\n"
	"| `$${` | a literal `${` |\n"
	"\n"
	"`${file:PATH}` and `${credential:NAME}` work in options of the type secret "
	"alone. Such a file must not\n"
	"be readable or writable by others, nor writable by its group, or it is refused. "
	"A secret in clear\n"
	"text is a warning. No secret is ever shown in an error, a log or `rookery "
	"config "
	"show`, which prints\n"
	"`\"***\"` instead; that text is refused as a secret.\n";

static void append_bounds(struct buffer *to)
{
	buffer_append_format(to,
		"A file is at most %zu MiB large and nests %d deep; %d files in "
		"`conf.d`, "
		"%d nodes of YAML in all\n"
		"files (those behind an alias counted each time), and %zu KiB of one "
		"substituted text are the\n"
		"bounds.\n",
		DOCUMENT_MAX_SIZE >> 20, DOCUMENT_MAX_DEPTH, FILES_MAX_COUNT - 1,
		DOCUMENT_MAX_NODES, SUBSTITUTE_MAX_SIZE >> 10);
}

static void append_formats(const struct catalogue *catalogue, struct buffer *to)
{
	buffer_append_text(to,
		"\nWhat is the format's own stands below `format_options`; formats that "
		"are not named here have none.\n");
	for (size_t i = 0; i < catalogue->n_format_types; i++) {
		const struct format_type *type = &catalogue->format_types[i];

		buffer_append_format(to, "\n### Options of `format: %s`\n\n", type->name);
		config_manual(&type->options, to);
	}
}

static void append_sinks(const struct catalogue *catalogue, struct buffer *to)
{
	buffer_append_text(to, "\nWhat is the transport's own stands below `options`:\n");
	for (size_t i = 0; i < catalogue->n_sink_types; i++) {
		const struct sink_type *type = &catalogue->sink_types[i];

		buffer_append_format(to, "\n### Options of `type: %s`\n\n%s\n\n",
			type->name, type->summary ? type->summary : "");
		config_manual(&type->options, to);
	}
	buffer_append_text(to, "\nFormats:");
	for (size_t i = 0; catalogue->formats && catalogue->formats[i]; i++)
		buffer_append_format(
			to, "%s `%s`", i > 0 ? "," : "", catalogue->formats[i]);
	buffer_append_text(to, ".\n");
	append_formats(catalogue, to);
}

static void append_plugins(const struct catalogue *catalogue, struct buffer *to)
{
	buffer_append_text(to,
		"\nWhat is the plugin's own stands below `options`; each plugin's README "
		"has the table, and `rookery\n"
		"plugin describe NAME` prints it:\n\n");
	for (size_t i = 0; catalogue->plugins && catalogue->plugins[i]; i++) {
		CLEANUP(buffer_finish) struct buffer unused = { 0 };
		const struct description *plugin =
			catalogue->plugin(catalogue, catalogue->plugins[i], &unused);

		if (plugin)
			buffer_append_format(to, "- `%s`: %s\n", plugin->name,
				plugin->summary ? plugin->summary : "");
	}
}

void config_reference(const struct catalogue *catalogue, struct buffer *to)
{
	CLEANUP(arena_finish) struct arena arena = { 0 };
	struct settings settings;

	if (settings_describe(&arena, &settings) < 0) {
		to->failed = true;
		return;
	}
	buffer_append_text(to, head);
	buffer_append_text(to, files);
	append_bounds(to);
	buffer_append_text(to, types);
	buffer_append_text(to, references);
	buffer_append_text(to, "\n## `agent`\n\n");
	config_manual(&settings.sets[SETTINGS_AGENT], to);
	buffer_append_text(to, "\n## `journal`\n\n");
	config_manual(&settings.sets[SETTINGS_JOURNAL], to);
	buffer_append_text(to, "\n## Each entry of `collectors`\n\n");
	config_manual(&settings.sets[SETTINGS_COLLECTOR], to);
	append_plugins(catalogue, to);
	buffer_append_text(to, "\n## Each entry of `sinks`\n\n");
	config_manual(&settings.sets[SETTINGS_SINK], to);
	append_sinks(catalogue, to);
}
