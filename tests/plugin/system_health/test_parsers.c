/* SPDX-License-Identifier: Apache-2.0 */
/* Each part's parser on lines that are good, odd and hostile. */
#include "exact.h"
#include "fixture.h"
#include "mounts.h"

static void temperatures_may_be_below_zero(void **state)
{
	static const struct {
		const char *text;
		bool read;
		int64_t value;
	} rows[] = {
		{ "45000\n", true, 45000 },
		{ "-5250", true, -5250 },
		{ "- 1", true, -1 },
		{ "--1", false, 0 },
		{ "9223372036854775808", false, 0 },
		{ "-", false, 0 },
		{ "", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].text);
		int64_t value;

		assert_int_equal(temperature_parse(text, size, &value), rows[i].read);
		if (rows[i].read)
			assert_int_equal(value, rows[i].value);
		free(text);
	}
}

static void cpu_lines_are_read_with_as_many_modes_as_there_are(void **state)
{
	static const struct {
		const char *text, *number;
		bool read;
		size_t modes;
		uint64_t last;
	} rows[] = {
		{ "cpu  1 2 3 4", "", true, 4, 4 },
		{ "cpu12 1 2 3 4 5 6 7", "12", true, 7, 7 },
		{ "cpu0 1 2 3 4 5 6 7 8 9 10 11 12", "0", true, 8, 8 },
		{ "intr 1 2 3\ncpu3 1 1 1 9 x", "3", true, 4, 9 },
		{ "cpu0 1 2 3 18446744073709551616", NULL, false, 0, 0 },
		{ "cpu0 1 2 3", NULL, false, 0, 0 },
		{ "cpufreq 1 2 3 4", NULL, false, 0, 0 },
		{ "cpu12345678901 1 2 3 4", NULL, false, 0, 0 },
		{ "cpu", NULL, false, 0, 0 },
		{ "", NULL, false, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].text);
		struct scan scan = scan_of(text, size);
		struct cpu_reading reading;

		assert_int_equal(cpu_next(&scan, &reading), rows[i].read);
		if (rows[i].read) {
			assert_true(scan_is(&reading.number, rows[i].number));
			assert_int_equal(reading.n_modes, rows[i].modes);
			assert_int_equal(
				reading.ticks[reading.n_modes - 1], rows[i].last);
		}
		free(text);
	}
}

static void the_boot_time_and_the_processes_are_found_anywhere(void **state)
{
	WITH(text, size, "cpu 1 2 3 4\nbtime 1700000000\nctxt 5\nprocesses 7\nbtime");
	WITH(broken, broken_size, "btime -1\nprocesses\nbtimes 5\n");
	struct kernel_stat stat = kernel_stat_parse(text, size);

	(void)state;
	assert_int_equal(stat.boot_s, 1700000000);
	assert_true(stat.has_created);
	assert_int_equal(stat.created, 7);
	stat = kernel_stat_parse(broken, broken_size);
	assert_int_equal(stat.boot_s, 0);
	assert_false(stat.has_created);
	free(text);
	free(broken);
}

static void disks_are_read_with_as_many_columns_as_there_are(void **state)
{
	static const struct {
		const char *text, *name;
		bool read;
		size_t n;
	} rows[] = {
		{ "8 0 sda 1 2 3 4 5 6 7 8 9 10 11", "sda", true, 11 },
		{ "8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", "sda", true, 15 },
		{ "8 0 sda 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19", "sda", true,
			17 },
		{ "8 1 sda1 1 2 3 4\n8 16 sdb 1 2 3 4 5 6 7 8 9 10 11\n", "sdb", true,
			11 },
		{ "8 0 sda 1 2 3 4 5 6 7 8 9 10", NULL, false, 0 },
		{ "8 0 sda", NULL, false, 0 },
		{ "8 0", NULL, false, 0 },
		{ "\n\n", NULL, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].text);
		struct scan scan = scan_of(text, size);
		struct disk_reading reading;

		assert_int_equal(disk_next(&scan, &reading), rows[i].read);
		if (rows[i].read) {
			assert_true(scan_is(&reading.name, rows[i].name));
			assert_int_equal(reading.n, rows[i].n);
		}
		free(text);
	}
}

