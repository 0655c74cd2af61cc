/* The machines' disks: what the tables are told of them. Their fullness is the simulation's own, and nothing on them
 * outlasts a run. */
#include "simulation/sim.h"

#include <errno.h>
#include <lmdb.h>

/* The linker puts these in place of the library's. */
int __real_mdb_env_open(MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode);
int __wrap_mdb_env_open(MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode);
int __wrap_fallocate(int file, int mode, off_t offset, off_t length);

/* Pages are written in place: a call of the system for each took a third of a run. */
int
__wrap_mdb_env_open(MDB_env *env, const char *path, unsigned flags, mdb_mode_t mode)
{
    return __real_mdb_env_open(env, path, flags & MDB_RDONLY ? flags : flags | MDB_WRITEMAP, mode);
}

/* No room is set aside: sixteen MiB at each start took a fifth of a run. */
int
__wrap_fallocate(int file, int mode, off_t offset, off_t length)
{
    (void)file, (void)mode, (void)offset, (void)length;
    errno = EOPNOTSUPP;
    return -1;
}
