/* Rows set aside, with file, line, column and reason, and the file that lists them. */
#include "cli/campaign/reader.h"

#include <csv.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A cell, or the policy's sentence about a standard. */
#define DETAIL_BYTES 220

static void
append(struct reader *reader, struct campaign_rejection rejection)
{
    struct campaign *c = reader->campaign;

    APPEND(c->rejections, rejection);
    c->rejected_of[rejection.file]++;
}

/* Columns slip. Eleven digits in a row may be somebody's phone, number or account; in the sheets about people, from the
 * roster on, what is not ASCII may be somebody's name. */
static bool
may_name_a_person(enum campaign_file file, const char *text)
{
    int run = 0;

    for (; *text && run < 11; text++) {
        if (file >= CAMPAIGN_ROSTER && (unsigned char)*text >= 0x80)
            return true;
        run = *text >= '0' && *text <= '9' ? run + 1 : 0;
    }
    return run >= 11;
}

bool
reject(const struct row *row, int column, const char *reason, const char *detail)
{
    struct reader *reader = row->reader;
    const char *text = reason; /* most reasons are constants */
    char whole[384];

    if (detail && *detail && strlen(detail) <= DETAIL_BYTES && !may_name_a_person(reader->file, detail)) {
        snprintf(whole, sizeof(whole), "%s: %s", reason, detail);
        text = arena_copy(&reader->arena, whole);
    }
    append(reader, (struct campaign_rejection){.file = reader->file,
                                               .line = row->line,
                                               .column = column < 0 ? "" : reader->headers[reader->file][column],
                                               .reason = text});
    return false;
}

void
reject_line(struct reader *reader, enum campaign_file file, uint32_t line, int column, const char *reason)
{
    append(reader, (struct campaign_rejection){
                       .file = file, .line = line, .column = reader->headers[file][column], .reason = reason});
}

void
note(const struct row *row, const char *format, ...)
{
    struct campaign *c = row->reader->campaign;
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    APPEND(c->notes, ((struct campaign_note){
                         .file = row->reader->file, .line = row->line, .text = arena_copy(&row->reader->arena, text)}));
}

static int
by_place(const void *a, const void *b)
{
    const struct campaign_rejection *left = a;
    const struct campaign_rejection *right = b;

    if (left->file != right->file)
        return left->file < right->file ? -1 : 1;
    return (left->line > right->line) - (left->line < right->line);
}

void
rejections_finish(struct reader *reader)
{
    struct campaign *c = reader->campaign;

    if (c->rejections_count > 1)
        qsort(c->rejections, c->rejections_count, sizeof(*c->rejections), by_place);
}

static bool
write_rows(const struct campaign *c, FILE *out)
{
    fputs("file,line,column,reason\n", out);
    for (uint32_t i = 0; i < c->rejections_count; i++) {
        const struct campaign_rejection *row = &c->rejections[i];

        fprintf(out, "%s,%" PRIu32 ",", campaign_file_name(row->file), row->line);
        csv_fwrite(out, row->column, strlen(row->column));
        fputc(',', out);
        csv_fwrite(out, row->reason, strlen(row->reason));
        fputc('\n', out);
    }
    return fflush(out) == 0 && !ferror(out) && fsync(fileno(out)) == 0;
}

/* The name is only durable once its directory is. */
static bool
sync_directory_of(const char *path)
{
    char copy[PATH_MAX];
    bool good;
    int fd;

    if ((size_t)snprintf(copy, sizeof(copy), "%s", path) >= sizeof(copy)) {
        errno = ENAMETOOLONG;
        return false;
    }
    fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    good = fsync(fd) == 0;
    close(fd);
    return good;
}

bool
campaign_write_rejected(const struct campaign *c, const char *path)
{
    char temporary[PATH_MAX];
    FILE *out;
    bool good;
    int fd;

    if ((size_t)snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= sizeof(temporary)) {
        errno = ENAMETOOLONG;
        return false;
    }
    fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return false;
    out = fdopen(fd, "w");
    good = out && write_rows(c, out);
    if (out)
        good = fclose(out) == 0 && good;
    else
        close(fd);
    if (good && rename(temporary, path) == 0)
        return sync_directory_of(path);
    unlink(temporary);
    return false;
}
