/* Answers (回单): the file's kind found, its rows collected. */
#include <stdlib.h>
#include <string.h>

#include "bank/parts.h"
#include "bank/xml.h"

bool
bank_answer_add(struct jn_arena *arena, struct bank_answer *answer, const struct bank_row *row,
                struct bank_fault *fault)
{
    struct bank_fault *other;

    if (answer->batch && row->batch != answer->batch) {
        other = bank_fault_add(arena, &answer->faults, BANK_WRONG_BATCH);
        other->line = row->line;
        other->row = true;
        other->batch = row->batch;
        other->claim = row->claim;
        return true;
    }
    if (answer->rows_count == BANK_ROWS_MAX)
        return bank_malformed(fault, row->line, "too many rows 行数过多");
    answer->rows = bank_room(arena, answer->rows, answer->rows_count, &answer->rows_room, sizeof(*answer->rows));
    answer->rows[answer->rows_count++] = *row;
    return true;
}

struct bank_fault *
bank_answer_fault(struct jn_arena *arena, struct bank_answer *answer, enum bank_class class, size_t line,
                  const char *reference)
{
    struct bank_fault *fault = bank_fault_add(arena, &answer->faults, class);

    fault->line = line;
    fault->row = bank_reference_row_read(reference, &fault->batch, &fault->claim);
    return fault;
}

static bool
read_xml(struct jn_arena *arena, const struct bank_bytes *text, struct bank_answer *answer, struct bank_fault *fault)
{
    static const struct {
        const char *space;
        enum bank_format format;
        bool (*read)(struct jn_arena *arena, const struct bank_bytes *text, struct bank_answer *answer,
                     struct bank_fault *fault);
    } kinds[] = {{PAIN002_SPACE, BANK_PAIN002, pain002_read}, {CAMT053_SPACE, BANK_CAMT053, camt053_read}};
    const char *space = bank_xml_namespace(arena, text, fault);

    for (size_t i = 0; space && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(space, kinds[i].space))
            continue;
        answer->format = kinds[i].format;
        return kinds[i].read(arena, text, answer, fault);
    }
    return space && bank_malformed(fault, 1,
                                   "neither pain.002.001.10 nor camt.053.001.08 (the namespace says so) "
                                   "既非pain.002.001.10也非camt.053.001.08（见命名空间）");
}

/* What the XML declaration says of its encoding; ANY where nothing. False where it is one that we do not take. */
static bool
declared(struct bank_bytes file, enum bank_encoding *out)
{
    static const struct {
        const char *name;
        enum bank_encoding encoding;
    } names[] = {
        {"UTF-8", BANK_UTF8}, {"US-ASCII", BANK_UTF8}, {"GBK", BANK_GBK}, {"GB2312", BANK_GBK}, {"GB18030", BANK_GBK}};
    char line[160] = "", *at, *end;

    *out = BANK_ENCODING_ANY;
    if (file.length < 5 || memcmp(file.bytes, "<?xml", 5))
        return true;
    memcpy(line, file.bytes, file.length < sizeof(line) - 1 ? file.length : sizeof(line) - 1);
    end = strstr(line, "?>");
    at = strstr(line, "encoding");
    if (!end || !at || at > end)
        return true;
    at += strcspn(at, "\"'");
    end = *at ? strchr(at + 1, *at) : NULL;
    if (!end)
        return true;
    *end = '\0';
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcasecmp(names[i].name, at + 1))
            continue;
        *out = names[i].encoding;
        return true;
    }
    return false;
}

struct bank_answer *
bank_answer_read(struct jn_arena *arena, struct bank_bytes file, enum bank_encoding encoding, struct bank_fault *fault)
{
    struct bank_answer *answer = jn_arena_take(arena, sizeof(*answer));
    const struct bank_bytes *text;
    enum bank_encoding said;

    *answer = (struct bank_answer){.count = -1, .total_fen = -1, .rest_code = "", .rest_words = ""};
    if (file.length > BANK_FILE_BYTES_MAX) {
        bank_malformed(fault, 0, "the file is over 8 MiB 文件超过8 MiB");
        return NULL;
    }
    if (!declared(file, &said)) {
        *fault = (struct bank_fault){.class = BANK_WRONG_ENCODING, .line = 1, .what = "encoding"};
        return NULL;
    }
    answer->encoding = encoding == BANK_ENCODING_ANY ? said : encoding;
    text = bank_text_decode(arena, file, &answer->encoding, fault);
    if (!text)
        return NULL;
    if (text->bytes[strspn(text->bytes, " \t\r\n")] == '<')
        return read_xml(arena, text, answer, fault) ? answer : NULL;
    answer->format = BANK_CSV;
    return result_csv_read(arena, text, answer, fault) ? answer : NULL;
}

/* ---- Of which batches ---- */

static int
by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

size_t
bank_answer_batches(struct jn_arena *arena, const struct bank_answer *answer, uint64_t **batches)
{
    uint64_t *all = jn_arena_take(arena, (answer->rows_count + 1) * sizeof(*all));
    size_t count = 0, kept = 0;

    if (answer->batch)
        all[count++] = answer->batch;
    for (size_t i = 0; i < answer->rows_count; i++)
        all[count++] = answer->rows[i].batch;
    qsort(all, count, sizeof(*all), by_number);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || all[i] != all[kept - 1])
            all[kept++] = all[i];
    *batches = all;
    return kept;
}
