/* A folder read whole, or not at all. */
#include "cli/campaign/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHIJIAZHUANG 130100u

static void
open_indexes(struct reader *reader)
{
    struct arena *arena = &reader->arena;

    reader->division_of = index_new(arena);
    reader->institution_of = index_new(arena);
    reader->project_of = index_new(arena);
    reader->class_of = index_new(arena);
    reader->person_of = index_new(arena);
    reader->standard_of = index_new(arena);
    reader->reference_of = index_new(arena);
    reader->sheet_of = index_new(arena);
}

/* The indexes serve the reading alone; afterwards everything is a number. */
static void
close_indexes(struct reader *reader)
{
    struct index *indexes[] = {reader->division_of, reader->institution_of, reader->project_of,   reader->class_of,
                               reader->person_of,   reader->standard_of,    reader->reference_of, reader->sheet_of};

    for (size_t i = 0; i < sizeof(indexes) / sizeof(indexes[0]); i++)
        index_free(indexes[i]);
}

static bool
read_sheets(struct reader *reader, const char *folder)
{
    struct campaign_stop *stop = reader->stop;
    int directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = true;

    if (directory < 0) {
        snprintf(stop->reason, sizeof(stop->reason), "the folder cannot be opened 无法打开目录：%s", strerror(errno));
        return false;
    }
    for (unsigned file = 0; file < CAMPAIGN_FILES && good; file++)
        good = sheet_read(reader, directory, (enum campaign_file)file);
    close(directory);
    return good;
}

struct campaign *
campaign_read(const char *folder, const struct campaign_options *options, struct campaign_stop *stop)
{
    struct reader *reader = calloc(1, sizeof(*reader));
    struct campaign *c = calloc(1, sizeof(*c));
    bool good;

    *stop = (struct campaign_stop){0};
    if (!reader || !c) {
        snprintf(stop->reason, sizeof(stop->reason), "out of memory 内存不足");
        free(reader);
        free(c);
        return NULL;
    }
    *reader = (struct reader){.campaign = c, .stop = stop};
    if (options)
        reader->options = *options;
    if (reader->options.city == 0)
        reader->options.city = SHIJIAZHUANG;
    c->private_ = reader;
    open_indexes(reader);
    good = read_sheets(reader, folder);
    close_indexes(reader);
    if (!good) {
        campaign_free(c);
        return NULL;
    }
    rejections_finish(reader);
    digest_folder(reader);
    return c;
}

void
campaign_free(struct campaign *c)
{
    struct reader *reader;

    if (!c)
        return;
    reader = c->private_;
    arena_free(&reader->arena);
    free(reader);
    free(c->divisions);
    free(c->appropriations);
    free(c->standards);
    free(c->references);
    free(c->institutions);
    free(c->certifies);
    free(c->projects);
    free(c->classes);
    free(c->settling);
    free(c->people);
    free(c->roster);
    free(c->sheets);
    free(c->absent);
    free(c->results);
    free(c->attestations);
    free(c->history);
    free(c->enterprise_history);
    free(c->rejections);
    free(c->notes);
    free(c);
}
