/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Configured values: what configuration says about a set of options, each with
 * its type and the place that it comes from. Made by config/bind.c, carried to
 * wherever the plugin is, and written into its struct by options_fill.
 */
#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

#include "description.h"

#include <stdbool.h>

/* Where something stands. file is borrowed from the configuration that holds
 * the values; NULL: nowhere in a file. Lines and columns count from 1. */
struct place {
	const char *file;
	unsigned int line, column;
};

/* Where a value comes from. */
enum origin {
	ORIGIN_NONE,        /* not configured and without preset */
	ORIGIN_PRESET,      /* the option's default */
	ORIGIN_FILE,        /* written at its place */
	ORIGIN_ENVIRONMENT, /* ${env:V} at its place */
	ORIGIN_SECRET_FILE, /* ${file:PATH} */
	ORIGIN_CREDENTIAL,  /* ${credential:NAME} */
};

struct values;

struct value {
	enum origin origin;
	struct place place;
	union {
		bool boolean;
		int64_t integer;
		double real;
		struct rk_number decimal;
		const char *text; /* also of a secret */
		int64_t ns;       /* duration, time */
		uint64_t bytes;   /* size */
		uint32_t choice;
		struct rk_list list;
		struct rk_map map;
		struct {
			const struct values *rows;
			size_t n;
		} table;
		const struct values *group;
	};
};

/* One value for each option of the set, in its order. */
struct values {
	const struct option_set *set; /* borrowed; outlives the values */
	const struct value *items;
	struct place place; /* where the mapping begins */
};

/* Whether both say the same for options of the same names and types; where that
 * stands does not count. */
bool values_equal(const struct values *a, const struct values *b);

/* A hash of what is configured, and not left to presets; secrets have no part in it. It
 * is 0 where nothing is. */
uint64_t values_hash(const struct values *values);

/* The value at a path such as "prices[2].fee"; NULL where the path leads nowhere
 * or to a whole row. What check faults are placed with. */
const struct value *values_find(const struct values *values, const char *path);

/* The place of the value at a path or of the deepest part of it that is there,
 * at least that of the mapping. */
struct place values_find_place(const struct values *values, const char *path);

/* Reads one scalar as the option's type wants it: presets, YAML scalars and
 * bounds are all read here. Texts are copied into the arena; origin and place of
 * the value stay. 0, -ENOMEM, or -EINVAL with a reason for people appended to
 * why, such as "'10 sec' is no duration: ...", which never repeats a secret. */
struct buffer;
int value_from_text(struct arena *arena, const struct option *option, const char *text,
	size_t n, struct value *ret_value, struct buffer *why);

/* 0 where the value is within the option's range or there is none; else -ERANGE
 * and a reason such as "must be within 1..100", which can follow the option's
 * name. -EINVAL: the range itself cannot be read. */
int value_check_range(
	const struct option *option, const struct value *value, struct buffer *why);

/* Overwrites every secret in the values, also in groups and tables. */
void values_wipe_secrets(struct values *values);

#endif
