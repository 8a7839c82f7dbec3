/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plugin on a captured tree of testdata/ (see its README.md), in the hands of a
 * fake host. Nothing of the machine that runs the test is looked at.
 */
#ifndef SYSTEM_HEALTH_FIXTURE_H
#define SYSTEM_HEALTH_FIXTURE_H

#include "fake_host.h"
#include "system_health.h"

#define TESTDATA SOURCE_DIR "/plugins/system_health/testdata"

struct fixture {
	struct fake_host *fake;       /* owned */
	struct system_health *health; /* the instance, borrowed from fake */
	char *tree;                   /* owned: where the files are */
	char *copy; /* owned: to be removed; NULL: the tree itself is used */
};

/* options: further ones as fake_host_create takes them, or NULL. */
struct fixture *fixture_open(const char *tree, const char *const *options);

/* The same on a copy of the tree that can be changed. */
struct fixture *fixture_open_copy(const char *tree, const char *const *options);

void fixture_close(struct fixture *fixture);

/* Starts where it has not been, advances the clock by ten seconds from the second
 * run on, and collects. Returns the result of the run. */
int fixture_run(struct fixture *fixture);

/* Whether the last run gave a sample whose line begins so. */
bool fixture_reports(const struct fixture *fixture, const char *prefix);

/* Writes the files of next/ over those of the copy, in place. */
void fixture_next(struct fixture *fixture);

/* Writes one file of the copy, in place; NULL removes it. */
void fixture_write(struct fixture *fixture, const char *name, const char *text);

/* "<tree>/<name>", owned by the caller. */
char *fixture_path(const struct fixture *fixture, const char *name);

/* Answers for the mounts of the fixture that was opened last, from its file statfs. */
int fixture_statfs(const char *path, struct statfs *ret_space);

/* A new empty folder, owned by the caller; folder_remove frees it as well. */
char *folder_create_temporary(void);
void folder_remove(char *folder);

#endif
