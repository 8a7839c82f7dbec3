/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind sandbox.h share. */
#ifndef ISOLATE_SANDBOX_INTERNAL_H
#define ISOLATE_SANDBOX_INTERNAL_H

#include "sandbox.h"

#include <rookery/plugin.h>

/* A sanitizer's shadow takes terabytes of addresses, and so cannot be bounded. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANDBOX_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANDBOX_SANITIZED 1
#endif
#endif
#ifndef SANDBOX_SANITIZED
#define SANDBOX_SANITIZED 0
#endif

/* Bounds of what the process may use (sandbox_limits.c). */
int sandbox_limit(const struct sandbox_limits *limits, struct buffer *why);

/* No privileges from here on, no core, no tracer (sandbox_privileges.c). */
int sandbox_drop_privileges(uint32_t needs, struct buffer *missing, struct buffer *why);

/* Files, TCP, signals and abstract sockets by landlock (sandbox_paths.c). */
int sandbox_confine_paths(const struct sandbox_options *options, struct buffer *missing,
	struct buffer *why);

/* System calls by seccomp (sandbox_filter.c). cookie: what the handler passes in an
 * argument that the call does not have, so that the filter lets it through. */
int sandbox_filter_calls(uint32_t needs, uint64_t cookie, struct buffer *why);

/* Takes SIGSYS over (sandbox_refusal.c). -ENOMEM, or what sigaction says. */
int sandbox_watch_refusals(const struct sandbox_options *options, uint64_t cookie);

/* ---- the tables of sandbox_calls.c --------------------------------------- */

/* An argument of a call, of which mask's bits must be value. Arguments that are an int
 * have no meaning in their upper half. */
struct sandbox_argument {
	bool checked;
	uint8_t index;
	uint32_t mask, value;
};

#define SANDBOX_RULE_ARGUMENTS 3

/* A call that is allowed with any of these needs (0: always) and these arguments. A
 * call may have several. */
struct sandbox_rule {
	const char *name;
	uint32_t needs;
	struct sandbox_argument arguments[SANDBOX_RULE_ARGUMENTS];
};

/* A call that is not, unless a rule allows it. reason: NULL where it is no sign of a
 * plugin that does what it did not declare. */
struct sandbox_refusal {
	const char *name, *reason;
};

extern const char *const sandbox_allowed[];
extern const size_t sandbox_n_allowed;
extern const struct sandbox_rule sandbox_rules[];
extern const size_t sandbox_n_rules;
extern const struct sandbox_refusal sandbox_refusals[];
extern const size_t sandbox_n_refusals;

#endif
