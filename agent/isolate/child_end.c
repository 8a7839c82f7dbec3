/* SPDX-License-Identifier: Apache-2.0 */
#include "child_end.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/macros.h"
#include "child.h"
#include "crash.h"
#include "plugin_file.h"
#include "remote.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* What the kernel says of signals that leave no record. */
static const char *hint_of(int signal)
{
	switch (signal) {
	case SIGKILL:
		return " (by somebody, or for want of memory)";
	case SIGXCPU:
		return " (it used more CPU than its sandbox allows)";
	case SIGXFSZ:
		return " (it wrote a larger file than its sandbox allows)";
	case SIGSYS:
		return " (a system call that its sandbox does not allow)";
	default:
		return "";
	}
}

static void tell_status(const struct child *child, struct buffer *to)
{
	uint32_t called = crash_instance(child->page, CHILD_MAX_INSTANCES);
	const char *name;

	if (WIFEXITED(child->status)) {
		buffer_append_format(
			to, "it called exit(%d)", WEXITSTATUS(child->status));
	} else {
		int number = WTERMSIG(child->status);

		name = sigabbrev_np(number);
		buffer_append_format(to, "SIG%s%s", name ? name : "?", hint_of(number));
	}
	if (called > 0)
		buffer_append_format(to, " in %s",
			call_name(atomic_load(&child->page->places[called - 1].call)));
}

const char *child_end_tell(const struct child *child, char *to, size_t size)
{
	CLEANUP(buffer_finish) struct buffer text = { 0 };
	uint32_t called = crash_instance(child->page, CHILD_MAX_INSTANCES);
	const struct remote *called_one = called > 0 ? child->remotes[called - 1] : NULL;
	const char *blamed = called_one ? remote_id(called_one) : NULL;
	size_t before;

	buffer_append_format(
		&text, "the process of plugin '%s' died: ", child->options.plugin->name);
	before = text.size;
	if (*child->why)
		buffer_append_text(&text, child->why);
	else
		crash_tell(child->page, &text);
	if (text.size == before)
		tell_status(child, &text);
	if (*child->why)
		blamed = *child->offender ? child->offender : NULL;
	if (!blamed)
		blamed = child->only; /* there is nobody else */
	if (blamed)
		buffer_append_format(&text, ", for '%s'", blamed);
	if (*child->output.last)
		buffer_append_format(&text, "; its last line: %s", child->output.last);
	snprintf(to, size, "%s",
		buffer_text(&text) ? buffer_text(&text) : "its process died");
	return blamed;
}
