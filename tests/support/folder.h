/* SPDX-License-Identifier: Apache-2.0 */
/* A folder of a test's own, removed with all that is in it. */
#ifndef SUPPORT_FOLDER_H
#define SUPPORT_FOLDER_H

/* Returns its path, owned by the caller until folder_remove. */
char *folder_make(void);
void folder_remove(char *folder);

#endif
