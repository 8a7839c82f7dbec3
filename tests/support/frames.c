/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the samples that a journal holds, "life number" a line: what a test of crashes
 * compares with what arrived. With "places" as the second argument, also the bytes of
 * the frame that each stands in: "life number segment begin end". Reads only. */
#include "base/cleanup.h"
#include "journal/segments.h"
#include "journal/tail.h"
#include "model/record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static struct slice life_of(const struct known_series *series)
{
	for (size_t i = 0; i < series->view.n_labels; i++) {
		if (slice_equal(series->view.labels[i].name, slice_of("life")))
			return series->view.labels[i].value;
	}
	return (struct slice){ "0", 1 };
}

static bool with_places;

static void print_place(const char *path, const struct frame *frame)
{
	printf(" %s %llu %llu", strrchr(path, '/') + 1, (unsigned long long)frame->offset,
		(unsigned long long)frame->offset + FRAME_HEADER_SIZE +
			frame->header.size);
}

static void print_frame(const char *path, const struct tail *tail,
	const struct frame *frame, const struct frame_view *view)
{
	struct known_source *source = dictionary_source(&tail->dictionary, view->source);
	struct record_reader reader;
	struct record record;

	record_reader_begin(&reader, view);
	while (record_reader_next(&reader, &record)) {
		struct slice life;

		if (record.is_event)
			continue;
		life = life_of(known_source_series(source, record.sample.series));
		printf("%.*s %lld", (int)life.n, life.at,
			(long long)record.sample.value.digits);
		if (with_places)
			print_place(path, frame);
		putchar('\n');
	}
}

static int print_segment(const struct segment_info *info)
{
	struct tail tail = { .reader.fd = -1 };
	struct frame frame;
	struct frame_view view;
	int r = tail_open(&tail, info->path);

	while (r >= 0 && (r = tail_next(&tail, info->extent.size, &frame, &view)) > 0)
		print_frame(info->path, &tail, &frame, &view);
	tail_close(&tail);
	return r;
}

int main(int argc, char **argv)
{
	struct segments_scan scan = { 0 };
	struct list segments;
	int r = argc >= 2 ? 0 : -EINVAL;

	with_places = argc == 3 && strcmp(argv[2], "places") == 0;
	list_init(&segments);
	if (r == 0)
		r = segments_find(argv[1], false, &segments, &scan);
	list_each(link, &segments)
	{
		if (r == 0)
			r = print_segment(container_of(link, struct segment_info, link));
	}
	segments_free(&segments);
	segments_scan_finish(&scan);
	if (r < 0)
		fprintf(stderr, "frames: %s\n", strerror(-r));
	return r < 0;
}
