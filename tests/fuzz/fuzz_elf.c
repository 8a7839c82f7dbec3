/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a shared object: the look at it ends and touches nothing behind it. */
#include "base/buffer.h"
#include "host/elf.h"
#include "memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory_file file = memory_file_make(data, size);
	struct buffer why = { 0 };

	(void)elf_check(file.path, &why);
	buffer_finish(&why);
	close(file.fd);
	return 0;
}
