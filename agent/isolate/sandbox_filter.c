/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of sandbox_calls.c as a filter of the kernel. What is not allowed is a trap,
 * and the handler of sandbox_refusal.c says what the call returns. With RK_NEED_EXEC
 * there is none, since programs that a plugin starts inherit the filter and not the
 * handler: it fails with -EPERM, and nobody is told.
 */
#include "sandbox_internal.h"

#include "base/buffer.h"
#include "base/macros.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Calls up to this number that no table names, and that came after what libseccomp knows:
 * programs are told that they do not exist. */
enum { NEWEST_CALL = 511, OLDEST_NEW_CALL = 424 };

struct filter {
	scmp_filter_ctx context;
	uint32_t needs;
	uint64_t cookie;
	int r; /* the first failure */
};

static void add(struct filter *filter, uint32_t action, const char *name,
	const struct scmp_arg_cmp *arguments, unsigned int n)
{
	int number = seccomp_syscall_resolve_name(name);

	/* Negative: of another architecture. */
	if (number < 0 || filter->r < 0)
		return;
	filter->r = seccomp_rule_add_array(filter->context, action, number, n, arguments);
}

static void allow(struct filter *filter, const char *name,
	const struct scmp_arg_cmp *arguments, unsigned int n)
{
	add(filter, SCMP_ACT_ALLOW, name, arguments, n);
}

/* An int: the kernel does not look at the upper half of its register, and no compiler
 * promises anything of it. */
static struct scmp_arg_cmp bits_are(unsigned int index, uint32_t mask, uint32_t value)
{
	return (struct scmp_arg_cmp){ index, SCMP_CMP_MASKED_EQ, mask, value };
}

static void allow_as_tables_say(struct filter *filter)
{
	for (size_t i = 0; i < sandbox_n_allowed; i++)
		allow(filter, sandbox_allowed[i], NULL, 0);
	for (size_t i = 0; i < sandbox_n_rules; i++) {
		const struct sandbox_rule *rule = &sandbox_rules[i];
		struct scmp_arg_cmp arguments[SANDBOX_RULE_ARGUMENTS];
		unsigned int n = 0;

		if (rule->needs && !(rule->needs & filter->needs))
			continue;
		while (n < SANDBOX_RULE_ARGUMENTS && rule->arguments[n].checked) {
			const struct sandbox_argument *argument = &rule->arguments[n];

			arguments[n++] = bits_are(
				argument->index, argument->mask, argument->value);
		}
		allow(filter, rule->name, arguments, n);
	}
}

static void allow_signals_to_itself(struct filter *filter)
{
	const struct scmp_arg_cmp own = bits_are(0, UINT32_MAX, (uint32_t)getpid());

	if (!(filter->needs & RK_NEED_EXEC)) {
		allow(filter, "kill", &own, 1);
		allow(filter, "tgkill", &own, 1);
	}
	allow(filter, "rt_sigqueueinfo", &own, 1);
	allow(filter, "rt_tgsigqueueinfo", &own, 1);
	allow(filter, "prlimit64", &own, 1);
}

/* Opening goes through the handler, which opens and says why it failed; reading does
 * not where all may be read. */
static void allow_opening(struct filter *filter)
{
	static const char *const names[] = { "open", "openat", "openat2", "creat" };
	static const uint32_t writing =
		O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
	const struct scmp_arg_cmp told = { 5, SCMP_CMP_EQ, filter->cookie, 0 };
	const struct scmp_arg_cmp open_reads = bits_are(1, writing, O_RDONLY);
	const struct scmp_arg_cmp openat_reads = bits_are(2, writing, O_RDONLY);
	bool watched = !(filter->needs & RK_NEED_EXEC);

	for (size_t i = 0; i < LENGTH(names); i++)
		allow(filter, names[i], &told, watched ? 1 : 0);
	if (watched && (filter->needs & RK_NEED_FILES)) {
		allow(filter, "open", &open_reads, 1);
		allow(filter, "openat", &openat_reads, 1);
	}
}

/* A thread that blocks SIGSYS would die of what it is refused, also of opening a file
 * that it may open; so what could block it goes through the handler. */
static void allow_signal_masks(struct filter *filter)
{
	const struct scmp_arg_cmp asks = { 1, SCMP_CMP_EQ, 0, 0 };
	const struct scmp_arg_cmp unblocks = bits_are(0, UINT32_MAX, SIG_UNBLOCK);
	const struct scmp_arg_cmp told = { 5, SCMP_CMP_EQ, filter->cookie, 0 };
	bool watched = !(filter->needs & RK_NEED_EXEC);

	if (!watched) {
		allow(filter, "rt_sigprocmask", NULL, 0);
		allow(filter, "rt_sigaction", NULL, 0);
		return;
	}
	allow(filter, "rt_sigprocmask", &asks, 1);
	allow(filter, "rt_sigprocmask", &unblocks, 1);
	allow(filter, "rt_sigaction", &asks, 1);
	allow(filter, "rt_sigaction", &told, 1);
}

/* clone3 has its flags in memory, where no filter can look: the C library then uses
 * clone. */
static void hide_calls(struct filter *filter)
{
	add(filter, SCMP_ACT_ERRNO(ENOSYS), "clone3", NULL, 0);
	if (!(filter->needs & RK_NEED_EXEC))
		return;
	for (int number = OLDEST_NEW_CALL; number <= NEWEST_CALL; number++) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);

		if (!name && filter->r == 0)
			filter->r = seccomp_rule_add_array(
				filter->context, SCMP_ACT_ERRNO(ENOSYS), number, 0, NULL);
		free(name);
	}
}

static int set_attributes(scmp_filter_ctx context)
{
	static const struct {
		enum scmp_filter_attr attribute;
		uint32_t value;
	} attributes[] = {
		/* i386 and x32 have numbers of their own, which no table is for. */
		{ SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS },
		{ SCMP_FLTATR_CTL_NNP, 0 },   /* set already */
		{ SCMP_FLTATR_CTL_TSYNC, 1 }, /* sanitizers have threads of their own */
		{ SCMP_FLTATR_CTL_OPTIMIZE, 2 }, /* a tree and not a list */
	};
	int r = 0;

	for (size_t i = 0; i < LENGTH(attributes) && r == 0; i++)
		r = seccomp_attr_set(
			context, attributes[i].attribute, attributes[i].value);
	return r;
}

int sandbox_filter_calls(uint32_t needs, uint64_t cookie, struct buffer *why)
{
	struct filter filter = { .needs = needs, .cookie = cookie };

	filter.context = seccomp_init(
		(needs & RK_NEED_EXEC) ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_TRAP);
	if (!filter.context)
		filter.r = -ENOMEM;
	else
		filter.r = set_attributes(filter.context);
	allow_as_tables_say(&filter);
	allow_signals_to_itself(&filter);
	allow_opening(&filter);
	allow_signal_masks(&filter);
	hide_calls(&filter);
	if (filter.r == 0)
		filter.r = seccomp_load(filter.context);
	seccomp_release(filter.context);
	if (filter.r < 0)
		buffer_append_format(
			why, "cannot filter system calls: %s", strerror(-filter.r));
	return filter.r;
}