static void interfaces_are_read_with_or_without_a_blank_behind_the_colon(void **state)
{
	static const struct {
		const char *text, *name;
		bool read;
	} rows[] = {
		{ "eth0:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "eth0", true },
		{ "  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "eth0", true },
		{ " face |bytes\n eth0.5: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
			"eth0.5", true },
		{ "eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", NULL, false },
		{ ": 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", NULL, false },
		{ "eth0", NULL, false },
		{ "", NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].text);
		struct scan scan = scan_of(text, size);
		struct network_reading reading;

		assert_int_equal(network_next(&scan, &reading), rows[i].read);
		if (rows[i].read) {
			assert_true(scan_is(&reading.name, rows[i].name));
			assert_int_equal(reading.values[NETWORK_TRANSMITTED_DROPPED], 12);
		}
		free(text);
	}
}

static void mounts_are_read_past_their_optional_fields(void **state)
{
	static const struct {
		const char *text;
		bool read, read_only;
	} rows[] = {
		{ "1 0 8:1 / /a rw - ext4 /dev/a rw", true, false },
		{ "1 0 8:1 / /a rw,noatime shared:1 master:2 - ext4 /dev/a rw", true,
			false },
		{ "1 0 8:1 / /a ro,noatime - ext4 /dev/a rw", true, true },
		{ "1 0 8:1 / /a rw - ext4 /dev/a ro,errors=continue", true, true },
		{ "1 0 8:1 / /a rom - ext4 /dev/a rw", true, false },
		{ "1 0 8:1 / /a rw ext4 /dev/a rw", false, false },
		{ "1 0 8:1 / /a rw - ext4 /dev/a", false, false },
		{ "1 0 8:1 /", false, false },
		{ "-", false, false },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].text);
		struct scan scan = scan_of(text, size);
		struct mount mount;

		assert_int_equal(mount_next(&scan, &mount), rows[i].read);
		if (rows[i].read) {
			assert_true(scan_is(&mount.number, "8:1"));
			assert_true(scan_is(&mount.point, "/a"));
			assert_true(scan_is(&mount.type, "ext4"));
			assert_true(scan_is(&mount.device, "/dev/a"));
			assert_int_equal(mount.read_only, rows[i].read_only);
		}
		free(text);
	}
}

static void swap_devices_whose_figures_contradict_are_left_out(void **state)
{
	WITH(text, size,
		"Filename Type Size Used Priority\n/dev/a partition 10 20 -1\n"
		"/dev/b partition 36893488147419103232 0 -1\n/dev/c file 8 2 -2\n/dev/d");
	struct scan scan = scan_of(text, size);
	struct swap_reading reading;

	(void)state;
	assert_true(swap_next(&scan, &reading));
	assert_true(scan_is(&reading.device, "/dev/c"));
	assert_int_equal(reading.size_bytes, 8192);
	assert_int_equal(reading.used_bytes, 2048);
	assert_false(swap_next(&scan, &reading));
	free(text);
}

static void memory_is_split_only_where_the_figures_agree(void **state)
{
	static const struct {
		const char *text;
		bool split;
		uint64_t used;
	} rows[] = {
		{ "MemTotal: 100 kB\nMemFree: 10 kB\nBuffers: 20 kB\nCached: 30 kB\n",
			true, 40 * 1024 },
		{ "MemTotal: 100 kB\nMemFree: 10 kB\nBuffers: 20 kB\nCached: 30 kB\n"
		  "SReclaimable: 5 kB",
			true, 35 * 1024 },
		{ "MemTotal: 100 kB\nMemFree: 90 kB\nBuffers: 20 kB\nCached: 30 kB\n",
			false, 0 },
		{ "MemTotal: 100 kB\nMemFree: 90 kB\nCached: 30 kB\n", false, 0 },
		{ "MemTotal: 100 kB\nMemFree: 18014398509481983 kB\n"
		  "Buffers: 18014398509481983 kB\nCached: 3 kB\n",
			false, 0 },
		{ "XMemTotal: 100 kB", false, 0 },
		{ "", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].text);
		struct memory_reading reading = memory_parse(text, size);
		uint64_t bytes[MEMORY_STATES];

		assert_int_equal(memory_split(&reading, bytes), rows[i].split);
		if (rows[i].split)
			assert_int_equal(bytes[MEMORY_STATE_USED], rows[i].used);
		free(text);
	}
}

static void the_state_of_a_process_stands_behind_its_last_parenthesis(void **state)
{
	static const struct {
		const char *text;
		bool read;
		enum process_state state;
	} rows[] = {
		{ "1 (init) S 0 1", true, PROCESS_SLEEPING },
		{ "1 (a) R (b) D 0", true, PROCESS_BLOCKED },
		{ "1 (a\nb) R 0", true, PROCESS_RUNNING },
		{ "1 ()) Z 0", true, PROCESS_DEFUNCT },
		{ "1 (k) I 0", true, PROCESS_IDLE },
		{ "1 (k) t", true, PROCESS_STOPPED },
		{ "1 (k) ? 0", true, PROCESS_UNKNOWN },
		{ "1 (k) ", false, PROCESS_UNKNOWN },
		{ "1 (k)S 0", false, PROCESS_UNKNOWN },
		{ "1 (k)", false, PROCESS_UNKNOWN },
		{ "1 (k", false, PROCESS_UNKNOWN },
		{ ")", false, PROCESS_UNKNOWN },
		{ "", false, PROCESS_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].text);
		enum process_state found;

		assert_int_equal(process_parse(text, size, &found), rows[i].read);
		if (rows[i].read)
			assert_int_equal(found, rows[i].state);
		free(text);
	}
}

