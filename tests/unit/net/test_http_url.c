/* SPDX-License-Identifier: Apache-2.0 */
/* Where requests may go, and how they are signed. */
#include "base/cleanup.h"
#include "base/macros.h"
#include "cases.h"
#include "net/address.h"
#include "net/http_url.h"
#include "net/sigv4.h"

#include <errno.h>

static void special_addresses_are_known_in_each_dress(void **state)
{
	static const char *const special[] = { "0.0.0.0", "10.1.2.3", "100.64.0.1",
		"100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1",
		"192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
		"203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::10.0.0.1",
		"64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1",
		"2001:db8::1", "2002:7f00:1::", "2002:c0a8:101::1", "3fff::1", "4000::1",
		"5f00::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1",
		"ff02::1", "nonsense", "" };
	static const char *const usual[] = { "1.1.1.1", "9.255.255.255", "11.0.0.0",
		"100.63.255.255", "100.128.0.1", "128.0.0.1", "169.253.1.1", "172.15.0.1",
		"172.32.0.1", "192.0.1.1", "192.167.1.1", "198.17.1.1", "198.20.1.1",
		"223.255.255.255", "2606:4700::1", "2001:200::1", "2003::1", "2a00::1",
		"::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1" };

	(void)state;
	for (size_t i = 0; i < LENGTH(special); i++) {
		if (!address_text_is_special(special[i]))
			fail_msg("%s is taken for one of the internet", special[i]);
	}
	for (size_t i = 0; i < LENGTH(usual); i++) {
		if (address_text_is_special(usual[i]))
			fail_msg("%s is taken for a special one", usual[i]);
	}
}

