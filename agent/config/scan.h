/* SPDX-License-Identifier: Apache-2.0 */
/* A look at a text before libyaml sees it. */
#ifndef CONFIG_SCAN_H
#define CONFIG_SCAN_H

struct document;
struct report;

/* Reports the first thing that no configuration file holds: invalid UTF-8,
 * control characters, invisible line ends, %TAG. 0, or -EINVAL where it did. */
int scan_text(const struct document *document, struct report *report);

#endif
