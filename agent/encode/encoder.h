/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How samples and events are written: one format is one file behind this small
 * table of functions. What a series looks like is made once and then only copied,
 * since it is most of each line.
 *
 * An encoder writes the same bytes for the same records, always: a batch that is
 * sent again must not differ. One thread at a time uses an encoder.
 */
#ifndef ENCODE_ENCODER_H
#define ENCODE_ENCODER_H

#include "base/timestamp.h"
#include "config/config.h"
#include "model/dictionary.h"

struct arena;
struct encoder;
struct rk_option;
struct store_answer;

/* Who reads the objects of json_record.h. */
enum json_dialect {
	JSON_PLAIN,
	/* Times as DateTime64 reads them without any setting, "2025-11-21 00:00:00.5";
	 * decimals twice, as a number in value and exactly, as a text, in exact. */
	JSON_CLICKHOUSE,
};

struct encoder_type {
	const char *name;
	const char *summary; /* one sentence, for the manual */
	/* Goes up when the bytes for a record change: part of a batch's shape. */
	uint32_t version;
	/* Of a message's body (RFC 9110, section 8.3). */
	const char *media_type;
	/* What else a message's head must say, "Name: value" each, ended by NULL; NULL:
	 * nothing. A body with a Content-Encoding is not to be compressed again. */
	const char *const *headers;
	/* The parameter of the query in which a store wants the batch's id; NULL: none.
	 */
	const char *id_parameter;
	enum json_dialect dialect; /* of formats made of json_record.h */
	/* What is configured below `format_options`, and the size of the struct that it
	 * fills. */
	const struct rk_option *options;
	size_t n_options, options_size;
	/* The format that these options make of it. NULL: it stays itself. */
	const struct encoder_type *(*variant)(const void *options);
	/* Records in a body at most; 0: any number. */
	uint32_t max_records;
	/* What stands in an answer of status 400 or 422 where a store refuses samples
	 * that it has already, or that are too old for it: to look for one that is wrong
	 * leads nowhere, and what it will have of the batch, it has. Ended by NULL; NULL:
	 * nothing. */
	const char *const *outdated;
	/* Reads what a store says of the records one by one, in an answer of status 2xx
	 * (store_answer.h). NULL: that all were taken is all that it can say. */
	void (*read_answer)(const char *body, size_t n, bool is_whole, uint32_t n_records,
		struct store_answer *ret_answer);
	/* What begins each file, or each body; NULL: nothing. */
	void (*header)(struct encoder *encoder, struct buffer *to);
	/* A batch has samples or events, never both. */
	bool separates_events;
	/* Each record is a message of its own with its size in front, for transports that
	 * take messages one by one (struct transport.sends_messages) and for no other. */
	bool makes_messages;
	/* Makes a body of the header and the records in it. NULL: it is one already, and
	 * records can be appended to a file. */
	void (*finish)(struct encoder *encoder, struct buffer *body);
	/* The text of a series, allocated at once for free(); NULL: out of memory. Source
	 * and series are as the sink shows them, here alone: what a format needs of names
	 * and labels later, it keeps. */
	void *(*make)(struct encoder *encoder, const struct known_source *source,
		const struct known_series *series);
	void (*sample)(struct encoder *encoder, struct buffer *to,
		const struct known_series *series, const struct rk_sample *sample,
		int64_t observed_ns);
	/* NULL: the format has no place for events, and they are left out. */
	void (*event)(struct encoder *encoder, struct buffer *to,
		const struct known_source *source, const struct event_view *event,
		int64_t observed_ns);
};

/* A time that was written last, for the next sample of the same time. */
struct written_time {
	int64_t ns;
	size_t size; /* 0: none yet */
	char text[TIMESTAMP_TEXT_SIZE];
};

/* What the records that come next are nested in, where a format does that: it begins
 * with all bytes, of which the first outer ones stand beside what is nested. */
struct open_group {
	size_t at, outer, all; /* all 0: none is open */
	int field;             /* what kind of group it is */
};

struct encoder {
	const struct encoder_type *type;
	enum sink_decimals decimals;
	bool makes_bodies;  /* each batch is one, not a part of a file */
	bool leaves_events; /* it takes no events, although its format would */
	/* What the sink changes in each record (shaping.c); borrowed. */
	struct rk_map labels;
	const char *prefix; /* of metrics' names; NULL: none */
	/* What is configured for the format, a struct of its own type, borrowed; NULL:
	 * nothing. The hash, without what is secret, is a part of the shape. */
	const void *options;
	uint64_t options_hash;
	struct timestamp_cache seconds[3];
	struct written_time time, start, observed;
	struct open_group groups[2]; /* a source's, and in it a metric's */
};

/* All formats, sorted by name. */
extern const struct encoder_type *const encoder_types[];
extern const size_t n_encoder_types;

/* NULL where there is none of this name. */
const struct encoder_type *encoder_type_find(const char *name);

void encoder_init(struct encoder *encoder, const struct encoder_type *type,
	enum sink_decimals decimals);

/* Takes over what is configured for the format, which the arena then holds and must be
 * kept as secret as that; values: NULL, or of the format's options. Before the first
 * record. 0 or -ENOMEM. */
int encoder_configure(
	struct encoder *encoder, struct arena *arena, const struct values *values);

/* Before and behind a batch's records: where the encoder makes bodies, what belongs
 * around them. 0, or -ENOMEM. */
void encoder_begin_batch(struct encoder *encoder, struct buffer *to);
int encoder_end_batch(struct encoder *encoder, struct buffer *to);

/* A hash of all that decides about the bytes: format, version, options; but for secrets,
 * which may change without making another batch of the same records. */
uint64_t encoder_shape(const struct encoder *encoder);

/* Whether the format has a place for events. */
bool encoder_takes_events(const struct encoder *encoder);

/* Appends one record, of a kind that the format takes. 0, or -ENOMEM. */
int encoder_add_sample(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, struct known_series *series,
	const struct rk_sample *sample, int64_t observed_ns);
int encoder_add_event(struct encoder *encoder, struct buffer *to,
	const struct known_source *source, const struct event_view *event,
	int64_t observed_ns);

/* ---- for formats ------------------------------------------------------- */

/* Writes a time as RFC 3339 to room for TIMESTAMP_TEXT_SIZE bytes; returns the end. */
char *encoder_put_time(struct timestamp_cache *cache, struct written_time *written,
	char *to, int64_t time_ns);

/* Writes a number, NUMBER_TEXT_SIZE bytes at most; returns the end. */
char *encoder_put_number(char *to, const struct rk_number *value);

/* The double that is nearest to a number. */
double encoder_real(const struct rk_number *value);

/* Writes 32 hexadecimal digits; returns the end. */
char *encoder_put_id(char *to, const struct hash128 *id);

/* The effective confidence of a sample and the tenant of a series. */
const char *encoder_confidence(
	const struct known_series *series, const struct rk_sample *sample);
struct slice encoder_tenant(
	const struct known_source *source, const struct known_series *series);

/* The labels of a series with those that configuration adds, which win; sorted.
 * to has room for 2 * SERIES_MAX_LABELS. Returns how many. */
size_t encoder_labels(const struct known_source *source, const struct label *own,
	size_t n, struct label *to);

/* "once", "begin", ...; "low", ... */
const char *phase_name(uint32_t phase);
const char *severity_name(uint32_t severity);

#endif
