/* SPDX-License-Identifier: Apache-2.0 */
/* The layout is that of the System V ABI, "Object Files", in elf(5). */
#include "elf.h"

#include "base/cleanup.h"
#include "base/file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_SEGMENTS 64

static bool lies_within(uint64_t offset, uint64_t size, uint64_t file_size)
{
	return offset <= file_size && size <= file_size - offset;
}

static int refuse(struct buffer *why, const char *what, uint64_t size)
{
	buffer_append_format(
		why, "the file is damaged: %s beyond its %" PRIu64 " bytes", what, size);
	return -ENOEXEC;
}

static int check_header(const ElfW(Ehdr) * header, uint64_t size, struct buffer *why)
{
	if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
		header->e_ident[EI_CLASS] !=
			(sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
		header->e_type != ET_DYN || header->e_phentsize != sizeof(ElfW(Phdr))) {
		buffer_append_text(why, "it is no shared object of this machine");
		return -ENOEXEC;
	}
	if (header->e_phnum == 0 || header->e_phnum > MAX_SEGMENTS ||
		!lies_within(header->e_phoff,
			header->e_phnum * (uint64_t)sizeof(ElfW(Phdr)), size))
		return refuse(why, "its table of segments goes", size);
	if (header->e_shoff > 0 &&
		!lies_within(header->e_shoff,
			header->e_shnum * (uint64_t)header->e_shentsize, size))
		return refuse(why, "its table of sections goes", size);
	return 0;
}

static int check_segments(
	int fd, const ElfW(Ehdr) * header, uint64_t size, struct buffer *why)
{
	ElfW(Phdr) segments[MAX_SEGMENTS];
	size_t bytes = header->e_phnum * sizeof(segments[0]);

	if (file_read_at(fd, segments, bytes, (off_t)header->e_phoff) != (ssize_t)bytes)
		return refuse(why, "its table of segments goes", size);
	for (size_t i = 0; i < header->e_phnum; i++) {
		if (segments[i].p_type != PT_NULL &&
			!lies_within(segments[i].p_offset, segments[i].p_filesz, size))
			return refuse(why, "one of its segments goes", size);
	}
	return 0;
}

int elf_check(const char *path, struct buffer *why)
{
	CLEANUP_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
	ElfW(Ehdr) header;
	struct stat status;
	ssize_t n;
	int r;

	if (fd < 0 || fstat(fd, &status) < 0) {
		r = -errno;
		buffer_append_format(why, "cannot read it: %s", strerror(-r));
		return r;
	}
	n = file_read_at(fd, &header, sizeof(header), 0);
	if (n < (ssize_t)sizeof(header))
		return refuse(why, "its header goes", (uint64_t)status.st_size);
	r = check_header(&header, (uint64_t)status.st_size, why);
	if (r < 0)
		return r;
	return check_segments(fd, &header, (uint64_t)status.st_size, why);
}
