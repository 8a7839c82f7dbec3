/* SPDX-License-Identifier: Apache-2.0 */
#include "split.h"

#include "base/macros.h"

void split_refused(struct split *split, uint32_t n)
{
	if (split->left == 0)
		*split = (struct split){ .left = n };
	split->n_sent++;
	split->suspect = n;
	split->next = n / 2;
	if (n == 1)
		split->buries = 1;
	else if (split->n_sent >= SPLIT_MAX_REQUESTS)
		split->buries = split->left;
}

/* Goes on behind n records of what is left. */
static void pass(struct split *split, uint32_t n)
{
	split->left -= MIN(n, split->left);
	split->suspect -= MIN(n, split->suspect);
	if (split->left == 0)
		*split = (struct split){ 0 };
}

void split_taken(struct split *split, uint32_t n)
{
	if (split->left == 0)
		return;
	split->n_sent++;
	pass(split, n);
	split->next = split->suspect > 0 ? (split->suspect + 1) / 2 : split->left;
}

/* Most often it was the only one: the rest is tried as a whole. */
void split_buried(struct split *split)
{
	uint32_t n = split->buries;

	split->buries = 0;
	pass(split, n);
	split->suspect = 0;
	split->next = split->left;
}
