/* SPDX-License-Identifier: Apache-2.0 */
/* rk.state/1: the collector's state, as the instance's runs see and change it. A
 * change goes into the working state and, packed, into the open part; where that is
 * dropped, the working state goes back to what was committed (instance.c). */
#include "extensions.h"
#include "internal.h"

#include <rookery/ext/state.h>

#include <errno.h>
#include <string.h>

static int get_locked(
	const struct instance *instance, struct slice key, void *buffer, size_t size)
{
	struct slice value = state_get(&instance->working, key);

	if (!value.at)
		return -ENOENT;
	if (!buffer)
		return (int)value.n;
	if (value.n > size)
		return -ENOSPC;
	memcpy(buffer, value.at, value.n);
	return (int)value.n;
}

static int ext_get(const struct rk_host *host, const char *key, void *buffer, size_t size)
{
	struct instance *instance = host->impl;
	int r;

	if (!state_key_is_sound(slice_of(key)))
		return -EINVAL;
	pthread_mutex_lock(&instance->lock);
	r = get_locked(instance, slice_of(key), buffer, size);
	pthread_mutex_unlock(&instance->lock);
	return r;
}

static int set_locked(struct rk_run *run, struct slice key, struct slice value)
{
	struct instance *instance = run->instance;
	struct slice before = state_get(&instance->working, key);
	struct part *part;
	int r = instance_check_run(run);

	if (r < 0)
		return r;
	/* What stays as it is makes no part. */
	if (before.at && slice_equal(before, value))
		return 0;
	part = instance_open_part(instance);
	if (!part)
		return -ENOMEM;
	if (!part_has_room_for_state(part, key.n + value.n))
		return -E2BIG;
	r = state_set(&instance->working, key, value);
	if (r < 0)
		return r == -E2BIG ? -ENOSPC : r;
	state_pack_set(&part->state, key, value);
	return part_failed(part) ? -ENOMEM : 0;
}

static int ext_set(struct rk_run *run, const char *key, const void *value, size_t size)
{
	int r;

	if (!state_key_is_sound(slice_of(key)) || size > STATE_MAX_VALUE)
		return -EINVAL;
	pthread_mutex_lock(&run->instance->lock);
	r = set_locked(run, slice_of(key), (struct slice){ value, size });
	pthread_mutex_unlock(&run->instance->lock);
	return r;
}

static int remove_locked(struct rk_run *run, struct slice key)
{
	struct instance *instance = run->instance;
	struct part *part;
	int r = instance_check_run(run);

	if (r < 0)
		return r;
	if (!state_get(&instance->working, key).at)
		return 0;
	part = instance_open_part(instance);
	if (!part)
		return -ENOMEM;
	if (!part_has_room_for_state(part, key.n))
		return -E2BIG;
	state_remove(&instance->working, key);
	state_pack_remove(&part->state, key);
	return part_failed(part) ? -ENOMEM : 0;
}

static int ext_remove(struct rk_run *run, const char *key)
{
	int r;

	if (!state_key_is_sound(slice_of(key)))
		return -EINVAL;
	pthread_mutex_lock(&run->instance->lock);
	r = remove_locked(run, slice_of(key));
	pthread_mutex_unlock(&run->instance->lock);
	return r;
}

const struct rk_state ext_state = {
	.size = sizeof(struct rk_state),
	.get = ext_get,
	.set = ext_set,
	.remove = ext_remove,
};
