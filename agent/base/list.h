/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A doubly linked list through links that its members embed. A link that points
 * to itself is alone: the empty list, or a member of none.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "macros.h"

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *previous;
};

static inline void list_init(struct list *list)
{
	list->next = list->previous = list;
}

static inline bool list_is_empty(const struct list *list)
{
	return list->next == list;
}

static inline void list_append(struct list *list, struct list *link)
{
	link->previous = list->previous;
	link->next = list;
	list->previous->next = link;
	list->previous = link;
}

static inline void list_remove(struct list *link)
{
	link->previous->next = link->next;
	link->next->previous = link->previous;
	list_init(link);
}

/* Takes all members of from over to the end of list. */
static inline void list_splice(struct list *list, struct list *from)
{
	if (list_is_empty(from))
		return;
	from->next->previous = list->previous;
	list->previous->next = from->next;
	from->previous->next = list;
	list->previous = from->previous;
	list_init(from);
}

static inline size_t list_length(const struct list *list)
{
	size_t n = 0;

	for (const struct list *link = list->next; link != list; link = link->next)
		n++;
	return n;
}

/* Every link of the list; the current one may be removed meanwhile. */
/* NOLINTBEGIN(bugprone-macro-parentheses): each is a name that is declared */
#define list_each(each, head)                                                            \
	for (struct list *each = (head)->next, *each##_next = each->next;                \
		each != (head); each = each##_next, each##_next = each->next)
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
