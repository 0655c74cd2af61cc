/* Runs the policy commands, and the files that must be refused: each is a good file with one text replaced by another.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "subsidy/policy/cases.h"
#include "subsidy/policy/command.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/review.h"
#include "subsidy/policy/source.h"

struct edit {
    char *name, *replace, *with, *expect;
    char *beside, *standards; /* another pack of the folder, and a sheet of standards, to be reviewed with it */
};

struct edits {
    char *file;
    struct edit *edits;
    uint32_t count;
};

#define TEXT(key, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 0, 2000)

static const cyaml_schema_field_t edit_keys[] = {
    TEXT("name", struct edit, name),
    TEXT("replace", struct edit, replace),
    TEXT("with", struct edit, with),
    TEXT("expect", struct edit, expect),
    CYAML_FIELD_STRING_PTR("beside", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct edit, beside, 0, 200),
    CYAML_FIELD_STRING_PTR("standards", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct edit, standards, 0, 2000),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t edit = {CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct edit, edit_keys)};
static const cyaml_schema_field_t edits_keys[] = {
    TEXT("file", struct edits, file),
    CYAML_FIELD_SEQUENCE_COUNT("edits", CYAML_FLAG_POINTER, struct edits, edits, count, &edit, 1, 1000),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t edits_schema = {CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct edits, edits_keys)};

/* The good file with the first `replace` replaced, written to a file of its own; false where it does not occur. */
static bool
edited(const struct source *good, const struct edit *one, const char *path)
{
    const char *place = memmem(good->text, good->size, one->replace, strlen(one->replace));
    FILE *file = place ? fopen(path, "wb") : NULL;
    size_t before, after;

    if (!file)
        return false;
    before = (size_t)(place - (const char *)good->text);
    after = before + strlen(one->replace);
    fwrite(good->text, 1, before, file);
    fputs(one->with, file);
    fwrite(good->text + after, 1, good->size - after, file);
    return fclose(file) == 0;
}

/* In place of a folder of packs: the file is one, and is reviewed. */
static const char REVIEWED[] = "";

/* What a tool says to the file. */
static void
says(const char *packs, const char *path, char *said, size_t size)
{
    const char *const files[] = {path};
    FILE *out;

    if (!packs) {
        pack_free(pack_load(path, said, size));
        return;
    }
    out = fmemopen(said, size, "w");
    if (out) {
        cases_run(packs, files, 1, out);
        fclose(out);
    }
}

/* What the review says to the file. */
static void
reviewed(const char *scratch, const char *path, const struct edit *one, char *said, size_t size)
{
    char beside[PATH_MAX], sheet[PATH_MAX];
    const char *const files[] = {path, beside};
    FILE *out;

    snprintf(beside, sizeof(beside), "%s/%s", scratch, one->beside ? one->beside : "");
    snprintf(sheet, sizeof(sheet), "%s/sheet", scratch);
    out = one->standards ? fopen(sheet, "wb") : NULL;
    if (out) {
        fputs(one->standards, out);
        fclose(out);
    }
    out = fmemopen(said, size, "w");
    if (out) {
        review(files, one->beside ? 2 : 1, one->standards ? sheet : NULL, out);
        fclose(out);
    }
    if (one->standards)
        unlink(sheet);
}

/* A folder of its own with links to its neighbours, so that a pack finds the one that it amends; or, with `away`, gone.
 */
static void
neighbours(const char *folder, const char *scratch, bool away)
{
    char from[PATH_MAX], to[PATH_MAX];
    DIR *all = opendir(folder);

    for (struct dirent *one; all && (one = readdir(all));) {
        if (*one->d_name == '.' || !realpath(folder, from))
            continue;
        snprintf(from + strlen(from), sizeof(from) - strlen(from), "/%s", one->d_name);
        snprintf(to, sizeof(to), "%s/%s", scratch, one->d_name);
        if (away ? unlink(to) : symlink(from, to))
            fprintf(stderr, "%s: cannot be linked\n", to);
    }
    if (all)
        closedir(all);
}

static bool
refused(const struct source *good, const char *folder, const char *packs, const struct edit *one)
{
    char scratch[] = "/tmp/jineng-policy-XXXXXX", path[sizeof(scratch) + 16], said[4000] = "";
    bool right;

    if (!mkdtemp(scratch))
        return false;
    snprintf(path, sizeof(path), "%s/edited", scratch);
    neighbours(folder, scratch, false);
    if (!edited(good, one, path))
        snprintf(said, sizeof(said), "the text to be replaced does not occur");
    else if (packs == REVIEWED)
        reviewed(scratch, path, one, said, sizeof(said));
    else
        says(packs, path, said, sizeof(said));
    right = strstr(said, one->expect) && strstr(said, one->standards ? scratch : path);
    if (!right)
        printf("%s: expected \"%s\", came \"%s\"\n", one->name, one->expect, said);
    unlink(path);
    neighbours(folder, scratch, true);
    rmdir(scratch);
    return right;
}

static int
bad_files(const char *packs, const char *folder, const char *list)
{
    char fault[400] = "", path[4096];
    struct source source, good;
    struct edits *edits =
        source_open(&source, list, fault, sizeof(fault)) ? source_load(&source, &edits_schema, 0) : NULL;
    size_t wrong = 0;

    if (!edits) {
        printf("%s\n", fault);
        return 1;
    }
    snprintf(path, sizeof(path), "%s/%s", folder, edits->file);
    if (source_open(&good, path, fault, sizeof(fault))) {
        for (uint32_t i = 0; i < edits->count; i++)
            wrong += !refused(&good, folder, packs, &edits->edits[i]);
        source_close(&good);
    } else {
        printf("%s\n", fault);
        wrong = 1;
    }
    printf("%u refused as they must be, %zu not\n", edits->count - (unsigned)wrong, wrong);
    source_free(&edits_schema, edits);
    source_close(&source);
    return wrong > 0;
}

int
main(int argc, char **argv)
{
    if (argc == 4 && !strcmp(argv[1], "bad-packs"))
        return bad_files(NULL, argv[2], argv[3]);
    if (argc == 4 && !strcmp(argv[1], "doubtful"))
        return bad_files(REVIEWED, argv[2], argv[3]);
    if (argc == 4 && !strcmp(argv[1], "bad-cases"))
        return bad_files(argv[2], ".", argv[3]);
    return policy_command(argc, argv);
}
