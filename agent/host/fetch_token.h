/* SPDX-License-Identifier: Apache-2.0 */
/* What the files behind an instance's tokens of OAuth 2.0 share: fetch_token.c draws the
 * states, fetch_client.c finds and makes them, fetch_grant.c writes what is asked. */
#ifndef HOST_FETCH_TOKEN_H
#define HOST_FETCH_TOKEN_H

#include "fetch.h"

/* Of the file that keeps its refresh token. */
#define FETCH_TOKEN_FILE_SIZE 200

enum token_state { TOKEN_NONE, TOKEN_LOADING, TOKEN_ASKING, TOKEN_SAVING, TOKEN_GOOD };

struct fetch_token {
	struct list link;
	struct fetches *fetches;
	enum token_state state;
	char *name, *secret, *url, *scope, *refresh; /* owned; secrets */
	bool client_in_body, refreshes, is_loaded;
	char *ca_file, *proxy;            /* owned */
	char file[FETCH_TOKEN_FILE_SIZE]; /* its name in the store of secrets */
	struct http_grant grant;
	int64_t good_until_ns; /* monotonic */
	struct list waiting;   /* of struct rk_http_request */
	struct http_exchange exchange;
	struct buffer form;
	struct secret_job *job;
};

/* The token of a request's client; NULL: there is none yet, or out of memory. */
struct fetch_token *fetch_token_find(const struct rk_http_request *fetch);
struct fetch_token *fetch_token_create(struct rk_http_request *fetch);

/* Leaves whatever it waits for. */
void fetch_token_free(struct fetch_token *token);

/* Writes the call of its exchange. 0 or a negative errno. */
int fetch_token_write_call(struct fetch_token *token);

#endif
