/* SPDX-License-Identifier: Apache-2.0 */
/* Expected outputs that are kept in files. With ROOKERY_GOLDEN=update in the
 * environment the files are written anew; look at the difference then. */
#ifndef SUPPORT_GOLDEN_H
#define SUPPORT_GOLDEN_H

/* Fails the test, and shows the lines that differ, where the file says otherwise. */
void golden_compare(const char *path, const char *text);

#endif
