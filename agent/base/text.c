/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include "macros.h"

#include <stdint.h>

enum { NEAREST_MAX_SIZE = 64 };

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b
 * (optimal string alignment). Both at most NEAREST_MAX_SIZE bytes. */
static size_t edit_distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
	uint8_t rows[3][NEAREST_MAX_SIZE + 1];
	uint8_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= n_b; j++)
		above[j] = (uint8_t)j;
	for (size_t i = 1; i <= n_a; i++) {
		uint8_t *oldest = before;

		row[0] = (uint8_t)i;
		for (size_t j = 1; j <= n_b; j++) {
			size_t best = above[j - 1] + (size_t)(a[i - 1] != b[j - 1]);

			best = MIN(best, (size_t)above[j] + 1);
			best = MIN(best, (size_t)row[j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
				a[i - 2] == b[j - 1])
				best = MIN(best, (size_t)before[j - 2] + 1);
			row[j] = (uint8_t)best;
		}
		before = above;
		above = row;
		row = oldest;
	}
	return above[n_b];
}

const char *text_nearest(const char *typed, const char *const *candidates, size_t n)
{
	size_t n_typed = strlen(typed);
	size_t best = SIZE_MAX;
	const char *nearest = NULL;

	if (n_typed > NEAREST_MAX_SIZE)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t n_candidate = strlen(candidates[i]);
		size_t distance;

		if (n_candidate > NEAREST_MAX_SIZE)
			continue;
		distance = edit_distance(typed, n_typed, candidates[i], n_candidate);
		if (distance < best && distance <= (MAX(n_typed, n_candidate) + 2) / 3) {
			best = distance;
			nearest = candidates[i];
		}
	}
	return nearest;
}

bool text_is_name(const char *text, size_t max_size, const char *also)
{
	size_t i;

	if (text[0] < 'a' || text[0] > 'z')
		return false;
	for (i = 1; text[i] != '\0'; i++) {
		bool known = (text[i] >= 'a' && text[i] <= 'z') ||
			     (text[i] >= '0' && text[i] <= '9') || text[i] == '_';

		if (i >= max_size || (!known && !strchr(also, text[i])))
			return false;
	}
	return true;
}
