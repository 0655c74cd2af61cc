/* Runs the policy commands, and the files that must be refused: each is a good file with one text replaced by another.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "subsidy/policy/cases/cases.h"
#include "subsidy/policy/command.h"
#include "subsidy/policy/pack.h"
#include "subsidy/policy/review/review.h"
#include "subsidy/policy/file/pack_file.h"
#include "subsidy/policy/file/pack_words.h"
#include "subsidy/policy/file/source.h"

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

/* What every kind of step says, one phrase each: a step that nobody tells, or that the pack does not know, fails. */
static const char *const phrases[][2] = {
    {"group and occasion fit", "人员类别和培训情形符合"},
    {"no policy is in force", "无现行政策"},
    {": met.", "：符合。"},
    {": not met.", "：不符合。"},
    {"none of college_graduate, farmer may be there", "不得属于高校毕业生、职业农民"},
    {"not known yet: the age", "尚不明确：年龄"},
    {"the requirement on the age is not for this person", "本项关于年龄的要求不适用"},
    {"class-hours of the course: 39; no row of the table fits", "培训课时为39，无对应档次"},
    {"catalogue training_prices, for the occupation: 2000.00 yuan", "培训补贴标准目录，该职业标准：2000.00元"},
    {"catalogue level_prices has no amount for the occupation", "分等级培训补贴标准目录中无该职业（及等级）的标准"},
    {"the surcharge (500.00) does not apply", "加发（500.00）不适用"},
    {"at the rate of the figure of table by_shortage (the shortage class: scarce, 80.00 %)",
     "按比例乘以分档标准 by_shortage（"},
    {"take the amount of the table (attended days 12: 10 x 50.00 + 2 x 30.00): 560.00 yuan",
     "取定额（出勤天数12：10×50.00+2×30.00），得560.00元"},
    {"take the amount of the table (class-hours of the course: the row from 80 on, 1000.00 yuan): 1000.00 yuan",
     "取定额（培训课时：80起的一档，1000.00元），得1000.00元"},
    {"2500.00 yuan were paid ahead and 1500.00 are earned; of the other 1000.00 yuan 100.00 % is asked back: 1000.00 "
     "yuan",
     "已预拨2500.00元，应得1500.00元，其余1000.00元按100.00%追回，计1000.00元"},
    {"800.01 yuan were paid ahead and 0.00 are earned; of the other 800.01 yuan 50.00 % is asked back: 400.00 yuan",
     "已预拨800.01元，应得0.00元，其余800.01元按50.00%追回，计400.00元"},
    {"of 6000.00 yuan up to 50.00 % may be paid ahead: 3000.00 yuan", "6000.00元中至多50.00%可预拨，计3000.00元"},
    {"1200.00 were paid before, and the 1800.00 yuan that were left went to other items of this training",
     "已支付1200.00元，余下1800.00元已由本次培训其他项目占用，无余额"},
    {"0 found in the history, fewer than", "0笔既往记录计入，少于"},
    {"of 3000.00 yuan in the calendar year 1500.01 are left; that is enough",
     "上限3000.00元（当年），余额1500.01元，足额"},
    {"within 36 months 999.99 are left; it is cut to that", "上限10000.00元（36个月内），余额999.99元，按余额核减"},
    {"5000.00 were paid before; nothing is left", "上限5000.00元（累计），已支付5000.00元，无余额"},
    {"what was paid before (amounts", "既往支付情况（金额"},
    {"job start bonus is due, which excludes it", "与就业奖励不可兼得"},
    {"the outcome counts through 2023-02-28; what came later does not", "培训结果认定至2023-02-28止，逾期部分不计"},
    {"months of social insurance paid counts through 2023-03-31", "社会保险缴费月数认定至2023-03-31止"},
    {"nothing that excludes it is due", "无不可兼得的项目"},
    {"1 found in the history, 1 are enough; the limit bites", "既往记录1笔，达到1笔即受限，受限"},
};

static int
told(const char *packs, char *const *files, int count)
{
    static char said[2][4 << 20];
    int missing = 0;

    for (int language = 0; language < 2; language++) {
        FILE *out = fmemopen(said[language], sizeof(said[language]), "w");

        for (int i = 0; out && i < count; i++)
            missing += cases_explain(packs, files[i], language ? TRACE_CHINESE : TRACE_ENGLISH, out);
        if (!out || fclose(out) != 0 || strstr(said[language], language ? "不属于本政策包" : "a step of another pack"))
            missing++;
        for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++)
            if (!strstr(said[language], phrases[i][language])) {
                printf("nothing says \"%s\"\n", phrases[i][language]);
                missing++;
            }
    }
    printf("%zu kinds of step told in two languages, %d not\n", sizeof(phrases) / sizeof(phrases[0]), missing);
    return missing > 0;
}

