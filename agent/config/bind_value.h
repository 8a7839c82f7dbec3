/* SPDX-License-Identifier: Apache-2.0 */
/* One value of each type, out of a node or out of a preset. */
#ifndef CONFIG_BIND_VALUE_H
#define CONFIG_BIND_VALUE_H

struct binder;
struct node;
struct option;
struct place;
struct value;

/* Each returns 0, also where it reports that something is wrong, or -ENOMEM. */

/* node is neither null nor broken. */
int bind_value(const struct binder *binder, const struct option *option,
	const struct node *node, struct value *ret_value);

/* What an option has that is not configured. place: where it is told that the
 * preset itself is wrong. */
int bind_preset(const struct binder *binder, const struct option *option,
	struct place place, struct value *ret_value);

/* A group that is not configured: its options' presets. What is required in it is
 * only so where the group is written. */
int bind_absent_group(const struct binder *binder, const struct option *option,
	struct place place, struct value *ret_value);

#endif
