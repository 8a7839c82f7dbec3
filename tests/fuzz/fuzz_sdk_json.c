/* SPDX-License-Identifier: Apache-2.0 */
/* JSON for plugins: it takes what jansson takes by itself, but for numbers that jansson
 * cannot hold, and every value of it can be got. The first line is a pointer. */
#include <rookery/json.h>
#include <rookery/number.h>

#include <assert.h>
#include <errno.h>
#include <jansson.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void visit(const struct rk_json *value)
{
	struct rk_json_each each = { 0 };
	struct rk_number number;
	const char *text;
	int64_t ns;
	size_t n = 0;

	if (rk_json_as_text(value, "", &text, NULL) == 0)
		assert(strlen(text) < RK_JSON_MAX_SIZE);
	if (rk_json_type(value) == RK_JSON_NUMBER) {
		int r = rk_json_number(value, "", &number, NULL);

		assert(r == 0 || r == -ERANGE);
	}
	rk_json_time(value, "", RK_TIME_ANY | RK_TIME_UNIX_MS, NULL, &ns, NULL);
	for (; rk_json_next(value, &each); n++)
		visit(each.value);
	assert(n == rk_json_count(value));
}

static void compare(const char *text, size_t n, bool is_taken)
{
	json_error_t error;
	json_t *tree;
	size_t bom = n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	tree = json_loadb(text + bom, n - bom,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
	assert(is_taken == (tree != NULL) ||
		json_error_code(&error) == json_error_numeric_overflow);
	json_decref(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = memchr(data, '\n', size);
	struct rk_json *document = NULL;
	char pointer[64] = "";
	struct rk_error error;
	const char *text = (const char *)data;
	int r;

	if (line && line - data < (ptrdiff_t)sizeof(pointer)) {
		memcpy(pointer, data, (size_t)(line - data));
		text = (const char *)line + 1;
		size -= (size_t)(line + 1 - data);
	}
	r = rk_json_parse(text, size, &document, &error);
	assert(r == 0 || error.text[0] != '\0');
	/* jansson takes a NUL behind a number for the end. */
	if (r != -E2BIG && !memchr(text, '\0', size))
		compare(text, size, r == 0);
	if (r == 0) {
		rk_json_at(document, pointer);
		visit(document);
	}
	rk_json_destroy(document);
	return 0;
}
