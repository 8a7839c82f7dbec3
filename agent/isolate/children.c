/* SPDX-License-Identifier: Apache-2.0 */
#include "children.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/text.h"
#include "base/units.h"
#include "child.h"
#include "death_record.h"
#include "host/shared.h"
#include "plugin_file.h"
#include "remote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How long a child that nobody lives in is kept. */
#define IDLE_NS (2 * NS_PER_SECOND)

struct children {
	struct children_options options;
	char *state_folder; /* owned */
	struct list items;  /* of struct child */
	struct death_records records;
	struct list expected; /* of struct expectation */
	struct timer idle;    /* looks for children that nobody needs */
	bool closing, missing_is_told;
};

/* What all collectors of one plugin are given to read or write. */
struct expectation {
	struct list link;
	char *plugin; /* owned */
	struct grants grants;
};

static struct child *child_of(struct list *link)
{
	return container_of(link, struct child, link);
}

/* ---- who may read what ------------------------------------------------- */

static struct expectation *find_expectation(
	const struct children *children, const char *plugin)
{
	list_each(link, &children->expected)
	{
		struct expectation *expectation =
			container_of(link, struct expectation, link);

		if (text_equal(expectation->plugin, plugin))
			return expectation;
	}
	return NULL;
}

int children_expect(
	struct children *children, const char *plugin, const struct values *values)
{
	struct expectation *expectation = find_expectation(children, plugin);

	if (!expectation) {
		expectation = calloc(1, sizeof(*expectation));
		if (!expectation)
			return -ENOMEM;
		expectation->plugin = strdup(plugin);
		if (!expectation->plugin) {
			free(expectation);
			return -ENOMEM;
		}
		list_append(&children->expected, &expectation->link);
	}
	return grants_add_values(&expectation->grants, values);
}

void children_forget_expected(struct children *children)
{
	list_each(link, &children->expected)
	{
		struct expectation *expectation =
			container_of(link, struct expectation, link);

		list_remove(link);
		grants_finish(&expectation->grants);
		free(expectation->plugin);
		free(expectation);
	}
}

/* ---- the life of children ---------------------------------------------- */

static void children_free(struct children *children)
{
	timers_unset(children->options.shared->timers, &children->idle);
	timers_release(children->options.shared->timers, 1);
	children_forget_expected(children);
	death_records_finish(&children->records);
	free(children->state_folder);
	free(children);
}

static void go_on_closing(struct children *children)
{
	struct children_options options = children->options;

	if (!children->closing || !list_is_empty(&children->items))
		return;
	children_free(children);
	options.on_closed(options.context);
}

/* Whoever goes on with another configuration soon moves in again. */
static void on_empty(void *context, struct child *child)
{
	struct children *children = context;

	(void)child;
	timers_set_after(children->options.shared->timers, &children->idle, IDLE_NS);
}

static void on_gone(void *context, struct child *child)
{
	struct children *children = context;

	list_remove(&child->link);
	if (children->closing)
		timers_set_after(children->options.shared->timers, &children->idle, 0);
}

static void on_died(void *context, struct child *child, const struct child_end *end)
{
	struct children *children = context;
	struct death death = {
		.plugin = child->options.plugin->name,
		.only = child->only,
		.blamed = end->blamed,
		.now_ns = clock_monotonic_ns(children->options.shared->clock),
	};

	if (end->wanted)
		return;
	death_records_add(&children->records, &death, children->options.random);
	log_error(child->output.who, "%s (%zu %s in it; %u %s in %s)", end->why,
		child->n_remotes, child->n_remotes == 1 ? "collector" : "collectors",
		death.n, death.n == 1 ? "death" : "deaths", DEATH_WINDOW_TEXT);
}

/* What the kernel lacks is the same for all. */
static void on_missing(void *context, struct slice sentences)
{
	struct children *children = context;

	if (children->missing_is_told)
		return;
	children->missing_is_told = true;
	log_warning("isolate", "the sandbox of plugins is weaker than it could be: %.*s",
		(int)MIN(sentences.n, (size_t)WIRE_MAX_LINE), sentences.at);
}

/* Ends those that nobody lives in. */
static void on_idle(struct timer *timer)
{
	struct children *children = container_of(timer, struct children, idle);

	list_each(link, &children->items)
	{
		if (child_of(link)->n_remotes == 0)
			child_end(child_of(link));
	}
	go_on_closing(children);
}

