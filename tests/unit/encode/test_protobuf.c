/* SPDX-License-Identifier: Apache-2.0 */
/* The small writer of Protocol Buffers. */
#include "encode/protobuf.h"

#include "cases.h"

static void expect_bytes(struct buffer *buffer, const char *bytes, size_t n)
{
	assert_false(buffer_failed(buffer));
	assert_int_equal(buffer->size, n);
	assert_memory_equal(buffer->data, bytes, n);
	buffer_finish(buffer);
}

static void the_size_of_a_varint_is_what_it_takes(void **state)
{
	uint8_t room[VARINT_MAX_SIZE];

	(void)state;
	assert_int_equal(varint_size(0), 1);
	assert_int_equal(varint_size(UINT64_MAX), 10);
	for (unsigned int bit = 0; bit < 64; bit++) {
		uint64_t value = UINT64_C(1) << bit;

		assert_int_equal(varint_size(value), varint_put(room, value) - room);
		assert_int_equal(
			varint_size(value - 1), varint_put(room, value - 1) - room);
	}
}

static void fields_are_written_as_the_guide_has_them(void **state)
{
	struct buffer out = { 0 };
	uint8_t room[PROTOBUF_HEAD_MAX];

	(void)state;
	/* 150 and "testing" are the guide's examples. */
	protobuf_append_varint(&out, 1, 150);
	protobuf_append_text(&out, 2, slice_of("testing"));
	protobuf_append_fixed64(&out, 3, 1);
	expect_bytes(&out,
		"\x08\x96\x01\x12\x07testing\x19\x01\x00\x00\x00\x00\x00\x00\x00", 21);
	assert_int_equal(protobuf_put_double(room, 1, 1.5) - room, 9);
	assert_memory_equal(room, "\x09\x00\x00\x00\x00\x00\x00\xf8\x3f", 9);
}

static void a_text_is_always_utf8(void **state)
{
	struct buffer out = { 0 };

	(void)state;
	protobuf_append_text(&out, 1, slice_of("a\xff"));
	protobuf_append_text(&out, 1, (struct slice){ NULL, 0 });
	expect_bytes(&out,
		"\x0a\x04"
		"a\xef\xbf\xbd\x0a\x00",
		8);
}

static void a_message_gets_its_length_in_front(void **state)
{
	struct buffer out = { 0 };

	(void)state;
	buffer_append_text(&out, "x");
	for (int i = 0; i < 128; i++)
		buffer_append_byte(&out, 'y');
	protobuf_wrap(&out, 1, 1);
	assert_int_equal(out.size, 1 + 3 + 128);
	assert_memory_equal(out.data, "x\x0a\x80\x01y", 5);
	buffer_cut(&out, 1);
	protobuf_wrap(&out, 1, 1);
	expect_bytes(&out, "x\x0a\x00", 3);
}

static void two_messages_are_made_in_one_go(void **state)
{
	struct buffer out = { 0 }, same = { 0 };

	(void)state;
	buffer_append_text(&out, "xheadcontent");
	protobuf_wrap_two(&out, 2, 3, 1, 4);
	expect_bytes(&out,
		"x\x12\x0dhead\x1a\x07"
		"content",
		16);

	for (int i = 0; i < 300; i++)
		buffer_append_byte(&out, (uint8_t)i);
	buffer_append(&same, out.data, out.size);
	protobuf_wrap_two(&out, 2, 3, 10, 150);
	protobuf_wrap(&same, 3, 160);
	protobuf_wrap(&same, 2, 10);
	expect_bytes(&out, (char *)same.data, same.size);
	buffer_finish(&same);
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(the_size_of_a_varint_is_what_it_takes),
	cmocka_unit_test(fields_are_written_as_the_guide_has_them),
	cmocka_unit_test(a_text_is_always_utf8),
	cmocka_unit_test(a_message_gets_its_length_in_front),
	cmocka_unit_test(two_messages_are_made_in_one_go),
};

CASES_MAIN(cases)
