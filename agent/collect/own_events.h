/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's own events: what it has to say about itself goes through the journal to
 * every sink, as what collectors say does, from the source "rookery".
 *
 * An event begins and ends. Each is told once the journal takes it, so also what
 * cannot be written while the disk is full; of one kind and key, a beginning is told
 * at most once a minute, and what begins and ends in between is one with the next.
 * The loop's.
 */
#ifndef COLLECT_OWN_EVENTS_H
#define COLLECT_OWN_EVENTS_H

#include <stddef.h>
#include <stdint.h>

struct journal;
struct own_events;
struct timers;

enum own_event {
	OWN_SINK_LOSING,     /* key: the sink's id */
	OWN_JOURNAL_FULL,    /* key: journal */
	OWN_JOURNAL_FAILING, /* likewise */
};

/* Evidence. */
struct own_detail {
	const char *name; /* static */
	uint64_t value;
};

#define OWN_EVENT_MAX_DETAILS 4

/* host: agent.host, copied. NULL where memory ran out. */
struct own_events *own_events_create(
	struct journal *journal, struct timers *timers, const char *host);

/* A second beginning and an end without beginning change nothing. What cannot be
 * noted for want of memory is left out. */
void own_events_begin(struct own_events *events, enum own_event kind, const char *key,
	const struct own_detail *details, size_t n);
void own_events_end(struct own_events *events, enum own_event kind, const char *key,
	const struct own_detail *details, size_t n);

/* Nothing is told any more; before the journal is closed. Accepts NULL. */
void own_events_close(struct own_events *events);

/* After that. Accepts NULL. */
void own_events_destroy(struct own_events *events);

#endif