/* ---- The whole of a pack, printed ---- */

static size_t
packed(const Policy__Pack *pack, uint8_t **out)
{
    size_t length = policy__pack__get_packed_size(pack);

    *out = malloc(length + 1);
    return *out ? policy__pack__pack(pack, *out) : 0;
}

/* Is the pack that was read from what was printed the same, but that it amends none? */
static bool
same(Policy__Pack *printed, Policy__Pack *pack)
{
    char *none = printed->amends;
    uint8_t *one, *other;
    size_t length, length_other;
    bool good;

    printed->amends = pack->amends;
    length = packed(printed, &one);
    length_other = packed(pack, &other);
    good = length && length == length_other && !memcmp(one, other, length);
    printed->amends = none;
    free(one);
    free(other);
    return good;
}

static bool
printed_is_the_same(const char *path)
{
    char scratch[] = "/tmp/jineng-policy-XXXXXX", shown[sizeof(scratch) + 16], fault[PACK_FAULT_MAX] = "";
    struct pack_file *file = pack_file_open(path, fault, sizeof(fault));
    FILE *out = NULL;
    Policy__Pack *printed = NULL;
    bool good;

    if (file && mkdtemp(scratch)) {
        snprintf(shown, sizeof(shown), "%s/shown", scratch);
        out = fopen(shown, "wb");
    }
    if (out) {
        pack_file_show(file, out);
        fclose(out);
        printed = pack_load(shown, fault, sizeof(fault));
        unlink(shown);
        rmdir(scratch);
    }
    good = printed && same(printed, file->pack);
    if (!good)
        printf("%s: what is shown is not the pack: %s\n", path, fault);
    pack_free(printed);
    pack_file_close(file);
    return good;
}

static int
whole(char *const *files, int count)
{
    int wrong = 0;

    for (int i = 0; i < count; i++)
        wrong += !printed_is_the_same(files[i]);
    printf("%d packs shown, %d not the same\n", count, wrong);
    return wrong > 0;
}

/* ---- The schema page ---- */

struct page {
    char *text;
    size_t words, missing;
};

/* As a word of its own, not as a part of another. */
static bool
has_word(const char *text, const char *word, size_t length)
{
    static const char in[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    const char *end = text + length;

    for (const char *at = text; (at = memmem(at, (size_t)(end - at), word, strlen(word))); at++)
        if ((at == text || !strchr(in, at[-1])) && (!at[strlen(word)] || !strchr(in, at[strlen(word)])))
            return true;
    return false;
}

/* A key of amending packs stands in the row of how it is amended, every other word somewhere. */
static void
on_page(void *context, const char *vocabulary, const char *word, const char *zh)
{
    struct page *page = context;
    char row[80] = "";
    const char *from = page->text;
    size_t length = strlen(page->text);

    if (!strcmp(vocabulary, "amending")) {
        snprintf(row, sizeof(row), "\n| %s | ", zh);
        from = strstr(page->text, row);
        length = from ? strcspn(from + 1, "\n") + 1 : 0;
    }
    page->words++;
    if (from && has_word(from, word, length))
        return;
    printf("the page does not have %s %s%s%s\n", vocabulary, word, *row ? ": " : "", *row ? zh : "");
    page->missing++;
}

static int
page(const char *path)
{
    char fault[400];
    struct source source;
    struct page page = {.words = 0};

    if (!source_open(&source, path, fault, sizeof(fault)))
        return 1;
    page.text = strndup((const char *)source.text, source.size);
    source_close(&source);
    if (!page.text)
        return 1;
    pack_words(on_page, &page);
    free(page.text);
    printf("%zu words, %zu not on the page\n", page.words, page.missing);
    return page.missing > 0;
}

int
main(int argc, char **argv)
{
    if (argc > 2 && !strcmp(argv[1], "whole"))
        return whole(argv + 2, argc - 2);
    if (argc == 3 && !strcmp(argv[1], "page"))
        return page(argv[2]);
    if (argc > 3 && !strcmp(argv[1], "told"))
        return told(argv[2], argv + 3, argc - 3);
    if (argc == 4 && !strcmp(argv[1], "bad-packs"))
        return bad_files(NULL, argv[2], argv[3]);
    if (argc == 4 && !strcmp(argv[1], "doubtful"))
        return bad_files(REVIEWED, argv[2], argv[3]);
    if (argc == 4 && !strcmp(argv[1], "bad-cases"))
        return bad_files(argv[2], ".", argv[3]);
    return policy_command(argc, argv);
}
