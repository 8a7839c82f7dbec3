/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a configuration: it is parsed, bound and reported, within its bounds. */
#include "base/buffer.h"
#include "config/bind.h"
#include "config/report.h"
#include "model/options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct row {
	struct rk_number price;
	struct rk_time from;
};

struct every {
	bool boolean;
	int64_t integer;
	double real;
	struct rk_number decimal;
	const char *string;
	struct rk_duration duration;
	struct rk_time time;
	struct rk_size size;
	struct rk_choice choice;
	struct rk_secret secret;
	struct rk_list list;
	struct rk_map map;
	struct rk_table table;
	struct row group;
};

static const char *const choices[] = { "red", "green", NULL };

/* clang-format off */
static const struct rk_option row_options[] = {
	{ .name = "price", RK_FIELD(struct row, price), .flags = RK_REQUIRED, .help = "A." },
	{ .name = "from", RK_FIELD(struct row, from), .help = "A." },
};

static const struct rk_option options[] = {
	{ .name = "boolean", RK_FIELD(struct every, boolean), .help = "A." },
	{ .name = "integer", RK_FIELD(struct every, integer), .range = "1..100", .help = "A." },
	{ .name = "real", RK_FIELD(struct every, real), .help = "A." },
	{ .name = "decimal", RK_FIELD(struct every, decimal), .help = "A." },
	{ .name = "string", RK_FIELD(struct every, string), .help = "A." },
	{ .name = "duration", RK_FIELD(struct every, duration), .range = "1s..", .help = "A." },
	{ .name = "time", RK_FIELD(struct every, time), .help = "A." },
	{ .name = "size", RK_FIELD(struct every, size), .help = "A." },
	{ .name = "choice", RK_FIELD(struct every, choice), .choices = choices, .help = "A." },
	{ .name = "secret", RK_FIELD(struct every, secret), .help = "A." },
	{ .name = "list", RK_FIELD(struct every, list), .preset = "[a, b]", .help = "A." },
	{ .name = "map", RK_FIELD(struct every, map), .help = "A." },
	{ .name = "table", RK_FIELD(struct every, table),
		.columns = RK_COLUMNS(row, row_options), .help = "A." },
	{ .name = "group", RK_GROUP(struct every, group),
		.columns = RK_COLUMNS(row, row_options), .help = "A." },
};
/* clang-format on */

static void bind_and_fill(
	struct document_set *documents, const struct node *root, struct report *report)
{
	struct arena arena = { 0 };
	struct option_set set;
	struct binder binder = {
		.arena = &arena, .documents = documents, .report = report
	};
	struct section section = { .set = &set, .node = root };
	struct every every = { 0 };
	struct values values;

	if (option_set_copy(&arena, options, sizeof(options[0]), RK_LEN(options), &set) ==
			0 &&
		bind_section(&binder, &section, &values) == 0)
		(void)options_fill(&arena, &values, options, sizeof(options[0]), &every);
	arena_finish(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct document_set *documents = document_set_create();
	struct report report = { 0 };
	struct buffer text = { 0 };
	const struct document *document =
		document_parse(documents, "fuzz.yaml", (const char *)data, size, &report);

	if (document && document->root)
		bind_and_fill(documents, document->root, &report);
	report_print(&report, documents, true, &text);
	buffer_finish(&text);
	report_finish(&report);
	document_set_destroy(documents);
	return 0;
}
