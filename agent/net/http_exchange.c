/* SPDX-License-Identifier: Apache-2.0 */
#include "http_exchange.h"

#include "wipe.h"

#include <stdarg.h>
#include <stdio.h>

void http_call_finish(struct http_call *call)
{
	wipe_buffer(&call->url);
	buffer_finish(&call->shown);
	http_fields_finish(&call->fields);
	*call = (struct http_call){ 0 };
}

void http_reply_finish(struct http_reply *reply)
{
	http_fields_finish(&reply->fields);
	wipe_buffer(&reply->body);
	*reply = (struct http_reply){ 0 };
}

void http_reply_fail(struct http_reply *reply, int result, const char *format, ...)
{
	va_list list;

	reply->result = result;
	va_start(list, format);
	vsnprintf(reply->why, sizeof(reply->why), format, list);
	va_end(list);
}
