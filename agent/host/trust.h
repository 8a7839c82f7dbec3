/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a plugin's file may be loaded. */
#ifndef HOST_TRUST_H
#define HOST_TRUST_H

struct buffer;

/* The file and its folder belong to root or to the agent's user and nobody else can
 * write them, and the file is a whole shared object. path is real: absolute and
 * without links. 0, or a negative errno with a reason appended to why. Blocks. */
int trust_check(const char *path, struct buffer *why);

#endif
