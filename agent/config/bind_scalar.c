/* SPDX-License-Identifier: Apache-2.0 */
#include "bind_scalar.h"

#include "bind.h"
#include "report.h"
#include "substitute.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"

#include <errno.h>

static const struct option text_option = { .name = "", .type = RK_TYPE_STRING };

/* What is expected where something else than a text was found. */
static const char *expected(uint32_t type)
{
	static const char *const words[] = {
		[RK_TYPE_BOOL] = "true or false",
		[RK_TYPE_INT] = "a whole number",
		[RK_TYPE_REAL] = "a number",
		[RK_TYPE_DECIMAL] = "a decimal number such as 0.85",
		[RK_TYPE_STRING] = "a text",
		[RK_TYPE_DURATION] = "a duration such as 10s",
		[RK_TYPE_TIME] = "a time such as 2026-11-01T00:00:00Z",
		[RK_TYPE_SIZE] = "a size such as 64KiB",
		[RK_TYPE_CHOICE] = "one of the option's choices",
		[RK_TYPE_SECRET] = "a secret such as ${credential:NAME}",
	};

	return words[type];
}

static void report_secret(const struct binder *binder, const struct node *node,
	const struct substituted *text)
{
	if (text->size == strlen(SECRET_MASK) &&
		memcmp(text->text, SECRET_MASK, text->size) == 0)
		report_error(binder->report, node->place, node->width,
			"'" SECRET_MASK "' is a secret that was masked; write "
			"${file:PATH} or ${credential:NAME}");
	else if (text->is_clear)
		report_warning(binder->report, node->place, node->width,
			"a secret in clear text; write ${file:PATH} or "
			"${credential:NAME}");
}

/* What a variable holds may be a secret that stands in the wrong place: it is not
 * repeated. */
static void report_text(const struct binder *binder, const struct option *option,
	const struct node *node, enum origin origin, struct buffer *why)
{
	if (origin == ORIGIN_FILE)
		report_error(binder->report, node->place, node->width, "%s",
			buffer_text(why) ? buffer_text(why) : "out of memory");
	else
		report_error(binder->report, node->place, node->width,
			"what '%s' stands for is no %s", node->text,
			option_type_name(option->type));
}

static int read_text(const struct binder *binder, const struct option *option,
	const struct node *node, const struct substituted *text, struct value *ret_value)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	struct value value = { .place = node->place };
	int r = value_from_text(
		binder->arena, option, text->text, text->size, &value, &why);

	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		report_text(binder, option, node, text->origin, &why);
		return 0;
	}
	if (value_check_range(option, &value, &why) < 0) {
		report_error(binder->report, node->place, node->width, "'%s' %s",
			option->name, buffer_text(&why) ? buffer_text(&why) : "");
		return 0;
	}
	value.origin = text->origin;
	*ret_value = value;
	return 0;
}

/* Hides a secret from the report, unless all that stands there is a reference. */
static int hide_secret(const struct binder *binder, const struct node *node,
	const struct substituted *text)
{
	return text->has_literal ? document_mask(binder->documents, node) : 0;
}

int bind_scalar(const struct binder *binder, const struct option *option,
	const struct node *node, struct value *ret_value)
{
	const bool is_secret = option->type == RK_TYPE_SECRET;
	struct substituted text = { .has_literal = true };
	int r;

	if (node->kind != NODE_SCALAR) {
		report_error(binder->report, node->place, node->width,
			"expected %s, found %s", expected(option->type),
			node_kind_name(node));
		return is_secret ? hide_secret(binder, node, &text) : 0;
	}
	r = substitute(binder, node, is_secret, &text);
	if (is_secret && r != -ENOMEM && hide_secret(binder, node, &text) < 0)
		return -ENOMEM;
	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (is_secret && !binder->is_preset)
		report_secret(binder, node, &text);
	return read_text(binder, option, node, &text, ret_value);
}

int bind_preset_text(const struct binder *binder, const struct option *option,
	struct report *report, struct value *ret_value)
{
	CLEANUP(buffer_finish) struct buffer why = { 0 };
	int r = value_from_text(binder->arena, option, option->preset,
		strlen(option->preset), ret_value, &why);

	if (r == -EINVAL && buffer_text(&why)) {
		report_error(report, ((struct place){ 0 }), 1, "%s", buffer_text(&why));
		return 0;
	}
	return r;
}

int bind_item(const struct binder *binder, const struct node *node, const char **ret_text)
{
	struct value value = { .text = "" };
	int r = 0;

	if (node_is_null(node))
		report_error(binder->report, node->place, node->width,
			"expected a text, found nothing; write \"\" for an empty one");
	else if (node->kind != NODE_BROKEN)
		r = bind_scalar(binder, &text_option, node, &value);
	*ret_text = value.text ? value.text : "";
	return r;
}

int bind_name(const struct binder *binder, const struct node *node, const char **ret_text)
{
	const struct substituted text = { node->text, node->size, ORIGIN_FILE, true,
		false };
	struct value value = { .text = "" };
	int r = read_text(binder, &text_option, node, &text, &value);

	*ret_text = value.text ? value.text : "";
	return r;
}
