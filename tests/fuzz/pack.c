/* A policy pack as a file: refused with a sentence, or good; a good one is the same after the wire. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "runtime/code.h"
#include "subsidy/policy/pack.h"

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
    folder_make(path, "pack");
    strcat(path, "/pack.yaml");
    atexit(leave);
    return 0;
}

static void
over_the_wire(const Policy__Pack *pack)
{
    size_t length = policy__pack__get_packed_size(pack);
    uint8_t *sent = malloc(length + 1), *again = malloc(length + 1);
    struct pack_fault fault;
    Policy__Pack *came;

    JN_ASSERT(sent && again);
    policy__pack__pack(pack, sent);
    came = policy__pack__unpack(NULL, length, sent);
    JN_ASSERT(came && pack_check(came, &fault));
    JN_ASSERT(policy__pack__get_packed_size(came) == length);
    policy__pack__pack(came, again);
    JN_ASSERT(memcmp(sent, again, length) == 0);
    policy__pack__free_unpacked(came, NULL);
    free(sent);
    free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char fault[600] = "";
    Policy__Pack *pack;

    file_write(path, data, size);
    pack = pack_load(path, fault, sizeof(fault));
    JN_ASSERT(pack || *fault);
    if (pack)
        over_the_wire(pack);
    pack_free(pack);
    return 0;
}
