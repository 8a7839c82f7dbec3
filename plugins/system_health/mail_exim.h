/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of a local Exim, from the names of the files in its spool (the chapter
 * "Format of spool files" of its specification). A message is two files, ID-H and
 * ID-D; no file is opened, since the id itself says when the message came.
 */
#ifndef SYSTEM_HEALTH_MAIL_EXIM_H
#define SYSTEM_HEALTH_MAIL_EXIM_H

#include "mail.h"
#include "part.h"
#include "schedule.h"

enum exim_kind { EXIM_HEADER = 'H', EXIM_DATA = 'D' };

struct exim_file {
	enum exim_kind kind;
	int64_t received_s; /* Unix time */
};

/* Reads the name of a file. False where it is no header or data of a message. */
bool exim_file_parse(const char *name, struct exim_file *ret_file);

struct mail_exim {
	struct schedule schedule;
	struct mail_handles queue;
};

extern const struct part mail_exim_part;

#endif
