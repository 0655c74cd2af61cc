/* What LMDB does not look after itself. */
#include "runtime/pages.h"

#include <sys/stat.h>

size_t
jn_pages_used(MDB_env *env)
{
    MDB_envinfo info;
    MDB_stat stat;

    if (mdb_env_info(env, &info) != 0 || mdb_env_stat(env, &stat) != 0)
        return 0;
    return (info.me_last_pgno + 1) * stat.ms_psize;
}

bool
jn_pages_over(MDB_env *env, unsigned percent)
{
    MDB_envinfo info;

    return mdb_env_info(env, &info) == 0 && jn_pages_used(env) > info.me_mapsize / 100 * percent;
}

const char *
jn_pages_fault(MDB_env *env)
{
    struct stat st;
    int file;

    if (mdb_env_get_fd(env, &file) != 0 || fstat(file, &st) != 0)
        return "its file cannot be looked at";
    if ((size_t)st.st_size < jn_pages_used(env))
        return "its file was cut short; restore it from a backup";
    return NULL;
}
