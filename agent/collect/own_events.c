/* SPDX-License-Identifier: Apache-2.0 */
/* One topic for each kind and key; one event at a time is on its way. */
#include "own_events.h"

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/macros.h"
#include "base/text.h"
#include "base/timers.h"
#include "journal/journal.h"
#include "model/part.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AGAIN_NS    NS_PER_SECOND
#define INTERVAL_NS (60 * NS_PER_SECOND)

/* Insights have the key in between. */
static const struct {
	const char *type;
	uint32_t severity;
	const char *begin_front, *begin_back, *action;
	const char *end_front, *end_back;
} kinds[] = {
	[OWN_SINK_LOSING] = {
		.type = "rookery.sink.losing",
		.severity = RK_HIGH,
		.begin_front = "The sink '",
		.begin_back = "' lags so far behind that the oldest samples are given up.",
		.action = "See why it does not take samples, or raise its max_size and "
			  "max_age.",
		.end_front = "The sink '",
		.end_back = "' has caught up and loses no more.",
	},
	[OWN_JOURNAL_FULL] = {
		.type = "rookery.journal.full",
		.severity = RK_HIGH,
		.begin_front = "The disk of the ",
		.begin_back = " was full: nothing could be collected.",
		.action = "Free space on it, or lower journal.max_size.",
		.end_front = "The disk of the ",
		.end_back = " has space again.",
	},
	[OWN_JOURNAL_FAILING] = {
		.type = "rookery.journal.failing",
		.severity = RK_HIGH,
		.begin_front = "The ",
		.begin_back = " could not be written: nothing could be collected.",
		.action = "Look for the error in the agent's log and check the disk.",
		.end_front = "The ",
		.end_back = " can be written again.",
	},
};

struct moment {
	bool is_due;
	int64_t time_ns;
	struct own_detail details[OWN_EVENT_MAX_DETAILS];
	size_t n_details;
};

struct topic {
	struct list link;
	enum own_event kind;
	char *key;    /* owned */
	bool is_open; /* its beginning was told last */
	struct moment begin, end;
	int64_t began_ns;    /* Unix time */
	int64_t next_ns;     /* monotonic: when a beginning may be told */
	struct moment *sent; /* while it is on its way: begin or end */
};

struct own_events {
	struct journal *journal;
	struct journal_source *source;
	struct timers *timers;
	struct timer timer;
	struct list topics;
	struct topic *on_its_way; /* NULL: none */
	bool is_closed;
};

static void go_on(struct own_events *events);

/* ---- making an event --------------------------------------------------- */

static void put_details(struct event_view *view, const struct moment *moment,
	char texts[OWN_EVENT_MAX_DETAILS][24])
{
	for (size_t i = 0; i < moment->n_details; i++) {
		snprintf(texts[i], 24, "%" PRIu64, moment->details[i].value);
		view->details[view->n_details++] = (struct label){
			slice_of(moment->details[i].name),
			slice_of(texts[i]),
		};
	}
}

static struct part *make_part(const struct topic *topic, const struct moment *moment)
{
	CLEANUP(buffer_finish) struct buffer insight = { 0 };
	char texts[OWN_EVENT_MAX_DETAILS][24];
	bool begins = moment == &topic->begin;
	struct part *part = part_create(moment->time_ns);
	struct event_view view = {
		.type = slice_of(kinds[topic->kind].type),
		.severity = kinds[topic->kind].severity,
		.phase = begins ? RK_BEGIN : RK_END,
		.follow_up = begins,
		.key = slice_of(topic->key),
		.action = slice_of(begins ? kinds[topic->kind].action : ""),
		.time_ns = moment->time_ns,
		.start_ns = begins ? 0 : topic->began_ns,
	};

	buffer_append_text(&insight,
		begins ? kinds[topic->kind].begin_front : kinds[topic->kind].end_front);
	buffer_append_text(&insight, topic->key);
	buffer_append_text(&insight,
		begins ? kinds[topic->kind].begin_back : kinds[topic->kind].end_back);
	put_details(&view, moment, texts);
	view.insight = (struct slice){ (char *)insight.data, insight.size };
	if (part && !buffer_failed(&insight))
		part_add_event(part, &view);
	if (part && (part_is_empty(part) || part_failed(part))) {
		part_destroy(part);
		part = NULL;
	}
	return part;
}

/* ---- telling it -------------------------------------------------------- */

/* Not earlier than anything that is awaited already. */
static void try_again(struct own_events *events, int64_t due_ns)
{
	if (!events->is_closed &&
		(!timer_is_set(&events->timer) || events->timer.due_ns > due_ns))
		timers_set(events->timers, &events->timer, due_ns);
}

static int64_t monotonic_ns(const struct own_events *events)
{
	return clock_monotonic_ns(events->timers->clock);
}

static void on_done(void *context, int result, const struct part *part,
	const struct position *position)
{
	struct own_events *events = context;
	struct topic *topic = events->on_its_way;
	bool begins = topic->sent == &topic->begin;

	(void)part;
	(void)position;
	events->on_its_way = NULL;
	if (result < 0) {
		topic->sent->is_due = true;
		try_again(events, monotonic_ns(events) + AGAIN_NS);
		return;
	}
	topic->is_open = begins;
	if (begins)
		topic->next_ns = monotonic_ns(events) + INTERVAL_NS;
	go_on(events);
}

