/* What tests of the bank's files begin with. */
#include "bank_given.h"

#include <stdio.h>
#include <stdlib.h>

#include <libxml/xmlschemas.h>

#include "domain/date.h"

static struct bank_payment payments[3] = {
    {101, 60000, {"某某培训学校", "13050161000000001", "313121006888"}, "培训费"},
    {102, 1, {"陈小明", "6222020402001234567", ""}, ""},
    {103, 123456, {"\"A&B\" <Skills>, Ltd", "6217000000100000656", "河北银行"}, "生活费, 交通费"}};

int
given_open(void **state)
{
    struct given *g = calloc(1, sizeof(*g));
    struct bank_faults faults = {.count = 0};

    assert_non_null(g);
    jn_arena_open(&g->arena, BANK_MEMORY_BYTES);
    g->order.batch = 12;
    date_parse("2020-03-02", &g->order.day);
    g->order.payer = (struct bank_party){"石家庄市人力资源和社会保障局", "13001615108050001234", "105121000012"};
    g->order.rows = payments;
    g->order.rows_count = 3;
    assert_true(bank_order_check(&g->arena, &g->order, &faults));
    for (size_t i = 0; i < 3; i++)
        g->known[i] = (struct bank_known){.claim = payments[i].claim,
                                          .amount_fen = payments[i].amount_fen,
                                          .state = BANK_OPEN,
                                          .payee = payments[i].payee};
    g->batch = (struct bank_batch){12, g->known, 3};
    *state = g;
    return 0;
}

int
given_close(void **state)
{
    struct given *g = *state;

    assert_false(g->arena.spent);
    jn_arena_close(&g->arena);
    free(g);
    return 0;
}

struct bank_bytes
given_text(const char *text)
{
    return (struct bank_bytes){text, strlen(text)};
}

static void
complain(void *context, const char *format, ...)
{
    va_list arguments;

    (void)context;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
}

void
given_valid(const struct bank_bytes *file, const char *schema)
{
    char path[512];
    xmlSchemaParserCtxtPtr parser;
    xmlSchemaValidCtxtPtr valid;
    xmlSchemaPtr compiled;
    xmlDocPtr document;

    snprintf(path, sizeof(path), "%s/%s.xsd", BANK_SCHEMAS, schema);
    parser = xmlSchemaNewParserCtxt(path);
    assert_non_null(parser);
    compiled = xmlSchemaParse(parser);
    assert_non_null(compiled);
    valid = xmlSchemaNewValidCtxt(compiled);
    xmlSchemaSetValidErrors(valid, complain, complain, NULL);
    document = xmlReadMemory(file->bytes, (int)file->length, NULL, NULL, XML_PARSE_NONET);
    assert_non_null(document);
    assert_int_equal(xmlSchemaValidateDoc(valid, document), 0);
    xmlFreeDoc(document);
    xmlSchemaFreeValidCtxt(valid);
    xmlSchemaFree(compiled);
    xmlSchemaFreeParserCtxt(parser);
}

bool
given_has(const struct bank_bytes *file, const char *text)
{
    return memmem(file->bytes, file->length, text, strlen(text)) != NULL;
}

struct bank_bytes
given_with(struct given *g, struct bank_bytes file, const char *from, const char *to)
{
    const char *at = memmem(file.bytes, file.length, from, strlen(from));
    size_t before = at ? (size_t)(at - file.bytes) : 0, behind = file.length - before - strlen(from);
    char *bytes = jn_arena_take(&g->arena, file.length + strlen(to) + 1);

    if (!at)
        fail_msg("%s is not in the file", from);
    memcpy(bytes, file.bytes, before);
    memcpy(bytes + before, to, strlen(to));
    memcpy(bytes + before + strlen(to), at + strlen(from), behind);
    return (struct bank_bytes){bytes, before + strlen(to) + behind};
}

struct bank_bytes
given_with_all(struct given *g, struct bank_bytes file, const char *from, const char *to)
{
    assert_null(strstr(to, from));
    do
        file = given_with(g, file, from, to);
    while (memmem(file.bytes, file.length, from, strlen(from)));
    return file;
}

struct bank_bytes
given_answer(struct given *g, enum bank_format format, enum bank_encoding encoding, enum bank_class fault)
{
    const struct bank_simulation simulation = {.format = format, .encoding = encoding, .fault = fault};
    const char *unfit = NULL;
    const struct bank_bytes *file = bank_simulate(&g->arena, &g->order, &simulation, &unfit);

    if (!file)
        fail_msg("%s", unfit);
    return *file;
}

const struct bank_answer *
given_read(struct given *g, struct bank_bytes file)
{
    g->fault = (struct bank_fault){.class = BANK_CLASS_NONE};
    return bank_answer_read(&g->arena, file, BANK_ENCODING_ANY, &g->fault);
}

const struct bank_answer *
given_reconciled(struct given *g, struct bank_bytes file)
{
    const struct bank_answer *answer = given_read(g, file);

    if (!answer)
        fail_msg("refused: %s, line %zu, %s, found %s", bank_classes[g->fault.class].name, g->fault.line, g->fault.what,
                 g->fault.found);
    bank_reconcile(&g->arena, answer, &g->batch, &g->what);
    return answer;
}

enum bank_class
given_only_fault(const struct given *g, const struct bank_answer *answer)
{
    assert_true(answer->faults.count + g->what.faults.count <= 1);
    if (answer->faults.count)
        return answer->faults.list[0].class;
    return g->what.faults.count ? g->what.faults.list[0].class : BANK_CLASS_NONE;
}

int
given_offer(const struct given *g, uint64_t claim)
{
    for (size_t i = 0; i < g->what.offers_count; i++)
        if (g->what.offers[i].claim == claim)
            return g->what.offers[i].paid;
    return -1;
}
