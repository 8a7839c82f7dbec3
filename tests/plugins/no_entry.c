/* SPDX-License-Identifier: Apache-2.0 */
/* A shared object that is no plugin. */
int rookery_test_no_entry;
