/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which files a plugin may open, by landlock: what every program needs, what is
 * configured, and what its needs name. A rule is about a file or a folder and not about
 * a name, so it holds for what is there now; what is not there is passed over.
 *
 * Landlock knows what is allowed and nothing that is not. So where everything may be
 * read but what is hidden, the folders above the hidden are opened entry by entry.
 */
#include "sandbox_internal.h"

#include "base/buffer.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/macros.h"
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>

enum { MAX_DEPTH = 32 }; /* of hidden folders */

static const uint64_t ACCESS_READ = LANDLOCK_READ_FILE | LANDLOCK_READ_DIR;
static const uint64_t ACCESS_DEVICE =
	LANDLOCK_READ_FILE | LANDLOCK_WRITE_FILE | LANDLOCK_TRUNCATE | LANDLOCK_IOCTL_DEV;
/* Not MAKE_CHAR and MAKE_BLOCK. */
static const uint64_t ACCESS_WRITE =
	LANDLOCK_READ_FILE | LANDLOCK_READ_DIR | LANDLOCK_WRITE_FILE | LANDLOCK_TRUNCATE |
	LANDLOCK_REMOVE_DIR | LANDLOCK_REMOVE_FILE | LANDLOCK_MAKE_DIR |
	LANDLOCK_MAKE_REG | LANDLOCK_MAKE_SOCK | LANDLOCK_MAKE_FIFO | LANDLOCK_MAKE_SYM |
	LANDLOCK_REFER;
static const uint64_t ACCESS_ALL =
	LANDLOCK_EXECUTE | LANDLOCK_WRITE_FILE | LANDLOCK_READ_FILE | LANDLOCK_READ_DIR |
	LANDLOCK_REMOVE_DIR | LANDLOCK_REMOVE_FILE | LANDLOCK_MAKE_CHAR |
	LANDLOCK_MAKE_DIR | LANDLOCK_MAKE_REG | LANDLOCK_MAKE_SOCK | LANDLOCK_MAKE_FIFO |
	LANDLOCK_MAKE_BLOCK | LANDLOCK_MAKE_SYM | LANDLOCK_REFER | LANDLOCK_TRUNCATE |
	LANDLOCK_IOCTL_DEV;

/* Read by plugins with this need; 0: by all. docs/ISOLATION.md has this list. */
static const struct {
	uint32_t needs;
	const char *path;
} readable[] = {
	{ 0, "/proc" },
	{ 0, "/sys" },
	/* libraries, and what the C library and OpenSSL read of their own accord */
	{ 0, "/lib" },
	{ 0, "/lib32" },
	{ 0, "/lib64" },
	{ 0, "/usr/lib" },
	{ 0, "/usr/lib32" },
	{ 0, "/usr/lib64" },
	{ 0, "/usr/local/lib" },
	{ 0, "/etc/ld.so.cache" },
	{ 0, "/etc/ld.so.preload" },
	{ 0, "/etc/localtime" },
	{ 0, "/etc/locale.alias" },
	{ 0, "/etc/nsswitch.conf" },
	{ 0, "/etc/ssl/openssl.cnf" },
	{ 0, "/usr/share/i18n" },
	{ 0, "/usr/share/locale" },
	{ 0, "/usr/share/zoneinfo" },
	{ 0, "/dev/full" },
	{ 0, "/dev/random" },
	{ 0, "/dev/urandom" },
	{ 0, "/dev/zero" },
	/* names of machines, and whom to trust */
	{ RK_NEED_NET, "/etc/gai.conf" },
	{ RK_NEED_NET, "/etc/host.conf" },
	{ RK_NEED_NET, "/etc/hosts" },
	{ RK_NEED_NET, "/etc/protocols" },
	{ RK_NEED_NET, "/etc/resolv.conf" },
	{ RK_NEED_NET, "/etc/services" },
	{ RK_NEED_NET, "/run/NetworkManager" },
	{ RK_NEED_NET, "/run/resolvconf" },
	{ RK_NEED_NET, "/run/systemd/resolve" },
	{ RK_NEED_NET, "/etc/ca-certificates" },
	{ RK_NEED_NET, "/etc/crypto-policies" },
	{ RK_NEED_NET, "/etc/pki/ca-trust" },
	{ RK_NEED_NET, "/etc/pki/tls/cert.pem" },
	{ RK_NEED_NET, "/etc/pki/tls/certs" },
	{ RK_NEED_NET, "/etc/ssl/cert.pem" },
	{ RK_NEED_NET, "/etc/ssl/certs" },
	{ RK_NEED_NET, "/usr/local/share/ca-certificates" },
	{ RK_NEED_NET, "/usr/share/ca-certificates" },
	{ RK_NEED_NET, "/usr/share/crypto-policies" },
	/* programs and what they bring with them */
	{ RK_NEED_EXEC, "/bin" },
	{ RK_NEED_EXEC, "/opt" },
	{ RK_NEED_EXEC, "/sbin" },
	{ RK_NEED_EXEC, "/usr" },
};

