/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's log: one line a message, to standard error.
 *
 * A message is lower case, has no full stop, says first what failed, and puts
 * its subject in single quotes (git's rules). A function logs or returns an
 * error, never both. Any thread may log. A reader of standard error that stops
 * reading blocks nobody: lines are dropped, counted and told of later.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdarg.h>
#include <stdbool.h>

/* The values are those of syslog and of systemd's <n> prefix (sd-daemon(3)). */
enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_NOTICE,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG,
};

enum log_form {
	LOG_FORM_PLAIN,    /* time, level, who: message */
	LOG_FORM_PRIORITY, /* <level>who: message, for systemd's journal */
};

/* Takes the form that fits where standard error goes: LOG_FORM_PRIORITY where
 * systemd says in JOURNAL_STREAM that it reads it (systemd.exec(5)). */
void log_setup(enum log_level level);
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/* "error", ...; NULL where there is no such level. */
const char *log_level_name(enum log_level level);

/* Hands lines to somebody else instead of writing them to standard error; any thread may
 * call it. Once, before there are threads. */
void log_set_writer(
	void (*write)(enum log_level level, const char *who, const char *text));

/* The line that stays below all others on a terminal; NULL: none any more. */
void log_set_status(const char *text);

/* who is the actor that speaks: a module, a collector's or a sink's id. */
void log_write(enum log_level level, const char *who, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void log_write_list(enum log_level level, const char *who, const char *format,
	va_list list) __attribute__((format(printf, 3, 0)));

#define log_error(...)   log_write(LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_notice(...)  log_write(LOG_LEVEL_NOTICE, __VA_ARGS__)
#define log_info(...)    log_write(LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(...)   log_write(LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
