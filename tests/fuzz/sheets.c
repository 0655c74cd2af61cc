/* A campaign's folder of sheets: one after the other, in the order of enum campaign_file, with a byte 0x1E between
 * them; one of no bytes is not there. Read or stopped with a sentence; what was read is asked for everything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/campaign/campaign.h"
#include "fuzz.h"
#include "runtime/code.h"
#include "subsidy/policy/pack.h"

#define BETWEEN 0x1E

static char folder[FILE_PATH_MAX];
static Policy__Pack *pack;

static void
path_of(enum campaign_file file, char path[FILE_PATH_MAX + 40])
{
    snprintf(path, FILE_PATH_MAX + 40, "%s/%s", folder, campaign_file_name(file));
}

static void
leave(void)
{
    char path[FILE_PATH_MAX + 40];

    for (unsigned file = 0; file < CAMPAIGN_FILES; file++) {
        path_of((enum campaign_file)file, path);
        unlink(path);
    }
    snprintf(path, sizeof(path), "%s/rejected.csv", folder);
    unlink(path);
    rmdir(folder);
    pack_free(pack);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    char fault[400];

    (void)argc;
    (void)argv;
    fuzz_use_memory();
    folder_make(folder, "sheets");
    pack = pack_load(FUZZ_PACKS "/shijiazhuang-2019.yaml", fault, sizeof(fault));
    JN_ASSERT(pack);
    atexit(leave);
    return 0;
}

static void
write_sheets(const uint8_t *data, size_t size)
{
    char path[FILE_PATH_MAX + 40];

    for (unsigned file = 0; file < CAMPAIGN_FILES; file++) {
        const uint8_t *between = size ? memchr(data, BETWEEN, size) : NULL;
        size_t length = between ? (size_t)(between - data) : size;

        path_of((enum campaign_file)file, path);
        if (length > 0)
            file_write(path, data, length);
        else
            unlink(path);
        length += between ? 1 : 0;
        data += length;
        size -= length;
    }
}

static const char *
standard_fault(void *context, int item, int level, int64_t figure)
{
    static char text[400];

    (void)context;
    return pack_standard_fault(pack, item, (uint32_t)level, figure, text, sizeof(text));
}

static void
ask(const struct campaign *campaign)
{
    char path[FILE_PATH_MAX + 40];
    uint32_t rejected = 0;

    for (uint32_t i = 0; i < campaign->classes_count; i++)
        JN_ASSERT(campaign_years(campaign, i) <= campaign_months(campaign, i) / 12);
    for (uint32_t i = 0; i < campaign->roster_count; i++) {
        uint32_t class = campaign->roster[i].class_;

        JN_ASSERT(campaign_row_of(campaign, class, campaign->roster[i].person) == i);
        JN_ASSERT(campaign_rank(campaign, i) < campaign->roster_count);
        campaign_days(campaign, i);
        campaign_attested_groups(campaign, i);
    }
    for (unsigned file = 0; file < CAMPAIGN_FILES; file++)
        rejected += campaign->rejected_of[file];
    JN_ASSERT(rejected == campaign->rejections_count);
    snprintf(path, sizeof(path), "%s/rejected.csv", folder);
    JN_ASSERT(campaign_write_rejected(campaign, path));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct campaign_options options = {.standard_fault = standard_fault};
    struct campaign_stop stop;
    struct campaign *campaign;

    write_sheets(data, size);
    campaign = campaign_read(folder, &options, &stop);
    JN_ASSERT(campaign || *stop.reason);
    if (campaign)
        ask(campaign);
    campaign_free(campaign);
    return 0;
}
