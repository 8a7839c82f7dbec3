/* SPDX-License-Identifier: Apache-2.0 */
#include "tcp.h"

#include "machine.h"
#include "options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TCP_PIECE = 64 * 1024 };

/* A socket that has not been accepted yet is another kind of object for the kernel,
 * and the same state for everyone else. */
enum { TCP_SYN_RECEIVED = 3, TCP_NEW_SYN_RECEIVED = 12 };

static const char *const state_names[TCP_STATES] = {
	[1] = "established",
	[2] = "syn_sent",
	[TCP_SYN_RECEIVED] = "syn_received",
	[4] = "fin_wait_1",
	[5] = "fin_wait_2",
	[6] = "time_wait",
	[7] = "closed",
	[8] = "close_wait",
	[9] = "last_ack",
	[10] = "listen",
	[11] = "closing",
};

static int hexadecimal(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/* The number of the state in a line "sl local remote st ..."; 0 where it is none of
 * a socket, such as the heading. */
static unsigned int line_state(struct scan line)
{
	struct scan word;
	int high, low;

	for (int i = 0; i < 3; i++) {
		if (!scan_word(&line, &word))
			return 0;
	}
	if (!scan_word(&line, &word) || scan_left(&word) != 2)
		return 0;
	high = hexadecimal(word.at[0]);
	low = hexadecimal(word.at[1]);
	if (high != 0 || low <= 0 || low >= TCP_STATES)
		return 0;
	return (unsigned int)low;
}

size_t tcp_count_piece(struct tcp_count *count, const char *text, size_t size)
{
	struct scan scan = scan_of(text, size), line;

	while (scan_until(&scan, '\n', &line)) {
		unsigned int state = count->in_long_line ? 0 : line_state(line);

		count->in_long_line = false;
		if (state == TCP_NEW_SYN_RECEIVED)
			state = TCP_SYN_RECEIVED;
		count->sockets[state]++;
	}
	return size - scan_left(&scan);
}

void tcp_count_long_line(struct tcp_count *count)
{
	count->in_long_line = true;
}

/* Reads one of the two files to its end. */
static int count_file(struct source *source, struct machine *machine,
	struct report *report, struct tcp_count *count)
{
	char *piece = machine->text.data;
	size_t held = 0;
	off_t offset = 0;

	while (!report_is_over(report)) {
		ssize_t n =
			source_read_at(source, piece + held, TCP_PIECE - held, offset);
		size_t used;

		if (n <= 0)
			return (int)n;
		offset += n;
		held += (size_t)n;
		used = tcp_count_piece(count, piece, held);
		held -= used;
		memmove(piece, piece + used, held);
		if (held == TCP_PIECE) {
			tcp_count_long_line(count);
			held = 0;
		}
	}
	return report->failure;
}

static int read_file(struct tcp *tcp, size_t i, struct machine *machine,
	struct report *report, struct tcp_count *count)
{
	static const char *const names[] = { "tcp", "tcp6" };
	char path[32];
	int r;

	(void)snprintf(path, sizeof(path), "%s/net/%s", machine->process, names[i]);
	r = source_open(&tcp->sources[i], machine->proc, path);
	if (r == 0)
		r = count_file(&tcp->sources[i], machine, report, count);
	if (r < 0) {
		source_close(&tcp->sources[i]);
		report_fail(report, r, "cannot read '%s/%s': %s", machine->settings->proc,
			path, strerror(-r));
	}
	return r;
}

static int tcp_collect(void *state, struct machine *machine, struct report *report)
{
	struct tcp *tcp = state;
	struct tcp_count count = { 0 };
	int r;

	if (!schedule_is_due(&tcp->schedule, machine->settings->tcp.every.ns, report))
		return 0;
	r = text_reserve(&machine->text, TCP_PIECE);
	if (r < 0)
		return r;
	r = read_file(tcp, 0, machine, report, &count);
	if (r < 0)
		return r;
	/* A machine without IPv6 has no tcp6. */
	r = read_file(tcp, 1, machine, report, &count);
	if (r < 0 && r != -ENOENT)
		return r;
	for (size_t i = 1; i < TCP_STATES; i++) {
		const struct rk_label labels[] = {
			{ LABEL_NET_STATE, state_names[i] },
			{ LABEL_NET_TRANSPORT, "tcp" },
		};

		if (state_names[i])
			report_amount(report,
				report_series(report, &tcp->handles[i],
					METRIC_NETWORK_CONNECTION_COUNT, labels,
					RK_LEN(labels)),
				count.sockets[i]);
	}
	return 0;
}

static void tcp_finish(void *state)
{
	struct tcp *tcp = state;

	for (size_t i = 0; i < RK_LEN(tcp->sources); i++)
		source_close(&tcp->sources[i]);
}

const struct part tcp_part = {
	.name = "tcp",
	.collect = tcp_collect,
	.finish = tcp_finish,
};