static void urls_are_resolved_and_bounded(void **state)
{
	static const struct {
		const char *base, *reference, *url; /* NULL: refused */
	} rows[] = {
		{ NULL, "http://a.example", "http://a.example/" },
		{ NULL, "https://a.example:8443/x?y=z#f",
			"https://a.example:8443/x?y=z" },
		{ "https://a.example/x/y?q", "../z", "https://a.example/z" },
		{ "https://a.example/x/y?q", "?page=2", "https://a.example/x/y?page=2" },
		{ "https://a.example/x", "//b.example/y", "https://b.example/y" },
		{ "https://a.example/x", "http://b.example/y", "http://b.example/y" },
		{ NULL, "ftp://a.example/", NULL },
		{ NULL, "file:///etc/passwd", NULL },
		{ "https://a.example/x", "javascript:alert(1)", NULL },
		{ NULL, "http://user@a.example/", NULL },
		{ NULL, "http://user:pass@a.example/", NULL },
		{ NULL, "a.example/x", NULL },
		{ NULL, "http://a.example/\r\nX: y", NULL },
		{ NULL, "http://a.example/a b", NULL },
		{ NULL, "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer to = { 0 };
		CLEANUP(buffer_finish) struct buffer why = { 0 };
		int r = http_url_resolve(rows[i].base, rows[i].reference, &to, &why);

		assert_int_equal(r, rows[i].url ? 0 : -EINVAL);
		assert_int_equal(why.size > 0, r < 0);
		if (rows[i].url)
			assert_string_equal(buffer_text(&to), rows[i].url);
	}
}

static void a_parameter_is_replaced_wherever_it_stood(void **state)
{
	static const struct {
		const char *url, *result;
	} rows[] = {
		{ "http://a/", "http://a/?p=x%26%2F" },
		{ "http://a/?b=1", "http://a/?b=1&p=x%26%2F" },
		{ "http://a/?p=1", "http://a/?p=x%26%2F" },
		{ "http://a/?p=1&b=2&%70=3&p", "http://a/?b=2&p=x%26%2F" },
		{ "http://a/?pp=1&", "http://a/?pp=1&p=x%26%2F" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer to = { 0 };

		assert_int_equal(http_url_replace(rows[i].url, "p", "x&/", &to), 0);
		assert_string_equal(buffer_text(&to), rows[i].result);
	}
}

static void an_origin_is_scheme_host_and_port(void **state)
{
	(void)state;
	assert_true(http_url_same_origin("http://a/x", "http://A:80/y?z"));
	assert_true(http_url_same_origin("https://a/", "https://a:443/"));
	assert_false(http_url_same_origin("http://a/", "https://a/"));
	assert_false(http_url_same_origin("http://a/", "http://a:8080/"));
	assert_false(http_url_same_origin("http://a/", "http://a.b/"));
	assert_false(http_url_same_origin("http://a/", "nonsense"));
}

/* ---- AWS --------------------------------------------------------------------- */

/* From AWS' test suite (aws-sig-v4-test-suite.zip): get-vanilla and
 * get-vanilla-query-order-key-case. */
static void the_published_signatures_come_out(void **state)
{
	static const struct {
		const char *query, *signature;
	} rows[] = {
		{ "", "5fa00fa31553b73ebf1942676e86291e"
		      "8372ff2a2260956d9b8aae1d763fbf31" },
		{ "?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f45"
						  "8b799221646efd99d3219ec94cdf2500" },
	};
	static const struct sigv4_key key = {
		.secret_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
		.region = "us-east-1",
		.service = "service",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer canonical = { 0 };
		CLEANUP(buffer_finish) struct buffer url = { 0 };
		char signature[SIGV4_SIGNATURE_SIZE];

		buffer_append_format(
			&url, "https://example.amazonaws.com/%s", rows[i].query);
		buffer_append_text(&canonical, "GET\n");
		assert_int_equal(
			sigv4_canonical_path(buffer_text(&url), false, &canonical), 0);
		buffer_append_byte(&canonical, '\n');
		assert_int_equal(sigv4_canonical_query(buffer_text(&url), &canonical), 0);
		buffer_append_text(&canonical,
			"\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\n"
			"host;x-amz-date\n"
			"e3b0c44298fc1c149afbf4c8996fb924"
			"27ae41e4649b934ca495991b7852b855");
		assert_int_equal(sigv4_signature(&key, (const char *)canonical.data,
					 canonical.size, "20150830T123600Z", signature),
			0);
		assert_string_equal(signature, rows[i].signature);
	}
}

static void queries_are_sorted_by_name_and_then_by_value(void **state)
{
	static const struct {
		const char *url, *query;
	} rows[] = {
		{ "https://a/?b=2&a=1", "a=1&b=2" },
		{ "https://a/?a=2&a=1", "a=1&a=2" },
		{ "https://a/?a1=x&a-b=y&a=z", "a=z&a-b=y&a1=x" },
		{ "https://a/?x=a+b&y=%2f", "x=a%2Bb&y=%2F" },
		{ "https://a/?x&y=", "x=&y=" },
		{ "https://a/", "" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		CLEANUP(buffer_finish) struct buffer to = { 0 };

		assert_int_equal(sigv4_canonical_query(rows[i].url, &to), 0);
		assert_string_equal(buffer_text(&to), rows[i].query);
	}
}

static void paths_are_encoded_once_more_but_for_s3(void **state)
{
	CLEANUP(buffer_finish) struct buffer s3 = { 0 }, other = { 0 };
	static const char url[] = "https://a/x%20y/~z?q";

	(void)state;
	assert_int_equal(sigv4_canonical_path(url, true, &s3), 0);
	assert_int_equal(sigv4_canonical_path(url, false, &other), 0);
	assert_string_equal(buffer_text(&s3), "/x%20y/~z");
	assert_string_equal(buffer_text(&other), "/x%2520y/~z");
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(special_addresses_are_known_in_each_dress),
	cmocka_unit_test(urls_are_resolved_and_bounded),
	cmocka_unit_test(a_parameter_is_replaced_wherever_it_stood),
	cmocka_unit_test(an_origin_is_scheme_host_and_port),
	cmocka_unit_test(the_published_signatures_come_out),
	cmocka_unit_test(queries_are_sorted_by_name_and_then_by_value),
	cmocka_unit_test(paths_are_encoded_once_more_but_for_s3),
};

CASES_MAIN(cases)
