/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The layout of ABI 1.0 on machines with 64-bit pointers, frozen: a plugin that was
 * built for it runs on every 1.x. What may grow (rookery/plugin.h says what) may
 * only grow behind its last line here; then its SIZE line becomes AT_LEAST.
 */
#include <rookery/ext/http.h>
#include <rookery/ext/loop.h>
#include <rookery/ext/metrics.h>
#include <rookery/ext/state.h>
#include <rookery/plugin.h>

#include "cases.h"

#define SIZE(name, size)                                                                 \
	_Static_assert(sizeof(struct name) == (size), "the size of " #name " changed")
#define AT(name, member, offset)                                                         \
	_Static_assert(                                                                  \
		offsetof(struct name, member) == (offset), #name "." #member " moved")
#define VALUE(name, value) _Static_assert((name) == (value), #name " changed")

SIZE(rk_number, 16);
AT(rk_number, real, 0);
AT(rk_number, digits, 0);
AT(rk_number, form, 8);
AT(rk_number, scale, 12);

SIZE(rk_label, 16);
AT(rk_label, name, 0);
AT(rk_label, value, 8);

SIZE(rk_duration, 8);
AT(rk_duration, ns, 0);

SIZE(rk_time, 8);
AT(rk_time, ns, 0);

SIZE(rk_size, 8);
AT(rk_size, bytes, 0);

SIZE(rk_choice, 4);
AT(rk_choice, index, 0);

SIZE(rk_secret, 8);
AT(rk_secret, text, 0);

SIZE(rk_list, 16);
AT(rk_list, items, 0);
AT(rk_list, n, 8);

SIZE(rk_map, 16);
AT(rk_map, items, 0);
AT(rk_map, n, 8);

SIZE(rk_table, 16);
AT(rk_table, rows, 0);
AT(rk_table, n, 8);

SIZE(rk_option, 64);
AT(rk_option, name, 0);
AT(rk_option, type, 8);
AT(rk_option, offset, 12);
AT(rk_option, flags, 16);
AT(rk_option, preset, 24);
AT(rk_option, range, 32);
AT(rk_option, choices, 40);
AT(rk_option, columns, 48);
AT(rk_option, help, 56);

SIZE(rk_columns, 32);
AT(rk_columns, row_size, 0);
AT(rk_columns, option_size, 8);
AT(rk_columns, options, 16);
AT(rk_columns, n_options, 24);

SIZE(rk_metric, 40);
AT(rk_metric, name, 0);
AT(rk_metric, kind, 8);
AT(rk_metric, confidence, 12);
AT(rk_metric, unit, 16);
AT(rk_metric, labels, 24);
AT(rk_metric, help, 32);

SIZE(rk_sample, 40);
AT(rk_sample, series, 0);
AT(rk_sample, confidence, 4);
AT(rk_sample, flags, 6);
AT(rk_sample, value, 8);
AT(rk_sample, time_ns, 24);
AT(rk_sample, start_ns, 32);

SIZE(rk_event, 96);
AT(rk_event, size, 0);
AT(rk_event, severity, 4);
AT(rk_event, phase, 8);
AT(rk_event, follow_up, 12);
AT(rk_event, type, 16);
AT(rk_event, key, 24);
AT(rk_event, insight, 32);
AT(rk_event, action, 40);
AT(rk_event, labels, 48);
AT(rk_event, n_labels, 56);
AT(rk_event, details, 64);
AT(rk_event, n_details, 72);
AT(rk_event, time_ns, 80);
AT(rk_event, start_ns, 88);

SIZE(rk_request, 40);
AT(rk_request, size, 0);
AT(rk_request, flags, 4);
AT(rk_request, scheduled_ns, 8);
AT(rk_request, from_ns, 16);
AT(rk_request, to_ns, 24);
AT(rk_request, timeout_ns, 32);

SIZE(rk_host, 112);
AT(rk_host, abi, 0);
AT(rk_host, size, 4);
AT(rk_host, impl, 8);
AT(rk_host, log, 16);
AT(rk_host, series, 24);
AT(rk_host, forget, 32);
AT(rk_host, emit, 40);
AT(rk_host, event, 48);
AT(rk_host, commit, 56);
AT(rk_host, done, 64);
AT(rk_host, cancelled, 72);
AT(rk_host, request, 80);
AT(rk_host, now_ns, 88);
AT(rk_host, fault, 96);
AT(rk_host, extension, 104);

SIZE(rk_plugin, 152);
AT(rk_plugin, abi, 0);
AT(rk_plugin, size, 4);
AT(rk_plugin, option_size, 8);
AT(rk_plugin, metric_size, 12);
AT(rk_plugin, name, 16);
AT(rk_plugin, summary, 24);
AT(rk_plugin, version, 32);
AT(rk_plugin, flags, 40);
AT(rk_plugin, needs, 44);
AT(rk_plugin, interval, 48);
AT(rk_plugin, timeout, 56);
AT(rk_plugin, options, 64);
AT(rk_plugin, n_options, 72);
AT(rk_plugin, metrics, 80);
AT(rk_plugin, n_metrics, 88);
AT(rk_plugin, state_size, 96);
AT(rk_plugin, check, 104);
AT(rk_plugin, start, 112);
AT(rk_plugin, collect, 120);
AT(rk_plugin, cancel, 128);
AT(rk_plugin, stop, 136);
AT(rk_plugin, extension, 144);

SIZE(rk_loop, 64);
AT(rk_loop, size, 0);
AT(rk_loop, timer_create, 8);
AT(rk_loop, timer_set, 16);
AT(rk_loop, timer_unset, 24);
AT(rk_loop, timer_remove, 32);
AT(rk_loop, watch_create, 40);
AT(rk_loop, watch_set, 48);
AT(rk_loop, watch_remove, 56);

SIZE(rk_metrics, 16);
AT(rk_metrics, size, 0);
AT(rk_metrics, define, 8);

SIZE(rk_state, 32);
AT(rk_state, size, 0);
AT(rk_state, get, 8);
AT(rk_state, set, 16);
AT(rk_state, remove, 24);

SIZE(rk_http_auth, 72);
AT(rk_http_auth, size, 0);
AT(rk_http_auth, scheme, 4);
AT(rk_http_auth, name, 8);
AT(rk_http_auth, secret, 16);
AT(rk_http_auth, token, 24);
AT(rk_http_auth, region, 32);
AT(rk_http_auth, service, 40);
AT(rk_http_auth, url, 48);
AT(rk_http_auth, scope, 56);
AT(rk_http_auth, flags, 64);

SIZE(rk_http_order, 184);
AT(rk_http_order, size, 0);
AT(rk_http_order, flags, 4);
AT(rk_http_order, method, 8);
AT(rk_http_order, url, 16);
AT(rk_http_order, query, 24);
AT(rk_http_order, n_query, 32);
AT(rk_http_order, headers, 40);
AT(rk_http_order, n_headers, 48);
AT(rk_http_order, body, 56);
AT(rk_http_order, body_size, 64);
AT(rk_http_order, auth, 72);
AT(rk_http_order, timeout_ns, 80);
AT(rk_http_order, connect_timeout_ns, 88);
AT(rk_http_order, patience_ns, 96);
AT(rk_http_order, attempts, 104);
AT(rk_http_order, redirects, 108);
AT(rk_http_order, max_body, 112);
AT(rk_http_order, run, 120);
AT(rk_http_order, account, 128);
AT(rk_http_order, per_second, 136);
AT(rk_http_order, burst, 144);
AT(rk_http_order, ca_file, 152);
AT(rk_http_order, proxy, 160);
AT(rk_http_order, on_done, 168);
AT(rk_http_order, context, 176);

SIZE(rk_http_answer, 112);
AT(rk_http_answer, size, 0);
AT(rk_http_answer, result, 4);
AT(rk_http_answer, status, 8);
AT(rk_http_answer, attempts, 12);
AT(rk_http_answer, why, 16);
AT(rk_http_answer, body, 24);
AT(rk_http_answer, body_size, 32);
AT(rk_http_answer, url, 40);
AT(rk_http_answer, dns_ns, 48);
AT(rk_http_answer, connect_ns, 56);
AT(rk_http_answer, tls_ns, 64);
AT(rk_http_answer, first_byte_ns, 72);
AT(rk_http_answer, total_ns, 80);
AT(rk_http_answer, certificate_ends_ns, 88);
AT(rk_http_answer, retry_after_ns, 96);
AT(rk_http_answer, from_cache, 104);

SIZE(rk_http_limit, 32);
AT(rk_http_limit, size, 0);
AT(rk_http_limit, limit, 8);
AT(rk_http_limit, remaining, 16);
AT(rk_http_limit, reset_ns, 24);

SIZE(rk_http_pages_order, 40);
AT(rk_http_pages_order, size, 0);
AT(rk_http_pages_order, paging, 4);
AT(rk_http_pages_order, url, 8);
AT(rk_http_pages_order, parameter, 16);
AT(rk_http_pages_order, first, 24);
AT(rk_http_pages_order, max_pages, 32);

SIZE(rk_http, 80);
AT(rk_http, size, 0);
AT(rk_http, start, 8);
AT(rk_http, cancel, 16);
AT(rk_http, header, 24);
AT(rk_http, limit, 32);
AT(rk_http, penalize, 40);
AT(rk_http, pages_begin, 48);
AT(rk_http, pages_url, 56);
AT(rk_http, pages_next, 64);
AT(rk_http, pages_end, 72);

VALUE(RK_TYPE_BOOL, 0);
VALUE(RK_TYPE_INT, 1);
VALUE(RK_TYPE_REAL, 2);
VALUE(RK_TYPE_DECIMAL, 3);
VALUE(RK_TYPE_STRING, 4);
VALUE(RK_TYPE_DURATION, 5);
VALUE(RK_TYPE_TIME, 6);
VALUE(RK_TYPE_SIZE, 7);
VALUE(RK_TYPE_CHOICE, 8);
VALUE(RK_TYPE_SECRET, 9);
VALUE(RK_TYPE_LIST, 10);
VALUE(RK_TYPE_MAP, 11);
VALUE(RK_TYPE_TABLE, 12);
VALUE(RK_TYPE_GROUP, 13);
VALUE(RK_REAL, 0);
VALUE(RK_DECIMAL, 1);
VALUE(RK_GAUGE, 0);
VALUE(RK_DELTA, 1);
VALUE(RK_CUMULATIVE, 2);
VALUE(RK_AS_DECLARED, 0);
VALUE(RK_EXACT, 1);
VALUE(RK_APPROXIMATE, 2);
VALUE(RK_DIRECTIONAL, 3);
VALUE(RK_LOW, 0);
VALUE(RK_MEDIUM, 1);
VALUE(RK_HIGH, 2);
VALUE(RK_ONCE, 0);
VALUE(RK_BEGIN, 1);
VALUE(RK_UPDATE, 2);
VALUE(RK_END, 3);
VALUE(RK_LOG_ERROR, 3);
VALUE(RK_LOG_DEBUG, 7);
VALUE(RK_PARTIAL, 1);
VALUE(RK_PROVISIONAL, 1u);
VALUE(RK_STREAM, 1u);
VALUE(RK_BLOCKING, 2u);
VALUE(RK_REQUIRED, 1u);
VALUE(RK_DEPRECATED, 2u);
VALUE(RK_PATH_READ, 4u);
VALUE(RK_PATH_WRITE, 8u);
VALUE(RK_MANUAL, 1u);
VALUE(RK_EXPLAIN, 2u);
VALUE(RK_READABLE, 1u);
VALUE(RK_WRITABLE, 2u);
VALUE(RK_HANGUP, 4u);
VALUE(RK_NEED_NET, 1u);
VALUE(RK_NEED_UNIX, 2u);
VALUE(RK_NEED_RAW, 4u);
VALUE(RK_NEED_EXEC, 8u);
VALUE(RK_NEED_FILES, 16u);
VALUE(RK_NEED_WRITE, 32u);
VALUE(RK_HTTP_NO_AUTH, 0);
VALUE(RK_HTTP_BEARER, 1);
VALUE(RK_HTTP_BASIC, 2);
VALUE(RK_HTTP_HEADER, 3);
VALUE(RK_HTTP_QUERY, 4);
VALUE(RK_HTTP_AWS_SIGV4, 5);
VALUE(RK_HTTP_OAUTH2, 6);
VALUE(RK_HTTP_CLIENT_IN_BODY, 1u);
VALUE(RK_HTTP_REPEATABLE, 1u);
VALUE(RK_HTTP_UNCACHED, 2u);
VALUE(RK_HTTP_LINKS, 0);
VALUE(RK_HTTP_CURSORS, 1);
VALUE(RK_HTTP_NUMBERS, 2);
VALUE(RK_HTTP_OFFSETS, 3);

static void the_layout_is_that_of_abi_1_0(void **state)
{
	(void)state;
	assert_int_equal(RK_ABI, 0x10000);
}

/* An option's type follows its field, for every type that there is. */
static void the_field_decides_the_type(void **state)
{
	struct every {
		bool boolean;
		int64_t integer;
		double real;
		struct rk_number decimal;
		const char *string;
		struct rk_duration duration;
		struct rk_time time;
		struct rk_size size;
		struct rk_choice choice;
		struct rk_secret secret;
		struct rk_list list;
		struct rk_map map;
		struct rk_table table;
		struct rk_time group;
	};
	static const struct rk_option options[] = {
		{ RK_FIELD(struct every, boolean) },
		{ RK_FIELD(struct every, integer) },
		{ RK_FIELD(struct every, real) },
		{ RK_FIELD(struct every, decimal) },
		{ RK_FIELD(struct every, string) },
		{ RK_FIELD(struct every, duration) },
		{ RK_FIELD(struct every, time) },
		{ RK_FIELD(struct every, size) },
		{ RK_FIELD(struct every, choice) },
		{ RK_FIELD(struct every, secret) },
		{ RK_FIELD(struct every, list) },
		{ RK_FIELD(struct every, map) },
		{ RK_FIELD(struct every, table) },
		{ RK_GROUP(struct every, group) },
	};

	(void)state;
	for (uint32_t i = 0; i < RK_LEN(options); i++)
		assert_int_equal(options[i].type, i);
	assert_int_equal(options[13].offset, offsetof(struct every, group));
}

/* A member added later is used only where the host that runs has it. */
static void a_host_says_which_members_it_has(void **state)
{
	struct rk_host old = { .size = offsetof(struct rk_host, extension) };
	struct rk_host full = { .size = sizeof(full) };

	(void)state;
	assert_false(RK_HOST_HAS(&old, extension));
	assert_true(RK_HOST_HAS(&old, fault));
	assert_true(RK_HOST_HAS(&full, extension));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_layout_is_that_of_abi_1_0),
	cmocka_unit_test(the_field_decides_the_type),
	cmocka_unit_test(a_host_says_which_members_it_has),
};

CASES_MAIN(cases)
