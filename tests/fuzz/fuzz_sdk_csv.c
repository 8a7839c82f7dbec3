/* SPDX-License-Identifier: Apache-2.0 */
/* CSV for plugins: every row has as many fields as the first. The first byte is the
 * separator, and whether there are names. */
#include <rookery/csv.h>
#include <rookery/number.h>

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int count_fields(const struct rk_csv *csv)
{
	struct rk_number number;
	int64_t ns;
	int n = 0;

	for (; rk_csv_text(csv, n); n++) {
		rk_csv_number(csv, n, &number, NULL);
		rk_csv_time(csv, n, RK_TIME_ANY, NULL, &ns, NULL);
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rk_csv_form form;
	struct rk_error error;
	struct rk_csv *csv;
	uint32_t line = 0;
	int n = 0, r;

	if (size == 0)
		return 0;
	form.separator = (char)(data[0] & 0x7f);
	form.has_no_names = data[0] >= 0x80;
	if (rk_csv_open((const char *)data + 1, size - 1, &form, &csv, &error) < 0) {
		assert(error.text[0] != '\0');
		return 0;
	}
	rk_csv_column(csv, "cost", NULL);
	while ((r = rk_csv_next(csv, &error)) > 0) {
		assert(rk_csv_line(csv) > line);
		line = rk_csv_line(csv);
		assert(n == 0 || n == count_fields(csv));
		n = count_fields(csv);
		assert(n > 0);
	}
	assert(r == 0 || error.line > line);
	rk_csv_close(csv);
	return 0;
}
