/* SPDX-License-Identifier: Apache-2.0 */
#include "http_body.h"

#include <errno.h>
#include <zlib.h>
#include <zstd.h>

/* What is packed grows by so much: memory follows what comes out, not what went in. */
#define SLICE_SIZE (64u << 10)

/* ---- gzip (RFC 1952) ----------------------------------------------------- */

static int deflate_into(z_stream *stream, struct buffer *to)
{
	int r = Z_OK;

	while (r == Z_OK) {
		stream->next_out = buffer_reserve(to, SLICE_SIZE);
		stream->avail_out = SLICE_SIZE;
		if (!stream->next_out)
			return -ENOMEM;
		r = deflate(stream, Z_FINISH);
		buffer_advance(to, SLICE_SIZE - stream->avail_out);
	}
	return r == Z_STREAM_END ? 0 : -ENOMEM;
}

/* 15 bits of window, and 16 for its header (zlib.h, deflateInit2). */
static int pack_gzip(const struct buffer *from, struct buffer *to)
{
	z_stream stream = { 0 };
	int r;

	buffer_clear(to);
	if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return -ENOMEM;
	stream.next_in = from->data;
	stream.avail_in = (uInt)from->size;
	r = deflate_into(&stream, to);
	deflateEnd(&stream);
	return r;
}

/* ---- zstd (RFC 8878) ----------------------------------------------------- */

/* Of a megabyte of NDJSON, level 1 leaves a thirteenth, less than 2 to 5 do, at 1.1 GB/s
 * and with 0.6 MiB; gzip's quickest leaves an eighth at 0.3 GB/s (docs/DEPENDENCIES.md).
 */
#define ZSTD_LEVEL 1

static int zstd_into(ZSTD_CCtx *context, const struct buffer *from, struct buffer *to)
{
	ZSTD_inBuffer in = { from->data, from->size, 0 };
	size_t left = 1;

	/* What is told beforehand makes the window no larger than the body, and stands in
	 * the frame for the receiver. */
	ZSTD_CCtx_setPledgedSrcSize(context, from->size);
	ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZSTD_LEVEL);
	ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	while (left > 0) {
		ZSTD_outBuffer out = { buffer_reserve(to, SLICE_SIZE), SLICE_SIZE, 0 };

		if (!out.dst)
			return -ENOMEM;
		left = ZSTD_compressStream2(context, &out, &in, ZSTD_e_end);
		if (ZSTD_isError(left))
			return -ENOMEM;
		buffer_advance(to, out.pos);
	}
	return 0;
}

/* A context is made for each body: it takes a few microseconds, and would hold a
 * megabyte for every sink from one batch to the next. */
static int pack_zstd(const struct buffer *from, struct buffer *to)
{
	ZSTD_CCtx *context = ZSTD_createCCtx();
	int r;

	buffer_clear(to);
	if (!context)
		return -ENOMEM;
	r = zstd_into(context, from, to);
	ZSTD_freeCCtx(context);
	return r;
}

/* ---- both ------------------------------------------------------------------ */

const struct http_packing http_packings[HTTP_PACKINGS] = {
	[HTTP_PACKING_NONE] = { NULL, NULL },
	[HTTP_PACKING_GZIP] = { "gzip", pack_gzip },
	[HTTP_PACKING_ZSTD] = { "zstd", pack_zstd },
};

const char *const http_packing_names[] = { "none", "gzip", "zstd", NULL };