/* ---- finding one ------------------------------------------------------- */

static bool is_for(const struct child *child, const struct lodging *lodging,
	const char *only, const struct grants *needed)
{
	bool same = only ? child->only && text_equal(child->only, only) : !child->only;

	return same && child->options.plugin == lodging->plugin &&
	       child_takes_more(child) && grants_cover(&child->grants, needed);
}

static int make_child(struct children *children, const struct lodging *lodging,
	const char *only, struct grants *grants, struct child **ret_child)
{
	const struct child_options options = {
		.shared = children->options.shared,
		.plugin = lodging->plugin,
		.program = children->options.program,
		.only = only,
		.grants = grants,
		.state_folder = children->state_folder,
		.hidden = &children->options.hidden,
		.on_missing = on_missing,
		.on_died = on_died,
		.on_empty = on_empty,
		.on_gone = on_gone,
		.context = children,
	};
	int r = child_create(&options, ret_child);

	if (r == 0)
		list_append(&children->items, &(*ret_child)->link);
	return r;
}

/* The one that a runner belongs into; a new one is given what all collectors of the
 * plugin need, so that they can share it. */
static int find_child(struct children *children, const struct lodging *lodging,
	const char *only, struct child **ret_child)
{
	const struct expectation *expectation =
		find_expectation(children, lodging->plugin->name);
	struct grants grants = { 0 };
	int r = grants_add_values(&grants, lodging->open.values);

	list_each(link, &children->items)
	{
		if (r == 0 && is_for(child_of(link), lodging, only, &grants)) {
			grants_finish(&grants);
			*ret_child = child_of(link);
			return 0;
		}
	}
	if (r == 0 && !only && expectation)
		r = grants_add(&grants, &expectation->grants);
	if (r == 0)
		r = make_child(children, lodging, only, &grants, ret_child);
	grants_finish(&grants);
	return r;
}

/* ---- for the agent ----------------------------------------------------- */

struct children *children_create(const struct children_options *options)
{
	struct children *children = calloc(1, sizeof(*children));

	if (!children)
		return NULL;
	children->options = *options;
	children->idle.on_due = on_idle;
	list_init(&children->items);
	list_init(&children->expected);
	children->state_folder =
		options->state_folder ? strdup(options->state_folder) : NULL;
	if ((options->state_folder && !children->state_folder) ||
		timers_reserve(options->shared->timers, 1) < 0) {
		free(children->state_folder);
		free(children);
		return NULL;
	}
	return children;
}

void children_reloaded(struct children *children)
{
	death_records_finish(&children->records);
	list_each(link, &children->items)
	{
		struct child *child = child_of(link);

		if (child->state > CHILD_READY)
			continue;
		wire_number(channel_out(&child->channel), WIRE_LEVEL,
			(uint32_t)log_get_level());
		channel_flush(&child->channel);
	}
}

int children_open(struct children *children, const struct lodging *lodging,
	struct runner_listener *listener, struct runner **ret_runner, struct buffer *why)
{
	const char *id = lodging->open.id, *only;
	struct child *child;
	int64_t now_ns = clock_monotonic_ns(children->options.shared->clock), wait_ns;
	char span[UNIT_TEXT_SIZE];
	int r;

	only = lodging->alone || death_records_blame(&children->records, id) >= 2 ? id
										  : NULL;
	wait_ns = death_records_wait(
		&children->records, lodging->plugin->name, only, now_ns);
	if (wait_ns > 0) {
		duration_to_text(span, MAX(wait_ns / NS_PER_SECOND, 1) * NS_PER_SECOND);
		buffer_append_format(why,
			"its plugin's process died too often: it is left alone for "
			"another %s",
			span);
		return -EAGAIN;
	}
	r = find_child(children, lodging, only, &child);
	if (r == 0)
		r = remote_create(child, &lodging->open, listener, ret_runner);
	if (r < 0)
		buffer_append_format(
			why, "its plugin's process cannot be made: %s", strerror(-r));
	return r;
}

void children_close(struct children *children)
{
	if (!children)
		return;
	children->closing = true;
	timers_set_after(children->options.shared->timers, &children->idle, 0);
}
