/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the agent and a child that hosts plugins say to each other over a socket pair:
 * frames, each with its size and type in front, whose contents are packed
 * (base/pack.h). Instances are named by numbers that the agent gives out.
 *
 *	agent                         child
 *	HELLO  ---------------------> sandbox, then load the plugin
 *	       <--------------------- READY
 *	OPEN, START ----------------> instance_create, start
 *	       <--------------------- STARTED
 *	COLLECT --------------------> collect
 *	       <--------------------- PART... LOG... DONE
 *	SETTLED --------------------> one of its parts is a frame, or never will be
 *	CANCEL, STOP, CLOSE --------> cancel, stop, gone
 *	       <--------------------- STOPPED
 *
 * The agent trusts nothing that a child says: a frame that is malformed, too large,
 * unknown or not awaited ends the child. Both are of one build, which their versions
 * say, so no frame has to be understood by another one.
 */
#ifndef ISOLATE_WIRE_H
#define ISOLATE_WIRE_H

#include "base/pack.h"
#include "sandbox.h"

#include <rookery/plugin.h>

#define WIRE_VERSION 1

/* Size of what follows (32 bits, little-endian) and type. */
#define WIRE_HEADER_SIZE 5

/* Room for a part (4 MiB) or a state (1 MiB) and what stands around it, and for what a
 * configuration gives one collector. */
#define WIRE_MAX_FRAME (8u << 20)

/* A line of a log, and a reason. */
#define WIRE_MAX_LINE 2048

enum wire_type {
	WIRE_NOTHING,
	/* From the agent. */
	WIRE_HELLO,   /* version, log level, sandbox, plugin: struct wire_hello */
	WIRE_CHECK,   /* values */
	WIRE_OPEN,    /* number, struct wire_open */
	WIRE_START,   /* number */
	WIRE_COLLECT, /* number, request */
	WIRE_CANCEL,  /* number */
	WIRE_STOP,    /* number */
	WIRE_SETTLED, /* number */
	WIRE_CLOSE,   /* number */
	WIRE_LEVEL,   /* log level, as a number */
	/* From the child. */
	WIRE_READY,   /* version, refusal, missing, description */
	WIRE_FAULT,   /* path, text */
	WIRE_CHECKED, /* result */
	WIRE_STARTED, /* number, result */
	WIRE_PART,    /* number, part: isolate/wire_part.h */
	WIRE_DONE,    /* number, result, why */
	WIRE_STOPPED, /* number */
	WIRE_LOG,     /* level, who, text */
	WIRE_TYPES,
};

struct wire_frame {
	enum wire_type type;
	struct unpack content; /* borrowed */
};

/* Begins a frame; what is packed from here to wire_end is its content. */
size_t wire_begin(struct buffer *to, enum wire_type type);
void wire_end(struct buffer *to, size_t begin);

/* A frame whose content is a number alone. */
void wire_number(struct buffer *to, enum wire_type type, uint32_t number);

/* Looks at the first of n bytes. 1: a frame, which takes so many of them; 0: it is not
 * whole, and *ret_size is what it will take, 0 where that is not known; -EBADMSG. */
int wire_next(
	const uint8_t *bytes, size_t n, struct wire_frame *ret_frame, size_t *ret_size);

/* ---- contents ---------------------------------------------------------- */

/* With what a child begins. */
struct wire_hello {
	uint32_t version, log_level;
	const char *plugin; /* its name, and the path that messages call it by */
	const char *path;
	uint32_t needs; /* what the sandbox grants: RK_NEED_* */
	const struct sandbox_path *paths;
	size_t n_paths;
	struct rk_list hidden;    /* sandbox.h */
	const char *state_folder; /* NULL: none */
};

struct arena;

void wire_put_hello(struct buffer *to, const struct wire_hello *hello);
void wire_get_hello(
	struct unpack *from, struct arena *arena, struct wire_hello *ret_hello);

void wire_put_request(
	struct buffer *to, uint32_t number, const struct rk_request *request);
void wire_get_request(struct unpack *from, struct rk_request *ret_request);

#endif