struct grants {
	const struct sandbox_options *options;
	int rules;
	uint64_t handled; /* what of files this kernel can refuse */
	int r;            /* the first failure */
};

/* ---- one path ------------------------------------------------------------ */

/* False where it is not there, or cannot be looked at. flags: O_NOFOLLOW: the link itself
 * where it is one. */
static bool allow_as(struct grants *grants, const char *path, int flags, uint64_t access)
{
	CLEANUP_CLOSE int fd = open(path, O_PATH | O_CLOEXEC | flags);

	if (fd < 0)
		return false;
	if (grants->r == 0)
		grants->r = landlock_allow(grants->rules, fd, access & grants->handled);
	return true;
}

static bool allow(struct grants *grants, const char *path, uint64_t access)
{
	return allow_as(grants, path, 0, access);
}

/* ---- everything but what is hidden --------------------------------------- */

enum relation { APART, HIDDEN, ABOVE };

/* What a path is to the hidden ones: none of them, one or below one, or above one. */
static enum relation relation(const struct sandbox_options *options, const char *path)
{
	size_t n = strcmp(path, "/") == 0 ? 0 : strlen(path);
	enum relation found = APART;

	for (size_t i = 0; i < options->n_hidden; i++) {
		const char *hidden = options->hidden[i];
		size_t m = strlen(hidden);

		if (m <= n && strncmp(path, hidden, m) == 0 &&
			(path[m] == '\0' || path[m] == '/'))
			return HIDDEN;
		if (strncmp(path, hidden, n) == 0 && hidden[n] == '/')
			found = ABOVE;
	}
	return found;
}

static void allow_unhidden(struct grants *grants, const char *path, int depth);

static void allow_entries(struct grants *grants, const char *path, int depth)
{
	CLEANUP_CLOSEDIR DIR *folder = opendir(path);
	const struct dirent *entry;

	if (!folder || depth > MAX_DEPTH)
		return;
	while ((entry = readdir(folder))) {
		CLEANUP_FREE char *below = NULL;

		/* What a link leads to is granted, or not, where it is. */
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
			entry->d_type == DT_LNK)
			continue;
		below = path_join(strcmp(path, "/") == 0 ? "" : path, entry->d_name);
		if (!below)
			grants->r = -ENOMEM;
		else
			allow_unhidden(grants, below, depth + 1);
	}
}

static void allow_unhidden(struct grants *grants, const char *path, int depth)
{
	switch (relation(grants->options, path)) {
	case APART:
		allow_as(grants, path, O_NOFOLLOW, ACCESS_READ);
		break;
	case ABOVE:
		/* Names are no secret: stat tells them anyway. */
		allow_as(grants, path, O_NOFOLLOW, LANDLOCK_READ_DIR);
		allow_entries(grants, path, depth);
		break;
	case HIDDEN:
		break;
	}
}

/* ---- all of them --------------------------------------------------------- */

