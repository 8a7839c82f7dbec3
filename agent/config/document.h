/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A YAML file as a tree in which every node knows where it stands.
 *
 * Aliases are resolved and merge keys (`<<`) merged, so a node may be reached in
 * several ways; it keeps the place where it is written. What cannot be read goes
 * into a report. The trees, the texts and the names belong to a set, which
 * overwrites them when it is destroyed, since they hold secrets.
 *
 * The bounds below stop files that are made to exhaust: nodes behind an alias
 * count each time that it is used.
 */
#ifndef CONFIG_DOCUMENT_H
#define CONFIG_DOCUMENT_H

#include "base/arena.h"
#include "model/value.h"

#include <stdbool.h>
#include <stddef.h>

struct report;

#define DOCUMENT_MAX_SIZE  ((size_t)1 << 20) /* bytes of one file */
#define DOCUMENT_MAX_DEPTH 32                /* mappings and lists in each other */
#define DOCUMENT_MAX_NODES 100000            /* of all documents of a set */

enum node_kind {
	NODE_SCALAR,
	NODE_SEQUENCE,
	NODE_MAPPING,
	NODE_BROKEN, /* what could not be read; the report has it already */
};

struct position {
	unsigned int line, column; /* from 1, in characters */
};

struct node_entry {
	const struct node *key, *value; /* a key is a scalar */
};

struct node {
	enum node_kind kind;
	bool is_plain;       /* a scalar without quotes */
	struct place place;  /* of its first character */
	struct position end; /* behind its last one */
	unsigned int width;  /* how much of its first line it takes, at least 1 */
	unsigned int weight; /* how many nodes it is, with those behind aliases */
	unsigned int height; /* how many nodes lie on top of each other; 0: unfinished */
	union {
		struct {
			const char *text; /* ends with a NUL, may hold others */
			size_t size;
		};
		struct {
			const struct node *const *items;
			size_t n_items;
		};
		struct {
			const struct node_entry *entries;
			size_t n_entries;
		};
	};
};

/* A part of a document that is not shown to anybody. Of a document with more of
 * them than DOCUMENT_MAX_MASKS no line is shown. */
#define DOCUMENT_MAX_MASKS 500

struct mask {
	struct mask *next;
	struct position from, to;
};

struct document {
	const char *name;        /* as in place.file */
	const struct node *root; /* NULL: empty, or it could not be read */
	bool is_parsed;          /* false: nobody knows what its lines hold */
	const char *text;
	size_t size;
	struct mask *masks;
	size_t n_masks;
};

struct document_set {
	struct arena arena;          /* all below but the array */
	struct document **documents; /* owned array */
	size_t n, capacity;
	unsigned int n_nodes; /* of all of them */
};

/* NULL: memory ran out. */
struct document_set *document_set_create(void);
void document_set_destroy(struct document_set *set);

/* For CLEANUP. */
static inline void document_sets_destroy(struct document_set **set)
{
	document_set_destroy(*set);
}

/* Adds a document of the name without text, for a file that cannot be read; so
 * that it has its turn in the order of files. NULL: memory ran out. */
struct document *document_add(struct document_set *set, const char *name);

/* Adds a document and parses its text. What is wrong with it goes into the report.
 * NULL: memory ran out. */
const struct document *document_parse(struct document_set *set, const char *name,
	const char *text, size_t size, struct report *report);

/* The same with the content of the file at path, which is also its name. */
const struct document *document_read(
	struct document_set *set, const char *path, struct report *report);

/* NULL where there is none of this name. */
const struct document *document_find(const struct document_set *set, const char *name);

/* Hides a node from whoever shows its document's lines. 0 or -ENOMEM. */
int document_mask(struct document_set *set, const struct node *node);

/* The line, without what ends it; false where there is none. */
bool document_line(const struct document *document, unsigned int line,
	const char **ret_text, size_t *ret_size);

/* The value of a key; NULL where the node is no mapping or lacks the key. */
const struct node *node_find(const struct node *mapping, const char *key);

/* Nothing, `~` or `null` without quotes. */
bool node_is_null(const struct node *node);

/* "a list", "a mapping", "a text", "nothing". */
const char *node_kind_name(const struct node *node);

#endif
