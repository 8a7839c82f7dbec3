/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign.h"

#include "base/log.h"

#include <ftw.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static struct campaign *current;
static char place[128];
static struct timespec begun;

static double seconds_since_begin(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - begun.tv_sec) +
	       (double)(now.tv_nsec - begun.tv_nsec) / 1e9;
}

static void read_arguments(struct campaign *campaign, int argc, char **argv)
{
	static const struct option options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "points", required_argument, NULL, 'n' },
		{ "rounds", required_argument, NULL, 'n' },
		{ "minutes", required_argument, NULL, 'm' },
		{ "mode", required_argument, NULL, 'o' },
		{ "verbose", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			campaign->first = strtoull(optarg, NULL, 0);
		else if (option == 'n')
			campaign->n_rounds = strtoull(optarg, NULL, 0);
		else if (option == 'm')
			campaign->minutes = strtod(optarg, NULL);
		else if (option == 'o')
			campaign->mode = optarg;
		else if (option == 'v')
			campaign->verbose = true;
		else
			exit(2);
	}
	if (campaign->minutes > 0)
		campaign->n_rounds = 0;
}

/* Rounds write and sync thousands of small files: in memory, where there is room. */
static char *make_folder(void)
{
	const char *base = getenv("TMPDIR");
	char path[256];

	if (!base)
		base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(path, sizeof(path), "%s/rookery-crash-XXXXXX", base);
	if (!mkdtemp(path)) {
		perror(path);
		exit(2);
	}
	return strdup(path);
}

void campaign_begin(struct campaign *campaign, int argc, char **argv)
{
	current = campaign;
	campaign->first = 1;
	read_arguments(campaign, argc, argv);
	campaign->folder = make_folder();
	campaign->seed = campaign->first - 1;
	clock_gettime(CLOCK_MONOTONIC, &begun);
	/* Damage and lost power are reported all the time here. */
	if (!campaign->verbose)
		log_set_level((enum log_level)(LOG_LEVEL_ERROR - 1));
}

bool campaign_next(struct campaign *campaign)
{
	if (campaign->n_rounds > 0 && campaign_rounds(campaign) >= campaign->n_rounds)
		return false;
	if (campaign->n_rounds == 0 && seconds_since_begin() >= campaign->minutes * 60)
		return false;
	campaign->seed++;
	place[0] = '\0';
	return true;
}

uint64_t campaign_rounds(const struct campaign *campaign)
{
	return campaign->seed - campaign->first + 1;
}

static int remove_one(
	const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status;
	(void)kind;
	(void)at;
	return remove(path);
}

static void remove_folder(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void print_counts(const struct campaign *campaign)
{
	printf("%s: rounds %llu, crashes %llu, restarts %llu, samples %llu, lost %llu, "
	       "invented %llu, doubled %llu",
		campaign->name, (unsigned long long)campaign_rounds(campaign),
		(unsigned long long)campaign->crashes,
		(unsigned long long)campaign->restarts,
		(unsigned long long)campaign->samples,
		(unsigned long long)campaign->faults[FAULT_LOST],
		(unsigned long long)campaign->faults[FAULT_INVENTED],
		(unsigned long long)campaign->faults[FAULT_DOUBLED]);
}

void campaign_end(struct campaign *campaign, const char *format, ...)
{
	va_list list;

	remove_folder(campaign->folder);
	free(campaign->folder);
	print_counts(campaign);
	fputs("; ", stdout);
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	printf(" (%.1f s)\n", seconds_since_begin());
}

char *campaign_folder(const struct campaign *campaign, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", campaign->folder, name) < 0)
		campaign_fails(FAULT_OTHER, "out of memory");
	remove_folder(path);
	must(mkdir(path, 0750) == 0, "cannot create '%s'", path);
	return path;
}

void campaign_place(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(place, sizeof(place), format, list);
	va_end(list);
}

void campaign_fails(enum fault fault, const char *format, ...)
{
	va_list list;

	current->faults[fault]++;
	print_counts(current);
	putchar('\n');
	fflush(stdout);
	fprintf(stderr, "%s: FAILED: ", current->name);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fprintf(stderr, "\n%s: repeat with: --seed %llu --rounds 1%s%s%s\n",
		current->name, (unsigned long long)current->seed,
		current->mode ? " --mode " : "", current->mode ? current->mode : "",
		place);
	if (!current->verbose)
		remove_folder(current->folder);
	fflush(stderr);
	_exit(1);
}
