/* SPDX-License-Identifier: Apache-2.0 */
#include "units.h"

#include "machine.h"
#include "monotonic.h"
#include "options.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* systemd answers in a few milliseconds, unless it is about to reload. */
#define UNITS_TIMEOUT_NS (2 * NS_PER_SECOND)

enum { STRUCT_ALIGNMENT = 8 };

static const char *const state_names[UNIT_STATES] = { "active", "reloading", "inactive",
	"failed", "activating", "deactivating", "maintenance" };

bool units_begin(const struct dbus_message *message, struct dbus_reader *ret_list)
{
	struct dbus_reader body = message->body;

	return strcmp(message->signature, "a(ssssssouso)") == 0 &&
	       dbus_read_array(&body, STRUCT_ALIGNMENT, ret_list);
}

/* A unit is name, description, load state, active state, sub state, whom it follows,
 * path, number of its job, type of the job, path of the job. */
bool unit_next(struct dbus_reader *list, struct unit *ret_unit)
{
	const char *texts[9];
	uint32_t job;
	bool read = list->at < list->end && dbus_read_struct(list);

	for (size_t i = 0; i < 7 && read; i++)
		read = dbus_read_text(list, &texts[i]);
	read = read && dbus_read_u32(list, &job);
	for (size_t i = 7; i < 9 && read; i++)
		read = dbus_read_text(list, &texts[i]);
	if (!read)
		return false;
	*ret_unit = (struct unit){ .name = texts[0], .active_state = texts[3] };
	return true;
}

static void report_unit(
	struct report *report, struct member *member, const struct unit *unit)
{
	for (size_t i = 0; i < UNIT_STATES; i++) {
		const struct rk_label labels[] = {
			{ LABEL_UNIT, member->key },
			{ LABEL_UNIT_STATE, state_names[i] },
		};

		report_level(report,
			report_series(report, &member->handles[i], METRIC_UNIT_STATE,
				labels, RK_LEN(labels)),
			strcmp(unit->active_state, state_names[i]) == 0, 0);
	}
}

static void report_units(struct units *units, const struct machine *machine,
	struct report *report, struct dbus_reader *list)
{
	uint64_t counts[UNIT_STATES] = { 0 };
	struct unit unit;

	roster_begin(&units->names, UNIT_STATES, 0);
	while (unit_next(list, &unit)) {
		struct member *member =
			roster_take(&units->names, unit.name, strlen(unit.name));

		for (size_t i = 0; i < UNIT_STATES; i++)
			counts[i] += strcmp(unit.active_state, state_names[i]) == 0;
		if (member && member->fresh)
			member->wanted =
				label_fits(unit.name) &&
				filter_takes(&machine->settings->units.names, unit.name);
		if (member && member->wanted)
			report_unit(report, member, &unit);
	}
	roster_end(&units->names, report);
	for (size_t i = 0; i < UNIT_STATES; i++) {
		const struct rk_label label = { LABEL_UNIT_STATE, state_names[i] };

		report_amount(report,
			report_series(
				report, &units->counts[i], METRIC_UNIT_COUNT, &label, 1),
			counts[i]);
	}
}

/* A bus without systemd, as in some containers, is a machine without units. */
static int explain(struct report *report, int r, const struct dbus_message *message)
{
	const char *name =
		r == -EREMOTEIO && message->error_name ? message->error_name : NULL;

	if (!name)
		return report_fail(
			report, r, "cannot ask systemd for its units: %s", strerror(-r));
	if (strcmp(name, "org.freedesktop.DBus.Error.ServiceUnknown") == 0 ||
		strcmp(name, "org.freedesktop.DBus.Error.NameHasNoOwner") == 0)
		r = -ENOENT;
	else if (strcmp(name, "org.freedesktop.DBus.Error.AccessDenied") == 0)
		r = -EACCES;
	return report_fail(report, r, "systemd answers '%s'", name);
}

static int units_collect(void *state, struct machine *machine, struct report *report)
{
	static const struct dbus_call list_units = {
		.destination = "org.freedesktop.systemd1",
		.path = "/org/freedesktop/systemd1",
		.interface = "org.freedesktop.systemd1.Manager",
		.member = "ListUnits",
	};
	struct units *units = state;
	struct dbus_message message = { .signature = "" };
	struct dbus_reader list;
	char path[MACHINE_PATH_SIZE];
	int r = machine_path(machine, "/run/systemd/system", path);

	/* sd_booted(3) */
	if (r == 0 && access(path, F_OK) < 0)
		r = -ENOENT;
	if (r < 0)
		return report_fail(report, r, "systemd does not run here");
	r = machine_path(machine, "/run/dbus/system_bus_socket", path);
	channel_bound(&units->bus.channel, monotonic_ns() + UNITS_TIMEOUT_NS, report);
	if (r == 0)
		r = bus_call(&units->bus, path, &list_units, &machine->text, &message);
	if (r < 0)
		return explain(report, r, &message);
	if (!units_begin(&message, &list))
		return report_fail(report, -EPROTO, "systemd's list of units is none");
	report_units(units, machine, report, &list);
	return 0;
}

static void units_finish(void *state)
{
	struct units *units = state;

	bus_close(&units->bus);
	roster_finish(&units->names);
}

const struct part units_part = {
	.name = "units",
	.collect = units_collect,
	.finish = units_finish,
};
