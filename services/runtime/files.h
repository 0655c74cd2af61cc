/* Files that must last: synced, copied, with the folder that names them. */
#ifndef RUNTIME_FILES_H
#define RUNTIME_FILES_H

#include <stdbool.h>
#include <sys/types.h>

/* Each is false with errno where the disk said no. */
bool jn_files_sync(const char *path);
bool jn_files_sync_dir(const char *dir);
/* A synced copy under a name that is not yet taken; the folder of `to` is the caller's to sync. */
bool jn_files_copy(const char *from, const char *to, mode_t mode);

#endif
