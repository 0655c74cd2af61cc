/* A service's report over its tables as they stand at one moment. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "runtime/store_mark.h"

/* What a report may keep, and read of one thing: some GiB, of which it touches what it needs. */
#define REPORT_CAP ((size_t)8 << 30)

void *
jn_report_keep(struct jn_report *report, size_t bytes)
{
    return jn_arena_take(report->kept, bytes ? bytes : 1);
}

void
jn_report_forget(struct jn_report *report)
{
    jn_arena_reset(report->scratch);
}

/* Half-written tables open without complaint: only those that a service would trust are read. */
static struct jn_tables *
open_tables(const struct jn_service *service, const char *dir, uint32_t map_gib, char error[JN_ERROR_TEXT])
{
    struct jn_store store = {.lock = -1};
    char path[JN_PATH_MAX + 32];

    snprintf(store.dir, sizeof(store.dir), "%s", dir);
    snprintf(path, sizeof(path), "%s/tables/data.mdb", dir);
    if (access(path, F_OK) != 0 || !jn_tables_trusted(&store)) {
        snprintf(error, JN_ERROR_TEXT,
                 "the tables of %s in %s are not there, or not to be trusted: start it, so that "
                 "it makes them again",
                 service->name, dir);
        return NULL;
    }
    snprintf(path, sizeof(path), "%s/tables", dir);
    return jn_tables_open(path, service, map_gib, true, error);
}

/* Tables of another version have other rows under the same names. */
static bool
version_fits(struct jn_tables *tables)
{
    const struct jn_key key = JN_KEY(0);
    const Runtime__Mark *mark = jn_own_get(tables, TABLE_MARK, &key);

    return mark && mark->version == tables->service->version && mark->own == TABLES_OWN_VERSION;
}

static bool
pack(const ProtobufCMessage *reply, uint8_t **bytes, size_t *length)
{
    *length = protobuf_c_message_get_packed_size(reply);
    *bytes = malloc(*length + 1);
    JN_ASSERT(*bytes);
    protobuf_c_message_pack(reply, *bytes);
    return true;
}

static bool
say(const struct jn_service *service, struct jn_report *report, struct jn_tables *tables, const void *request,
    uint8_t **reply, size_t *reply_length, char error[JN_ERROR_TEXT])
{
    const ProtobufCMessage *said;

    if (!version_fits(tables)) {
        snprintf(error, JN_ERROR_TEXT,
                 "the tables are of another version: start the service, so that it makes them "
                 "again");
        return false;
    }
    said = service->report(report, request);
    if (tables->error || report->kept->spent || report->scratch->spent) {
        snprintf(error, JN_ERROR_TEXT, "the tables cannot be read to the end");
        return false;
    }
    return pack(said, reply, reply_length);
}

bool
jn_store_report(const struct jn_service *service, const char *dir, uint32_t map_gib, const uint8_t *request,
                size_t length, uint8_t **reply, size_t *reply_length, char error[JN_ERROR_TEXT])
{
    struct jn_arena kept, scratch;
    struct jn_report report = {.kept = &kept, .scratch = &scratch};
    struct jn_tables *tables = service->report ? open_tables(service, dir, map_gib, error) : NULL;
    const void *asked;
    bool done = false;

    if (!service->report)
        snprintf(error, JN_ERROR_TEXT, "%s makes no report", service->name);
    if (!tables)
        return false;
    jn_arena_open(&kept, REPORT_CAP);
    jn_arena_open(&scratch, REPORT_CAP);
    scratch.rows_bytes = REPORT_CAP;
    tables->arena = &scratch;
    jn_tables_begin(tables);
    report.view = jn_view_of(tables);
    asked = protobuf_c_message_unpack(service->report_request, &kept.allocator, length, request);
    if (asked)
        done = say(service, &report, tables, asked, reply, reply_length, error);
    else
        snprintf(error, JN_ERROR_TEXT, "the request cannot be read");
    jn_tables_close(tables);
    jn_arena_close(&scratch);
    jn_arena_close(&kept);
    return done;
}