/* The moment of a topic that is to be told next; NULL: none, or not yet. */
static struct moment *next_moment(struct own_events *events, struct topic *topic)
{
	if (topic->begin.is_due && !topic->is_open) {
		if (monotonic_ns(events) >= topic->next_ns)
			return &topic->begin;
		try_again(events, topic->next_ns);
		return NULL;
	}
	return topic->end.is_due && topic->is_open ? &topic->end : NULL;
}

static bool tell(struct own_events *events, struct topic *topic)
{
	struct moment *moment = next_moment(events, topic);
	struct part *part;

	if (!moment)
		return false;
	part = make_part(topic, moment);
	if (!part || journal_append(events->journal, events->source, part, on_done,
			     events) < 0) {
		part_destroy(part);
		try_again(events, monotonic_ns(events) + AGAIN_NS);
		return false;
	}
	moment->is_due = false;
	topic->sent = moment;
	events->on_its_way = topic;
	return true;
}

static void go_on(struct own_events *events)
{
	list_each(link, &events->topics)
	{
		if (events->on_its_way || events->is_closed)
			return;
		tell(events, container_of(link, struct topic, link));
	}
}

static void on_timer(struct timer *timer)
{
	go_on(container_of(timer, struct own_events, timer));
}

/* ---- noting what happens ----------------------------------------------- */

static struct topic *find_topic(
	struct own_events *events, enum own_event kind, const char *key)
{
	list_each(link, &events->topics)
	{
		struct topic *topic = container_of(link, struct topic, link);

		if (topic->kind == kind && text_equal(topic->key, key))
			return topic;
	}
	return NULL;
}

static struct topic *add_topic(
	struct own_events *events, enum own_event kind, const char *key)
{
	struct topic *topic = calloc(1, sizeof(*topic));

	if (!topic)
		return NULL;
	topic->kind = kind;
	topic->key = strdup(key);
	topic->next_ns = INT64_MIN;
	if (!topic->key) {
		free(topic);
		return NULL;
	}
	list_append(&events->topics, &topic->link);
	return topic;
}

static void note(struct own_events *events, struct moment *moment,
	const struct own_detail *details, size_t n)
{
	moment->is_due = true;
	moment->time_ns = clock_wall_ns(events->timers->clock);
	moment->n_details = MIN(n, (size_t)OWN_EVENT_MAX_DETAILS);
	for (size_t i = 0; i < moment->n_details; i++)
		moment->details[i] = details[i];
	go_on(events);
}

/* Whether it is going on, as far as was noted. */
static bool goes_on(const struct own_events *events, const struct topic *topic)
{
	bool is_open = topic->is_open;

	if (events->on_its_way == topic)
		is_open = topic->sent == &topic->begin;
	return (is_open || topic->begin.is_due) && !topic->end.is_due;
}

void own_events_begin(struct own_events *events, enum own_event kind, const char *key,
	const struct own_detail *details, size_t n)
{
	struct topic *topic = find_topic(events, kind, key);

	if (!topic)
		topic = add_topic(events, kind, key);
	if (!topic || goes_on(events, topic))
		return;
	if (topic->end.is_due) {
		/* It was over for a moment that nobody heard of. */
		topic->end.is_due = false;
		return;
	}
	topic->began_ns = clock_wall_ns(events->timers->clock);
	note(events, &topic->begin, details, n);
}

void own_events_end(struct own_events *events, enum own_event kind, const char *key,
	const struct own_detail *details, size_t n)
{
	struct topic *topic = find_topic(events, kind, key);

	if (topic && goes_on(events, topic))
		note(events, &topic->end, details, n);
}

/* ---- opening and closing ----------------------------------------------- */

struct own_events *own_events_create(
	struct journal *journal, struct timers *timers, const char *host)
{
	struct own_events *events = calloc(1, sizeof(*events));
	CLEANUP_FREE char *identity = NULL;
	struct source_view source = {
		.host = slice_of(host),
		.collector = slice_of("rookery"),
		.plugin = slice_of("rookery"),
	};

	if (!events || asprintf(&identity, "%s/rookery", host) < 0) {
		free(events);
		return NULL;
	}
	source.identity = slice_of(identity);
	events->journal = journal;
	events->timers = timers;
	events->timer.on_due = on_timer;
	list_init(&events->topics);
	events->source = journal_source_create(journal, &source);
	if (!events->source || timers_reserve(timers, 1) < 0) {
		journal_source_destroy(journal, events->source);
		free(events);
		return NULL;
	}
	return events;
}

void own_events_close(struct own_events *events)
{
	if (!events)
		return;
	events->is_closed = true;
	timers_unset(events->timers, &events->timer);
	timers_release(events->timers, 1);
	journal_source_destroy(events->journal, events->source);
	events->source = NULL;
}

void own_events_destroy(struct own_events *events)
{
	if (!events)
		return;
	list_each(link, &events->topics)
	{
		struct topic *topic = container_of(link, struct topic, link);

		list_remove(link);
		free(topic->key);
		free(topic);
	}
	free(events);
}
