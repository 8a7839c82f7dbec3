/* SPDX-License-Identifier: Apache-2.0 */
#include "bind_value.h"

#include "bind.h"
#include "bind_scalar.h"
#include "report.h"

#include "base/cleanup.h"
#include "base/macros.h"

#include <errno.h>

static void report_kind(
	const struct binder *binder, const struct node *node, const char *expected)
{
	report_error(binder->report, node->place, node->width, "expected %s, found %s",
		expected, node_kind_name(node));
}

/* Short and plain enough to be repeated in brackets. */
static bool is_simple(const struct node *node)
{
	return node->kind == NODE_SCALAR && node->is_plain && node->size <= 30 &&
	       !strpbrk(node->text, "[]{},:#\"'");
}

static int bind_list(const struct binder *binder, const struct option *option,
	const struct node *node, struct value *ret_value)
{
	const char **items;
	int r = 0;

	(void)option;
	if (is_simple(node)) {
		report_error(binder->report, node->place, node->width,
			"expected a list, found a text; write it as [%s]", node->text);
		return 0;
	}
	if (node->kind != NODE_SEQUENCE) {
		report_kind(binder, node, "a list such as [a, b]");
		return 0;
	}
	items = arena_take(binder->arena, node->n_items * sizeof(*items));
	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < node->n_items && r == 0; i++)
		r = bind_item(binder, node->items[i], &items[i]);
	ret_value->list = (struct rk_list){ items, node->n_items };
	ret_value->origin = ORIGIN_FILE;
	return r;
}

static int bind_map(const struct binder *binder, const struct option *option,
	const struct node *node, struct value *ret_value)
{
	struct rk_label *items;
	int r = 0;

	(void)option;
	if (node->kind != NODE_MAPPING) {
		report_kind(binder, node, "a mapping of names to texts");
		return 0;
	}
	items = arena_take(binder->arena, node->n_entries * sizeof(*items));
	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < node->n_entries && r == 0; i++) {
		r = bind_name(binder, node->entries[i].key, &items[i].name);
		if (r == 0)
			r = bind_item(binder, node->entries[i].value, &items[i].value);
	}
	ret_value->map = (struct rk_map){ items, node->n_entries };
	ret_value->origin = ORIGIN_FILE;
	return r;
}

static int bind_table(const struct binder *binder, const struct option *option,
	const struct node *node, struct value *ret_value)
{
	struct values *rows;
	size_t n = 0;
	int r = 0;

	if (node->kind != NODE_SEQUENCE) {
		report_kind(binder, node, "a list of mappings");
		return document_mask(binder->documents, node);
	}
	rows = arena_take(binder->arena, node->n_items * sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < node->n_items && r == 0; i++) {
		const struct section section = {
			.set = &option->columns,
			.node = node->items[i],
		};

		if (section.node->kind == NODE_MAPPING) {
			r = bind_section(binder, &section, &rows[n++]);
			continue;
		}
		if (section.node->kind != NODE_BROKEN)
			report_kind(binder, section.node, "a mapping");
		r = document_mask(binder->documents, section.node);
	}
	ret_value->table.rows = rows;
	ret_value->table.n = n;
	ret_value->origin = ORIGIN_FILE;
	return r;
}

static int bind_group(const struct binder *binder, const struct option *option,
	const struct node *node, struct value *ret_value)
{
	const struct section section = { .set = &option->columns, .node = node };
	struct values *values = arena_take(binder->arena, sizeof(*values));

	if (!values)
		return -ENOMEM;
	ret_value->group = values;
	ret_value->origin = ORIGIN_FILE;
	return bind_section(binder, &section, values);
}

typedef int binding(const struct binder *binder, const struct option *option,
	const struct node *node, struct value *ret_value);

static binding *const bindings[] = {
	[RK_TYPE_BOOL] = bind_scalar,
	[RK_TYPE_INT] = bind_scalar,
	[RK_TYPE_REAL] = bind_scalar,
	[RK_TYPE_DECIMAL] = bind_scalar,
	[RK_TYPE_STRING] = bind_scalar,
	[RK_TYPE_DURATION] = bind_scalar,
	[RK_TYPE_TIME] = bind_scalar,
	[RK_TYPE_SIZE] = bind_scalar,
	[RK_TYPE_CHOICE] = bind_scalar,
	[RK_TYPE_SECRET] = bind_scalar,
	[RK_TYPE_LIST] = bind_list,
	[RK_TYPE_MAP] = bind_map,
	[RK_TYPE_TABLE] = bind_table,
	[RK_TYPE_GROUP] = bind_group,
};

int bind_value(const struct binder *binder, const struct option *option,
	const struct node *node, struct value *ret_value)
{
	struct value value = { .place = node->place };
	int r;

	if (option->type >= LENGTH(bindings)) {
		report_error(binder->report, node->place, node->width,
			"option '%s' is of a type that this version does not know",
			option->name);
		return 0;
	}
	r = bindings[option->type](binder, option, node, &value);
	if (r == 0)
		*ret_value = value;
	return r;
}

/* Lists, mappings and tables as YAML in the table of options. */
static int bind_preset_tree(const struct binder *binder, const struct option *option,
	struct report *report, struct value *ret_value)
{
	CLEANUP(document_sets_destroy) struct document_set *set = document_set_create();
	const struct binder inner = {
		.arena = binder->arena,
		.documents = set,
		.report = report,
		.is_preset = true,
	};
	const struct document *document;

	if (!set)
		return -ENOMEM;
	document = document_parse(
		set, "preset", option->preset, strlen(option->preset), report);
	if (!document)
		return -ENOMEM;
	if (!document->root)
		return 0;
	return bind_value(&inner, option, document->root, ret_value);
}

int bind_preset(const struct binder *binder, const struct option *option,
	struct place place, struct value *ret_value)
{
	CLEANUP(report_finish) struct report report = { 0 };
	struct value value = { 0 };
	int r;

	if (!option->preset)
		return 0;
	if (option->type >= RK_TYPE_LIST)
		r = bind_preset_tree(binder, option, &report, &value);
	else
		r = bind_preset_text(binder, option, &report, &value);
	if (r < 0)
		return r;
	if (report.n > 0) {
		report_error(binder->report, place, 1,
			"the preset of option '%s' is wrong: %s", option->name,
			report.problems[0].message);
		return 0;
	}
	value.origin = ORIGIN_PRESET;
	value.place = (struct place){ 0 };
	*ret_value = value;
	return 0;
}

int bind_absent_group(const struct binder *binder, const struct option *option,
	struct place place, struct value *ret_value)
{
	const struct section section = { .set = &option->columns, .place = place };
	struct values *values = arena_take(binder->arena, sizeof(*values));
	struct binder inner = *binder;

	if (!values)
		return -ENOMEM;
	inner.allows_missing = true;
	ret_value->group = values;
	return bind_section(&inner, &section, values);
}
