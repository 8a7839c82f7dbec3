/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which frames of RELP wait for an answer: neighbours by their numbers, which go from 1
 * to RELP_MAX_TXNR and begin anew. The servers that there are answer in order, but need
 * not.
 */
#ifndef DELIVER_RELP_WINDOW_H
#define DELIVER_RELP_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

enum { RELP_WINDOW = 512 };

/* A zeroed struct is empty. */
struct relp_window {
	uint32_t oldest; /* the first frame without an answer; any where there is none */
	uint32_t n;      /* from there on */
	uint32_t first;  /* its place in the ring */
	bool answered[RELP_WINDOW];
};

/* The number behind a number; behind 0, the first. */
uint32_t relp_txnr_next(uint32_t txnr);

/* Adds a frame, the one behind the last where that waits; there must be room. */
void relp_window_add(struct relp_window *window, uint32_t txnr);

/* Takes an answer. False: it is to nothing that waits. */
bool relp_window_answer(struct relp_window *window, uint32_t txnr);

#endif
