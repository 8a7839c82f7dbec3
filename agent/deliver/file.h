/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The `file` transport: appends batches to files, whose names may carry the time.
 * A batch is safe after fdatasync. Its note holds path, inode and offset, so that
 * after a crash the file is cut back to where the batch began.
 */
#ifndef DELIVER_FILE_H
#define DELIVER_FILE_H

#include "sink.h"

extern const struct transport transport_file;

#endif
