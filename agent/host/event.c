/* SPDX-License-Identifier: Apache-2.0 */
/* rk_host.event: events into the open part. Which keys are open is part of the
 * collector's state, so a second BEGIN is dropped also after a restart. */
#include "internal.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "base/utf8.h"

#include <errno.h>
#include <string.h>

/* Copies a text into the scratch buffer, valid and no longer than most. There is
 * room for all of them, so it stays where it is. */
static struct slice put_text(struct instance *instance, const char *text, size_t most)
{
	struct buffer *scratch = &instance->scratch;
	size_t before = scratch->size, n = text ? strlen(text) : 0;

	if (n > most) {
		n = most;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	if (n > 0)
		utf8_append_repaired(scratch, text, n);
	return (struct slice){ (char *)scratch->data + before, scratch->size - before };
}

static size_t text_room(const char *text)
{
	return text ? 3 * strlen(text) : 0;
}

static size_t pairs_room(const struct rk_label *pairs, size_t n)
{
	size_t room = 0;

	for (size_t i = 0; i < n; i++)
		room += text_room(pairs[i].name) + text_room(pairs[i].value);
	return room;
}

static size_t put_pairs(struct instance *instance, const struct rk_label *pairs, size_t n,
	struct label *to)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (!pairs[i].name || !pairs[i].value || !*pairs[i].value)
			continue;
		to[kept++] = (struct label){
			put_text(instance, pairs[i].name, SERIES_MAX_NAME),
			put_text(instance, pairs[i].value, SERIES_MAX_LABEL_VALUE),
		};
	}
	return kept;
}

static bool event_is_sound(struct instance *instance, const struct rk_event *event)
{
	const char *wrong = NULL;

	if (event->size < sizeof(*event))
		wrong = "has the wrong size";
	else if (!event->type || !text_is_name(event->type, EVENT_MAX_KEY, "."))
		wrong = "has no proper type";
	else if (event->severity > RK_HIGH || event->phase > RK_END)
		wrong = "has an unknown severity or phase";
	else if (event->phase != RK_ONCE && (!event->key || !*event->key))
		wrong = "has a phase but no key";
	else if (!event->insight || !*event->insight)
		wrong = "has no insight";
	else if (event->n_labels > SERIES_MAX_LABELS ||
		 event->n_details > SERIES_MAX_LABELS)
		wrong = "has more than 32 labels or details";
	if (wrong)
		instance_misused(instance, MISUSE_EVENT,
			"an event %s: such events are left out", wrong);
	return !wrong;
}

/* Makes room at once, so that nothing moves while texts are put. */
static int reserve_texts(struct instance *instance, const struct rk_event *event)
{
	size_t room = text_room(event->type) + text_room(event->key) +
		      text_room(event->insight) + text_room(event->action) +
		      pairs_room(event->labels, event->n_labels) +
		      pairs_room(event->details, event->n_details) + 1;

	buffer_clear(&instance->scratch);
	return buffer_reserve(&instance->scratch, room) ? 0 : -ENOMEM;
}

static void make_view(
	struct instance *instance, const struct rk_event *event, struct event_view *view)
{
	view->severity = event->severity;
	view->phase = event->phase;
	view->follow_up = event->follow_up;
	view->type = put_text(instance, event->type, EVENT_MAX_KEY);
	view->key = put_text(instance, event->key, EVENT_MAX_KEY);
	view->insight = put_text(instance, event->insight, EVENT_MAX_SENTENCE);
	view->action = put_text(instance, event->action, EVENT_MAX_SENTENCE);
	view->n_labels =
		put_pairs(instance, event->labels, event->n_labels, view->labels);
	view->n_details =
		put_pairs(instance, event->details, event->n_details, view->details);
	view->time_ns = event->time_ns ? event->time_ns : instance->run.part_began_ns;
	view->start_ns = event->start_ns;
	labels_sort(view->labels, view->n_labels);
}

/* Notes that a key begins or ends. 1: it does; 0: it has already, or not begun. */
static int note_phase(
	struct instance *instance, struct part *part, const struct event_view *view)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	struct slice key;
	bool open;
	int r;

	if (view->phase != RK_BEGIN && view->phase != RK_END)
		return 1;
	buffer_append_text(&text, "!event/");
	buffer_append(&text, view->type.at, view->type.n);
	buffer_append_byte(&text, '/');
	buffer_append(&text, view->key.at, view->key.n);
	if (buffer_failed(&text))
		return -ENOMEM;
	key = (struct slice){ (char *)text.data, text.size };
	open = state_get(&instance->working, key).at != NULL;
	if (open == (view->phase == RK_BEGIN))
		return 0;
	if (view->phase == RK_BEGIN) {
		r = state_set(&instance->working, key, (struct slice){ "", 0 });
		if (r < 0)
			return r;
		state_pack_set(&part->state, key, (struct slice){ "", 0 });
	} else {
		state_remove(&instance->working, key);
		state_pack_remove(&part->state, key);
	}
	return 1;
}

static int event_locked(struct rk_run *run, const struct rk_event *event)
{
	struct instance *instance = run->instance;
	struct event_view view;
	struct part *part;
	int r = instance_check_run(run);

	if (r < 0)
		return r;
	if (!event_is_sound(instance, event))
		return 0;
	part = instance_open_part(instance);
	if (!part || reserve_texts(instance, event) < 0)
		return -ENOMEM;
	make_view(instance, event, &view);
	if (!part_has_room_for_event(part, &view))
		return -E2BIG;
	r = note_phase(instance, part, &view);
	if (r > 0)
		part_add_event(part, &view);
	if (r < 0)
		return r;
	return part_failed(part) ? -ENOMEM : 0;
}

int instance_event(struct rk_run *run, const struct rk_event *event)
{
	int r;

	pthread_mutex_lock(&run->instance->lock);
	r = event_locked(run, event);
	pthread_mutex_unlock(&run->instance->lock);
	return r;
}
