/* The sheets of a folder: which there are, and how one is opened, digested and read. */
#include "cli/campaign/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 1 GiB is 8 million roster rows of 130 bytes. A row has two bytes or more, so rows and lines count in 32 bits. */
#define FILE_BYTES_MAX ((off_t)1 << 30)

static const struct sheet *const sheets[CAMPAIGN_FILES] = {
    [CAMPAIGN_DIVISIONS] = &divisions_sheet,
    [CAMPAIGN_APPROPRIATIONS] = &appropriations_sheet,
    [CAMPAIGN_STANDARDS] = &standards_sheet,
    [CAMPAIGN_REFERENCES] = &references_sheet,
    [CAMPAIGN_INSTITUTIONS] = &institutions_sheet,
    [CAMPAIGN_PROJECTS] = &projects_sheet,
    [CAMPAIGN_CLASSES] = &classes_sheet,
    [CAMPAIGN_ROSTER] = &roster_sheet,
    [CAMPAIGN_ATTENDANCE] = &attendance_sheet,
    [CAMPAIGN_RESULTS] = &results_sheet,
    [CAMPAIGN_ATTESTATIONS] = &attestations_sheet,
    [CAMPAIGN_HISTORY] = &history_sheet,
    [CAMPAIGN_ENTERPRISE_HISTORY] = &enterprise_history_sheet,
};

const char *
campaign_file_name(enum campaign_file file)
{
    return sheets[file]->name;
}

bool
sheet_stop(struct reader *reader, uint32_t line, const char *column, const char *reason)
{
    struct campaign_stop *out = reader->stop;

    snprintf(out->file, sizeof(out->file), "%s", sheets[reader->file]->name);
    snprintf(out->column, sizeof(out->column), "%s", column);
    snprintf(out->reason, sizeof(out->reason), "%s", reason);
    out->line = line;
    return false;
}

static bool
read_open(struct reader *reader, const struct sheet *sheet, FILE *file)
{
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    bool good;

    if (!digest || EVP_DigestInit_ex(digest, EVP_sm3(), NULL) != 1) {
        EVP_MD_CTX_free(digest);
        return sheet_stop(reader, 0, "", "the digest SM3 is not to be had from libcrypto 无法使用SM3算法");
    }
    good = sheet_parse(reader, sheet, file, digest);
    EVP_DigestFinal_ex(digest, reader->digests[reader->file], NULL);
    EVP_MD_CTX_free(digest);
    if (good && sheet->finish)
        sheet->finish(reader);
    reader->present[reader->file] = good;
    return good;
}

bool
sheet_read(struct reader *reader, int folder, enum campaign_file file)
{
    const struct sheet *sheet = sheets[file];
    struct stat status;
    FILE *stream;
    bool good;
    int fd;

    reader->file = file;
    /* O_NONBLOCK: a pipe in the folder must not hold us up before it is found to be none of ours. */
    fd = openat(folder, sheet->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT && !sheet->required)
        return true;
    if (fd < 0)
        return sheet_stop(reader, 0, "",
                          errno == ENOENT ? "the file is missing: add it 缺少该文件，请补充" : strerror(errno));
    if (fstat(fd, &status) || !S_ISREG(status.st_mode) || status.st_size > FILE_BYTES_MAX) {
        close(fd);
        return sheet_stop(reader, 0, "", "no plain file of at most 1 GiB 不是普通文件或超过1GiB");
    }
    stream = fdopen(fd, "r");
    if (!stream) {
        close(fd);
        return sheet_stop(reader, 0, "", strerror(errno));
    }
    good = read_open(reader, sheet, stream);
    fclose(stream);
    return good;
}
