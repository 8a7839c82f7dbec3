/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons with a path in them, made in a handler of signals and kept for good. There is
 * a fixed number of them: a plugin that tries ever other paths is told with the last of
 * them that others follow. */
#ifndef ISOLATE_SANDBOX_TEXT_H
#define ISOLATE_SANDBOX_TEXT_H

/* "opens '/etc/shadow', but its 'needs' lack RK_NEED_FILES": verb, path, and what comes
 * behind the comma. The text lives forever; the same parts give the same text. What is
 * not printable is shown as a question mark, a long path is cut. Safe in a handler of
 * signals, on any thread. */
const char *sandbox_text(const char *verb, const char *path, const char *rest);

#endif