static void allow_configured(struct grants *grants, struct buffer *missing)
{
	const struct sandbox_options *options = grants->options;

	for (size_t i = 0; i < options->n_paths; i++) {
		const struct sandbox_path *path = &options->paths[i];

		/* Presets name what is not on all machines. */
		if (!allow(grants, path->path,
			    path->write ? ACCESS_WRITE : ACCESS_READ) &&
			errno != ENOENT)
			buffer_append_format(missing, "'%s' cannot be granted: %s\n",
				path->path, strerror(errno));
	}
	if ((options->needs & RK_NEED_WRITE) && options->state_folder &&
		!allow(grants, options->state_folder, ACCESS_WRITE))
		grants->r = -errno;
	if (options->plugin >= 0 && grants->r == 0)
		grants->r = landlock_allow(
			grants->rules, options->plugin, LANDLOCK_READ_FILE);
}

/* Libraries that are loaded already may come from a folder of their own. */
static int allow_library(struct dl_phdr_info *library, size_t size, void *context)
{
	(void)size;
	if (library->dlpi_name && library->dlpi_name[0] == '/')
		allow(context, library->dlpi_name, LANDLOCK_READ_FILE);
	return 0;
}

static void allow_all(struct grants *grants, struct buffer *missing)
{
	uint32_t needs = grants->options->needs;

	for (size_t i = 0; i < LENGTH(readable); i++) {
		if (!readable[i].needs || (readable[i].needs & needs))
			allow(grants, readable[i].path, ACCESS_READ);
	}
	allow(grants, "/dev/null", ACCESS_DEVICE);
	dl_iterate_phdr(allow_library, grants);
	if (needs & RK_NEED_EXEC)
		allow(grants, "/", LANDLOCK_EXECUTE);
	if (needs & RK_NEED_FILES)
		allow_unhidden(grants, "/", 0);
	allow_configured(grants, missing);
}

/* What an older landlock does not keep anybody from. */
static void tell_what_lacks(int abi, uint32_t needs, struct buffer *missing)
{
	static const struct {
		int abi;
		uint32_t needs; /* matters to these alone; 0: to all */
		const char *what;
	} lacks[] = {
		{ 1, 0, "landlock (Linux 5.13): plugins read all files of their user" },
		{ 3, 0,
			"landlock's truncation (Linux 6.2): plugins empty files that "
			"they may read" },
		{ 5, RK_NEED_FILES,
			"landlock's ioctl (Linux 6.10): plugins control devices that "
			"they may read" },
		{ 6, RK_NEED_EXEC,
			"landlock's scopes (Linux 6.12): programs of plugins signal "
			"others of their user" },
	};

	for (size_t i = 0; i < LENGTH(lacks); i++) {
		if (abi < lacks[i].abi && (!lacks[i].needs || (lacks[i].needs & needs)))
			buffer_append_format(
				missing, "the kernel lacks %s\n", lacks[i].what);
		if (abi == 0)
			return;
	}
}

int sandbox_confine_paths(
	const struct sandbox_options *options, struct buffer *missing, struct buffer *why)
{
	uint32_t needs = options->needs;
	struct landlock handled = {
		.files = ACCESS_ALL,
		.network = (needs & RK_NEED_NET)
				   ? 0
				   : LANDLOCK_BIND_TCP | LANDLOCK_CONNECT_TCP,
		.scoped = LANDLOCK_SIGNAL |
			  ((needs & RK_NEED_UNIX) ? 0 : LANDLOCK_ABSTRACT_UNIX),
	};
	struct grants grants = { .options = options };
	CLEANUP_CLOSE int rules = -1;
	int abi = landlock_abi();

	tell_what_lacks(abi, needs, missing);
	if (abi == 0)
		return 0;
	rules = landlock_create(&handled, abi);
	if (rules >= 0) {
		grants.rules = rules;
		grants.handled = handled.files;
		allow_all(&grants, missing);
		if (grants.r == 0)
			grants.r = landlock_enter(rules);
	} else {
		grants.r = rules;
	}
	if (grants.r < 0)
		buffer_append_format(
			why, "cannot confine files: %s", strerror(-grants.r));
	return grants.r;
}
