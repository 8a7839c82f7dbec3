/* SPDX-License-Identifier: Apache-2.0 */
/* Values that are one text in the file. */
#ifndef CONFIG_BIND_SCALAR_H
#define CONFIG_BIND_SCALAR_H

struct binder;
struct node;
struct option;
struct report;
struct value;

/* How a secret is shown where one stands; and so what no secret can be. */
#define SECRET_MASK "***"

/* Each returns 0, also where it reports that something is wrong, or -ENOMEM. */
int bind_scalar(const struct binder *binder, const struct option *option,
	const struct node *node, struct value *ret_value);

/* The preset of a scalar is its text, as it is. */
int bind_preset_text(const struct binder *binder, const struct option *option,
	struct report *report, struct value *ret_value);

/* The text of an item of a list or a mapping. */
int bind_item(
	const struct binder *binder, const struct node *node, const char **ret_text);

/* The name of an item of a mapping, which stands for itself. */
int bind_name(
	const struct binder *binder, const struct node *node, const char **ret_text);

#endif