static const char sockets[] =
	"  sl  local_address rem_address   st tx_queue\n"
	"   0: 0100007F:0019 00000000:0000 0A 00000000:00000000 00:00000000\n"
	"   1: 0100007F:0019 0100007F:C350 01 00000000:00000000 00:00000000\n"
	"   2: 0100007F:0019 0100007F:C351 0C 00000000:00000000 00:00000000\n"
	"   3: 0100007F:0019 0100007F:C352 0D 00000000:00000000 00:00000000\n"
	"   4: 0100007F:0019 0100007F:C353 1 00000000:00000000 00:00000000\n"
	"   5: 0100007F:0019\n";

static void expect_sockets(const struct tcp_count *count)
{
	assert_int_equal(count->sockets[10], 1);
	assert_int_equal(count->sockets[1], 1);
	assert_int_equal(count->sockets[3], 1);
	assert_int_equal(count->sockets[6], 0);
}

static void sockets_are_counted_however_the_text_is_cut_into_pieces(void **state)
{
	(void)state;
	for (size_t piece = 1; piece < sizeof(sockets); piece++) {
		struct tcp_count count = { .in_long_line = false };
		char held[sizeof(sockets)];
		size_t n = 0;

		for (size_t at = 0; at < sizeof(sockets) - 1; at += piece) {
			size_t left = sizeof(sockets) - 1 - at;
			size_t more = left < piece ? left : piece, used;

			memcpy(held + n, sockets + at, more);
			used = tcp_count_piece(&count, held, n + more);
			n = n + more - used;
			memmove(held, held + used, n);
		}
		expect_sockets(&count);
	}
}

static void a_line_without_end_is_passed_over(void **state)
{
	struct tcp_count count = { .in_long_line = false };
	const char rest[] = " 0: a b 0A still of the long line\n 1: a b 01 c\n";

	(void)state;
	assert_int_equal(tcp_count_piece(&count, "xxxx", 4), 0);
	tcp_count_long_line(&count);
	assert_int_equal(
		tcp_count_piece(&count, rest, sizeof(rest) - 1), sizeof(rest) - 1);
	assert_int_equal(count.sockets[10], 0);
	assert_int_equal(count.sockets[1], 1);
}

static void pressure_lines_are_read_whole_or_not_at_all(void **state)
{
	static const struct {
		const char *text;
		bool read;
	} rows[] = {
		{ "some avg10=1.25 avg60=0.50 avg300=0.10 total=12", true },
		{ "nothing\nfull avg10=1.25 avg60=0.50 avg300=0.10 total=12\n", true },
		{ "some avg10=1.25 avg60=0.50 avg300=0.10 total=", false },
		{ "some avg10=1.25 avg60=0.50 avg300=0.10", false },
		{ "some avg10= avg60=0.50 avg300=0.10 total=12", false },
		{ "some avg10=0.0000000000000000001 avg60=0 avg300=0 total=1", false },
		{ "some avg10=0.00000000000000001 avg60=0 avg300=0 total=1", false },
		{ "some", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < RK_LEN(rows); i++) {
		WITH(text, size, rows[i].text);
		struct scan scan = scan_of(text, size);
		struct pressure_reading reading;

		assert_int_equal(pressure_next(&scan, &reading), rows[i].read);
		if (rows[i].read) {
			/* 1.25 percent is a share of 0.0125. */
			assert_int_equal(reading.ratios[0].digits, 125);
			assert_int_equal(reading.ratios[0].scale, 4);
			assert_int_equal(reading.total_us, 12);
		}
		free(text);
	}
}

static void file_numbers_and_entropy_need_their_columns(void **state)
{
	struct descriptors_reading reading;
	uint64_t bits;

	(void)state;
	assert_true(descriptors_parse("377\t0\t100\n", 10, &reading));
	assert_int_equal(reading.count, 377);
	assert_int_equal(reading.limit, 100);
	assert_false(descriptors_parse("377\t0\t", 6, &reading));
	assert_true(entropy_parse("256\n", 4, &bits));
	assert_int_equal(bits, 256);
	assert_false(entropy_parse("\n", 1, &bits));
}

static const struct CMUnitTest cases[] = {
	cmocka_unit_test(temperatures_may_be_below_zero),
	cmocka_unit_test(cpu_lines_are_read_with_as_many_modes_as_there_are),
	cmocka_unit_test(the_boot_time_and_the_processes_are_found_anywhere),
	cmocka_unit_test(disks_are_read_with_as_many_columns_as_there_are),
	cmocka_unit_test(interfaces_are_read_with_or_without_a_blank_behind_the_colon),
	cmocka_unit_test(mounts_are_read_past_their_optional_fields),
	cmocka_unit_test(swap_devices_whose_figures_contradict_are_left_out),
	cmocka_unit_test(memory_is_split_only_where_the_figures_agree),
	cmocka_unit_test(the_state_of_a_process_stands_behind_its_last_parenthesis),
	cmocka_unit_test(sockets_are_counted_however_the_text_is_cut_into_pieces),
	cmocka_unit_test(a_line_without_end_is_passed_over),
	cmocka_unit_test(pressure_lines_are_read_whole_or_not_at_all),
	cmocka_unit_test(file_numbers_and_entropy_need_their_columns),
};

CASES_MAIN(cases)
