/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dates and zones of the library for plugins, for a comparison with others: reads lines,
 * and answers each with one.
 *
 *	read	FORMS	TEXT		-> nanoseconds, or a negative errno
 *	write	FORM	NANOSECONDS	-> the text
 *	local	ZONE	YEAR MONTH DAY HOUR MINUTE SECOND
 *		-> nanoseconds and what rk_zone_time found
 */
#include <rookery/zone.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void answer_read(const char *argument)
{
	char *text;
	uint32_t forms = (uint32_t)strtoul(argument, &text, 10);
	int64_t ns = 0;
	int r = rk_time_from_text(text + 1, strlen(text + 1), forms, NULL, &ns, NULL);

	printf("%" PRId64 "\n", r < 0 ? r : ns);
}

static void answer_write(const char *argument)
{
	char *rest, text[RK_TIME_TEXT_SIZE];
	uint32_t form = (uint32_t)strtoul(argument, &rest, 10);

	puts(rk_time_to_text(text, strtoll(rest, NULL, 10), form, NULL));
}

/* The zone stays open until another one is asked for. */
static const struct rk_zone *zone_of(const char *name)
{
	static char open_name[65]; /* the zone is left to the end of the process */
	static struct rk_zone *zone;
	struct rk_error error;

	if (strcmp(name, open_name) == 0)
		return zone;
	rk_zone_destroy(zone);
	snprintf(open_name, sizeof(open_name), "%s", name);
	if (rk_zone_open(name, NULL, &zone, &error) < 0) {
		fprintf(stderr, "%s\n", error.text);
		exit(1);
	}
	return zone;
}

static void answer_local(const char *argument)
{
	struct rk_civil civil = { .nanosecond = 0 };
	char name[65] = "";
	int64_t ns = 0;
	int r;

	sscanf(argument, "%64s %d %d %d %d %d %d", name, &civil.year, &civil.month,
		&civil.day, &civil.hour, &civil.minute, &civil.second);
	r = rk_zone_time(zone_of(name), &civil, &ns);
	printf("%" PRId64 " %d\n", ns, r);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*answer)(const char *argument);
	} commands[] = {
		{ "read\t", answer_read },
		{ "write\t", answer_write },
		{ "local\t", answer_local },
	};
	char line[256];

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < RK_LEN(commands); i++) {
			if (strncmp(line, commands[i].name, strlen(commands[i].name)) ==
				0)
				commands[i].answer(line + strlen(commands[i].name));
		}
	}
	return 0;
}
