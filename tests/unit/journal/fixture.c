/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/clock.h"
#include "base/macros.h"
#include "journal/tail.h"

#include "cases.h"
#include "folder.h"
#include "loop.h"
#include "parts.h"

#include <dirent.h>
#include <string.h>

void fixture_on_done(void *context, int result, const struct part *part,
	const struct position *position)
{
	struct fixture *fixture = context;

	(void)part;
	fixture->result = result;
	fixture->position = *position;
	fixture->settled = true;
}

static void on_health(void *context, int result)
{
	struct fixture *fixture = context;

	fixture->health = result;
	fixture->n_health++;
}

static void on_closed(void *context)
{
	((struct fixture *)context)->closed = true;
}

static void on_readable(struct journal_consumer *consumer)
{
	struct fixture *fixture = container_of(consumer, struct fixture, consumer);
	struct position position = fixture->consumer.position;
	struct journal_extent extent;
	uint64_t lost;

	fixture->readable = journal_locate(fixture->journal, &position, &extent, &lost);
}

void open_journal(struct fixture *fixture)
{
	struct journal_options options = {
		.folder = fixture->folder,
		.settings = &fixture->settings,
		.clock = &clock_system,
		.on_health = on_health,
		.context = fixture,
	};
	struct source_view source = parts_source();
	struct buffer why = { 0 };

	assert_int_equal(uv_loop_init(&fixture->loop), 0);
	assert_int_equal(
		journal_open(&fixture->loop, &options, &fixture->journal, &why), 0);
	fixture->source = journal_source_create(fixture->journal, &source);
	assert_non_null(fixture->source);
	buffer_finish(&why);
}

void close_journal(struct fixture *fixture)
{
	journal_source_destroy(fixture->journal, fixture->source);
	fixture->closed = false;
	journal_close(fixture->journal, on_closed, fixture);
	loop_run_until(&fixture->loop, &fixture->closed);
	loop_finish(&fixture->loop);
}

void fixture_init(struct fixture *fixture)
{
	*fixture = (struct fixture){
		.folder = folder_make(),
		.settings = {
			.max_size.bytes = 1u << 30,
			.segment_size.bytes = 64u << 10,
			.max_age.ns = 3600 * NS_PER_SECOND,
			.sync = JOURNAL_SYNC_COMMIT,
		},
		.consumer.on_readable = on_readable,
	};
	open_journal(fixture);
}

void fixture_finish(struct fixture *fixture)
{
	close_journal(fixture);
	folder_remove(fixture->folder);
}

int append(struct fixture *fixture, struct part *part)
{
	fixture->settled = false;
	assert_int_equal(journal_append(fixture->journal, fixture->source, part,
				 fixture_on_done, fixture),
		0);
	loop_run_until(&fixture->loop, &fixture->settled);
	return fixture->result;
}

size_t read_from(struct fixture *fixture, struct position position, int64_t value)
{
	struct journal_extent extent;
	uint64_t lost;
	size_t n = 0;

	while (journal_locate(fixture->journal, &position, &extent, &lost)) {
		struct tail tail = { .reader.fd = -1 };
		struct frame frame;
		struct frame_view view;

		assert_int_equal(lost, 0);
		assert_int_equal(tail_open(&tail, extent.path), 0);
		while (tail_next(&tail, extent.size, &frame, &view) > 0) {
			struct sample_codec codec = sample_codec_start(view.base_ns);
			struct unpack from =
				unpack_start(view.samples.at, view.samples.n);
			struct rk_sample sample;

			if (frame.header.sequence < position.sequence)
				continue;
			for (uint32_t i = 0; i < view.n_samples; i++, n++) {
				sample_unpack(&codec, &from, &sample);
				assert_true(sample.value.digits == value++);
			}
		}
		assert_int_equal(tail.n_damaged, 0);
		tail_close(&tail);
		position.sequence = extent.end_sequence;
	}
	return n;
}

size_t count_files(const char *folder, const char *suffix)
{
	DIR *directory = opendir(folder);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory))) {
		const char *end = strrchr(entry->d_name, '.');

		n += end && strcmp(end, suffix) == 0;
	}
	closedir(directory);
	return n;
}
