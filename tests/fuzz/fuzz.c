/* Files that live in memory. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/code.h"

#define MEMORY "/dev/shm"

void
fuzz_use_memory(void)
{
    if (!getenv("TMPDIR") && access(MEMORY, W_OK) == 0)
        setenv("TMPDIR", MEMORY, 1);
}

uint8_t *
file_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes;
    long end;

    if (!file)
        perror(path);
    JN_ASSERT(file && fseek(file, 0, SEEK_END) == 0);
    end = ftell(file);
    rewind(file);
    JN_ASSERT(end >= 0);
    bytes = malloc((size_t)end + 1);
    JN_ASSERT(bytes && fread(bytes, 1, (size_t)end, file) == (size_t)end);
    fclose(file);
    *size = (size_t)end;
    return bytes;
}

void
file_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    JN_ASSERT(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

static int
by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

size_t
folder_list(const char *path, char names[][FILE_NAME_MAX], size_t most)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    size_t count = 0;

    if (!folder)
        perror(path);
    JN_ASSERT(folder);
    while (count < most && (entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.' && strlen(entry->d_name) < FILE_NAME_MAX)
            snprintf(names[count++], FILE_NAME_MAX, "%.*s", FILE_NAME_MAX - 1, entry->d_name);
    }
    closedir(folder);
    qsort(names, count, FILE_NAME_MAX, by_name);
    return count;
}

void
folder_make(char path[FILE_PATH_MAX], const char *name)
{
    const char *root = getenv("TMPDIR");

    snprintf(path, FILE_PATH_MAX, "%.200s/jineng-%.40s-XXXXXX", root && *root ? root : "/tmp", name);
    JN_ASSERT(mkdtemp(path));
}
