/* A file of policy cases, run against the city's pack and explained. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "runtime/code.h"
#include "subsidy/policy/cases/cases.h"

static char path[FILE_PATH_MAX];

static void
leave(void)
{
    unlink(path);
    *strrchr(path, '/') = '\0';
    rmdir(path);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_use_memory();
    folder_make(path, "cases");
    strcat(path, "/cases.yaml");
    atexit(leave);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const files[] = {path};
    char *said = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&said, &length);

    JN_ASSERT(out);
    file_write(path, data, size);
    cases_run(FUZZ_PACKS, files, 1, out);
    cases_explain(FUZZ_PACKS, path, size % 2 ? TRACE_ENGLISH : TRACE_CHINESE, out);
    fclose(out);
    JN_ASSERT(length > 0);
    free(said);
    return 0;
}
