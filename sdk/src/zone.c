/* SPDX-License-Identifier: Apache-2.0 */
/* Zones by name, and which offset a zone has when. */
#include <rookery/zone.h>

#include "error.h"
#include "local.h"
#include "zoneinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_NAME 64
#define MAX_PATH 1024

struct rk_zone *rk_zone_create(size_t n_changes)
{
	struct rk_zone *zone =
		calloc(1, sizeof(*zone) + n_changes * sizeof(zone->changes[0]));

	if (zone)
		zone->n_changes = n_changes;
	return zone;
}

void rk_zone_destroy(struct rk_zone *zone)
{
	free(zone);
}

/* ---- from its file ---------------------------------------------------------- */

static bool name_is_sound(const char *name)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_+-/";
	size_t n = strlen(name);

	return n > 0 && n <= MAX_NAME && strspn(name, letters) == n && name[0] != '/' &&
	       name[n - 1] != '/' && !strstr(name, "//");
}

/* Reads until the end, or until there is more than a zone may have. */
static int read_all(int fd, uint8_t *bytes, size_t *ret_n)
{
	size_t n = 0;

	while (n <= RK_ZONE_MAX_SIZE) {
		ssize_t got = read(fd, bytes + n, RK_ZONE_MAX_SIZE + 1 - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	*ret_n = n;
	return 0;
}

static int open_and_read(const char *path, uint8_t *bytes, size_t *ret_n)
{
	/* A pipe must not make it wait. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	int r;

	if (fd < 0)
		return -errno;
	r = fstat(fd, &status) < 0 ? -errno : 0;
	if (r == 0 && !S_ISREG(status.st_mode))
		r = -ENOENT;
	if (r == 0)
		r = read_all(fd, bytes, ret_n);
	close(fd);
	return r;
}

static int read_file(const char *name, const char *folder, struct rk_zone **ret_zone,
	struct rk_error *error)
{
	struct rk_error why;
	uint8_t *bytes = malloc(RK_ZONE_MAX_SIZE + 1);
	char path[MAX_PATH];
	size_t n = 0;
	int r = bytes ? 0 : -ENOMEM;

	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
		r = -ENAMETOOLONG;
	if (r == 0)
		r = open_and_read(path, bytes, &n);
	if (r == -ENOENT || r == -ENOTDIR) {
		rk_error_set(error, 0, 0, "there is no zone '%s' in %s", name, folder);
		r = -ENOENT;
	} else if (r < 0) {
		rk_error_set(error, 0, 0, "cannot read the zone '%s' in %s: %s", name,
			folder, strerrordesc_np(-r));
	} else {
		r = rk_zone_read(bytes, n, ret_zone, &why);
		if (r < 0)
			rk_error_set(error, 0, 0, "zone '%s' in %s: %s", name, folder,
				why.text);
	}
	free(bytes);
	return r;
}

int rk_zone_open(const char *name, const char *folder, struct rk_zone **ret_zone,
	struct rk_error *ret_error)
{
	char excerpt[RK_EXCERPT_SIZE];

	if (!name_is_sound(name)) {
		rk_error_set(ret_error, 0, 0,
			"'%s' is no name of a zone, such as 'Europe/Vienna'",
			rk_excerpt(excerpt, name, strlen(name)));
		return -EINVAL;
	}
	if (strcmp(name, "UTC") != 0)
		return read_file(
			name, folder ? folder : RK_ZONE_FOLDER, ret_zone, ret_error);
	*ret_zone = rk_zone_create(0);
	if (*ret_zone)
		return 0;
	rk_error_set(ret_error, 0, 0, "no memory for a zone");
	return -ENOMEM;
}

/* ---- which offset when ------------------------------------------------------- */

/* How many changes are not after this. */
static size_t changes_until(const struct rk_zone *zone, int64_t at_s)
{
	size_t low = 0, high = zone->n_changes;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->changes[middle].at_s <= at_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int32_t rk_zone_offset_at(const struct rk_zone *zone, int64_t at_s)
{
	struct rk_change before, after;
	size_t n;

	if (!zone)
		return 0;
	n = changes_until(zone, at_s);
	if (n == zone->n_changes && zone->has_footer) {
		if (!zone->footer.has_daylight)
			return zone->footer.standard_s;
		rk_tz_around(&zone->footer, at_s, &before, &after);
		return before.offset_s;
	}
	return n > 0 ? zone->changes[n - 1].offset_s : zone->first_offset_s;
}

bool rk_zone_next(const struct rk_zone *zone, int64_t after_s, int64_t *ret_at_s)
{
	struct rk_change before, after;
	size_t n;

	if (!zone)
		return false;
	n = changes_until(zone, after_s);
	if (n < zone->n_changes) {
		*ret_at_s = zone->changes[n].at_s;
		return true;
	}
	if (!zone->has_footer || !zone->footer.has_daylight)
		return false;
	rk_tz_around(&zone->footer, after_s, &before, &after);
	*ret_at_s = after.at_s;
	return true;
}

int32_t rk_zone_offset(const struct rk_zone *zone, int64_t ns)
{
	return rk_zone_offset_at(zone, rk_floor_seconds(ns));
}

struct rk_civil rk_zone_civil(const struct rk_zone *zone, int64_t ns)
{
	int64_t seconds = rk_floor_seconds(ns);
	struct rk_civil civil =
		rk_civil_from_seconds(seconds + rk_zone_offset_at(zone, seconds));

	civil.nanosecond = (int32_t)((ns % RK_SECOND + RK_SECOND) % RK_SECOND);
	return civil;
}
