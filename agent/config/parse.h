/* SPDX-License-Identifier: Apache-2.0 */
/* From libyaml's events to a tree of nodes. */
#ifndef CONFIG_PARSE_H
#define CONFIG_PARSE_H

struct document;
struct document_set;
struct report;

/* Parses the document's text and sets its root, which stays NULL where the text is
 * empty. 0, -ENOMEM, or -EINVAL where the text had to be given up, as the report
 * then tells; what is merely wrong in it (a key twice, an unknown anchor) is
 * reported, and the rest goes on. */
int parse_text(
	struct document_set *set, struct document *document, struct report *report);

#endif
