/* A configuration, then behind a byte 0x1E a key file: used, or refused with a sentence. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "runtime/code.h"
#include "runtime/config.h"

#define BETWEEN 0x1E

static char folder[FILE_PATH_MAX], path[FILE_PATH_MAX + 40], keys[FILE_PATH_MAX + 40], key[FILE_PATH_MAX + 40];

static void
leave(void)
{
    unlink(path);
    unlink(key);
    rmdir(keys);
    rmdir(folder);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_use_memory();
    folder_make(folder, "config");
    umask(077);
    snprintf(path, sizeof(path), "%s/jineng.yaml", folder);
    snprintf(keys, sizeof(keys), "%s/keys", folder);
    snprintf(key, sizeof(key), "%s/keys/ledger.key", folder);
    mkdir(keys, 0700);
    atexit(leave);
    return 0;
}

/* What came of it keeps what config.h promises. */
static void
look_at(const struct jn_config *config)
{
    JN_ASSERT(config->peers_count <= JN_PEERS_MAX && config->agencies_count <= JN_AGENCIES_MAX);
    JN_ASSERT(!config->production || !config->driven_clock);
    for (size_t i = 0; i < config->peers_count; i++)
        JN_ASSERT(jn_config_peer(config, config->peers[i].name) == &config->peers[i]);
    for (size_t i = 0; i < config->agencies_count; i++) {
        const struct jn_agency *agency = &config->agencies[i];

        JN_ASSERT(jn_config_agency(config, agency->key) == agency);
        JN_ASSERT(jn_config_agency_named(config, agency->name) == agency);
        JN_ASSERT(agency->divisions_count <= JN_AGENCY_DIVISIONS);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct jn_config config;
    const uint8_t *between = size ? memchr(data, BETWEEN, size) : NULL;
    size_t length = between ? (size_t)(between - data) : size;
    char error[JN_CONFIG_ERROR];
    struct jn_keypair pair;

    file_write(path, data, length);
    if (jn_config_load(path, &config, error))
        look_at(&config);
    else
        JN_ASSERT(*error);
    if (!between)
        return 0;
    file_write(key, between + 1, size - length - 1);
    if (!jn_keypair_load(folder, "ledger", &pair, error))
        JN_ASSERT(*error);
    return 0;
}
