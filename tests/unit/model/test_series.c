/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cleanup.h"
#include "model/series.h"

#include "cases.h"

#include <errno.h>

static struct series_view delivered(void)
{
	return (struct series_view){
		.metric = slice_of("esp.email.delivered"),
		.unit = slice_of("{email}"),
		.kind = RK_DELTA,
		.confidence = RK_EXACT,
		.labels = { { slice_of("esp.message.stream"), slice_of("transactional") },
			{ slice_of("esp.vendor"), slice_of("sendgrid") } },
		.n_labels = 2,
	};
}

static struct hash128 hash_of(const char *identity, struct series_view series)
{
	struct hash128 hash;

	assert_int_equal(series_hash(slice_of(identity), &series, &hash), 0);
	return hash;
}

static void definitions_come_back(void **state)
{
	CLEANUP(buffer_finish) struct buffer bytes = { 0 };
	struct series_view series = delivered(), back;
	struct source_view source = { .host = slice_of("mx1"),
		.collector = slice_of("a"),
		.identity = slice_of("mx1/a"),
		.plugin = slice_of("esp_billing"),
		.tenant = slice_of("acme") };
	struct source_view source_back;

	(void)state;
	series_pack(&bytes, &series);
	assert_int_equal(series_unpack(bytes.data, bytes.size, &back), 0);
	assert_true(slice_equal(back.metric, series.metric));
	assert_true(slice_equal(back.labels[1].value, series.labels[1].value));
	for (size_t n = 0; n < bytes.size; n++)
		assert_int_equal(series_unpack(bytes.data, n, &back), -EBADMSG);
	buffer_clear(&bytes);
	source_pack(&bytes, &source);
	assert_int_equal(source_unpack(bytes.data, bytes.size, &source_back), 0);
	assert_true(slice_equal(source_back.tenant, source.tenant));
	for (size_t n = 0; n < bytes.size; n++)
		assert_int_equal(source_unpack(bytes.data, n, &source_back), -EBADMSG);
}

/* The value pins the bytes that docs/DATA-MODEL.md describes: a changed one would
 * double every fact in every store. */
static void a_sample_id_never_changes(void **state)
{
	struct hash128 series = hash_of("mx1/sendgrid-prod", delivered());
	struct hash128 id = sample_id(
		&series, INT64_C(1763683200000000000), INT64_C(1763596800000000000));

	(void)state;
	assert_true(id.words[0] == UINT64_C(0xcab206ee2021c640));
	assert_true(id.words[1] == UINT64_C(0xb9d801e777fdb374));
}

static void what_makes_a_fact_makes_its_hash(void **state)
{
	struct hash128 hash = hash_of("mx1/a", delivered()), other;
	struct series_view series;

	(void)state;
	series = delivered();
	series.confidence = RK_APPROXIMATE;
	other = hash_of("mx1/a", series);
	assert_memory_equal(&hash, &other, sizeof(hash));
	other = hash_of("mx1/b", delivered());
	assert_memory_not_equal(&hash, &other, sizeof(hash));
	series = delivered();
	series.tenant = slice_of("acme");
	other = hash_of("mx1/a", series);
	assert_memory_not_equal(&hash, &other, sizeof(hash));
	series = delivered();
	series.unit = slice_of("1");
	other = hash_of("mx1/a", series);
	assert_memory_not_equal(&hash, &other, sizeof(hash));
}

static void labels_are_sorted_and_unique(void **state)
{
	struct label labels[] = { { slice_of("b"), slice_of("1") },
		{ slice_of("ab"), slice_of("2") }, { slice_of("a"), slice_of("3") } };

	(void)state;
	assert_true(labels_sort(labels, 3));
	assert_true(slice_equal(labels[0].name, slice_of("a")));
	assert_true(slice_equal(labels[1].name, slice_of("ab")));
	labels[0].name = slice_of("b");
	assert_false(labels_sort(labels, 3));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(definitions_come_back),
	cmocka_unit_test(a_sample_id_never_changes),
	cmocka_unit_test(what_makes_a_fact_makes_its_hash),
	cmocka_unit_test(labels_are_sorted_and_unique),
};

CASES_MAIN(cases)
