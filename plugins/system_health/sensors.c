/* SPDX-License-Identifier: Apache-2.0 */
#include "sensors.h"

#include "filter.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	SENSORS_LIMIT = 256,
	/* Sensors come with modules and hardware, so rarely. */
	SENSORS_WAIT = 60,
};

void sensors_finish(struct sensors *sensors)
{
	for (size_t i = 0; i < sensors->n; i++)
		source_close(&sensors->items[i].source);
	free(sensors->items);
	*sensors = (struct sensors){ 0 };
}

void sensors_expire(struct sensors *sensors)
{
	sensors->wait = 0;
}

/* One line of a small file, without its newline; empty where there is none that a
 * label can hold. */
static void read_line(int sys, const char *path, char to[SENSOR_TEXT_SIZE])
{
	int fd = openat(sys, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = -1;

	if (fd >= 0) {
		n = read(fd, to, SENSOR_TEXT_SIZE - 1);
		close(fd);
	}
	to[n > 0 ? n : 0] = '\0';
	to[strcspn(to, "\n")] = '\0';
	if (!label_fits(to))
		to[0] = '\0';
}

/* The name of the device that a class entry belongs to, which stays the same over
 * boots, unlike the entry's number; that of the entry where it has no device. */
static void read_device(int sys, const char *entry, char to[SENSOR_TEXT_SIZE])
{
	char path[SENSOR_TEXT_SIZE], target[PATH_MAX];
	const char *name = strrchr(entry, '/') + 1;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "%s/device", entry);
	n = readlinkat(sys, path, target, sizeof(target) - 1);
	if (n > 0) {
		target[n] = '\0';
		name = strrchr(target, '/') ? strrchr(target, '/') + 1 : target;
	}
	(void)snprintf(to, SENSOR_TEXT_SIZE, "%.100s", name);
}

static struct sensor *add(struct sensors *sensors)
{
	struct sensor *items;

	if (sensors->n == SENSORS_LIMIT)
		return NULL;
	items = realloc(sensors->items, (sensors->n + 1) * sizeof(*items));
	if (!items)
		return NULL;
	sensors->items = items;
	items[sensors->n] = (struct sensor){ 0 };
	return &items[sensors->n];
}

/* Counts a sensor as found, unless its texts cannot be labels or it is one that is
 * there already: two chips of one device. */
static void keep(struct sensors *sensors)
{
	const struct sensor *added = &sensors->items[sensors->n];

	if (!label_fits(added->id))
		return;
	for (size_t i = 0; i < sensors->n; i++) {
		if (strcmp(sensors->items[i].id, added->id) == 0)
			return;
	}
	sensors->n++;
}

/* "temp1_input" is a sensor of the chip whose folder is entry. */
static void add_of_chip(
	struct sensors *sensors, int sys, const char *entry, const char *file)
{
	char device[SENSOR_TEXT_SIZE], path[SENSOR_TEXT_SIZE];
	int size = (int)(strlen(file) - strlen("_input"));
	struct sensor *sensor;

	if (strncmp(file, "temp", 4) != 0 || size <= 4 || size > 20 ||
		strcmp(file + size, "_input") != 0)
		return;
	sensor = add(sensors);
	if (!sensor)
		return;
	read_device(sys, entry, device);
	(void)snprintf(sensor->path, sizeof(sensor->path), "%.64s/%.40s", entry, file);
	(void)snprintf(sensor->id, sizeof(sensor->id), "%.100s/%.*s", device, size, file);
	(void)snprintf(path, sizeof(path), "%s/name", entry);
	read_line(sys, path, sensor->parent);
	(void)snprintf(path, sizeof(path), "%s/%.*s_label", entry, size, file);
	read_line(sys, path, sensor->name);
	keep(sensors);
}

static void add_zone(struct sensors *sensors, int sys, const char *entry)
{
	char path[SENSOR_TEXT_SIZE];
	struct sensor *sensor = add(sensors);

	if (!sensor)
		return;
	(void)snprintf(sensor->path, sizeof(sensor->path), "%s/temp", entry);
	(void)snprintf(sensor->id, sizeof(sensor->id), "%.100s", strrchr(entry, '/') + 1);
	(void)snprintf(path, sizeof(path), "%s/type", entry);
	read_line(sys, path, sensor->name);
	keep(sensors);
}

static DIR *open_folder(int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;

	if (fd >= 0 && !folder)
		close(fd);
	return folder;
}

static void add_chip(struct sensors *sensors, int sys, const char *entry)
{
	DIR *folder = open_folder(sys, entry);
	const struct dirent *file;

	while (folder && (file = readdir(folder)))
		add_of_chip(sensors, sys, entry, file->d_name);
	if (folder)
		closedir(folder);
}

/* Goes through the entries of a class whose names begin as prefix says. */
static void add_class(struct sensors *sensors, int sys, const char *class_path,
	const char *prefix, void (*add_entry)(struct sensors *, int, const char *))
{
	DIR *folder = open_folder(sys, class_path);
	const struct dirent *item;
	char entry[SENSOR_TEXT_SIZE / 2];

	while (folder && (item = readdir(folder))) {
		if (strncmp(item->d_name, prefix, strlen(prefix)) != 0)
			continue;
		if (snprintf(entry, sizeof(entry), "%s/%s", class_path, item->d_name) <
			(int)sizeof(entry))
			add_entry(sensors, sys, entry);
	}
	if (folder)
		closedir(folder);
}

/* Sensors that are still there keep their series; those that went are forgotten. */
static void take_over(struct sensors *sensors, struct sensors *old, struct report *report)
{
	for (size_t i = 0; i < old->n; i++) {
		struct sensor *before = &old->items[i];

		for (size_t k = 0; k < sensors->n; k++) {
			struct sensor *now = &sensors->items[k];

			if (strcmp(now->id, before->id) == 0 &&
				strcmp(now->name, before->name) == 0 &&
				strcmp(now->parent, before->parent) == 0) {
				now->handle = before->handle;
				before->handle = (struct handle){ 0 };
			}
		}
		report_forget(report, &before->handle);
	}
	sensors_finish(old);
}

int sensors_refresh(struct sensors *sensors, int sys, struct report *report)
{
	struct sensors old = *sensors;

	if (sensors->wait > 0) {
		sensors->wait--;
		return 0;
	}
	*sensors = (struct sensors){ .wait = SENSORS_WAIT };
	add_class(sensors, sys, "class/hwmon", "hwmon", add_chip);
	/* Where there is hwmon, the zones come again among its chips. */
	if (sensors->n == 0)
		add_class(sensors, sys, "class/thermal", "thermal_zone", add_zone);
	take_over(sensors, &old, report);
	return sensors->n > 0 ? 0 : -ENOENT;
}
